import { json, mediaType, ProviderDouble } from './provider_double.mjs';

const error = (status, code, message) => json(status, { error: { message, type: 'OAuthException', code, fbtrace_id: 'A0' } });

/** Meta's Graph API, as far as sending WhatsApp texts goes. */
export class GraphDouble extends ProviderDouble {
  #count = 0;

  constructor(secrets) {
    super('WhatsApp');
    this.secrets = secrets;
  }

  /** What GET of a media id gives: {type, bytes, fails: how often it fails before}. */
  media = new Map();

  take({ method, path, headers, body }) {
    if (method === 'GET') return this.#media(path, headers);
    const expected = new RegExp(`^/v\\d+\\.\\d+/${this.secrets.phoneNumberId}/messages$`);
    if (method !== 'POST' || !expected.test(path)) return this.complain(`${method} ${path}`, error(400, 100, 'Unsupported post request'));
    if (headers.authorization !== `Bearer ${this.secrets.accessToken}`) return this.complain('wrong token', error(401, 190, 'Invalid OAuth access token'));
    if (mediaType(headers) !== 'application/json') return this.complain(`content type ${headers['content-type']}`, error(400, 100, 'Invalid parameter'));
    const fault = this.#fault(body);
    if (fault) return this.complain(fault, error(400, 100, `(#100) ${fault}`));
    const message = JSON.parse(body.toString('utf8'));
    this.#count += 1;
    const id = `wamid.double.${this.#count}`;
    this.keep({ to: message.to, ...contentOf(message), key: message.biz_opaque_callback_data, id });
    return json(200, { messaging_product: 'whatsapp', contacts: [{ input: message.to, wa_id: message.to }], messages: [{ id }] });
  }

  /** First where a file is, then the file; both only with the token. */
  #media(path, headers) {
    if (headers.authorization !== `Bearer ${this.secrets.accessToken}`) return this.complain('media without token', error(401, 190, 'Invalid OAuth access token'));
    if (new RegExp(`^/v\\d+\\.\\d+/${this.secrets.phoneNumberId}$`).test(path)) return json(200, { display_phone_number: '+34 960 00 00 01', verified_name: 'Lumen', id: this.secrets.phoneNumberId });
    const [, wanted, id] = /^\/(v\d+\.\d+|bytes)\/(\w+)$/.exec(path) ?? [];
    const known = this.media.get(id);
    if (!known) return error(404, 100, 'Unsupported get request');
    if (wanted !== 'bytes') return json(200, { messaging_product: 'whatsapp', id, url: `http://${headers.host}/graph/bytes/${id}`, mime_type: known.type });
    if (known.fails > 0) {
      known.fails -= 1;
      return { status: 503, headers: {}, body: '' };
    }
    return { status: 200, headers: { 'Content-Type': known.type }, body: known.bytes };
  }

  #fault(body) {
    let message;
    try {
      message = JSON.parse(body.toString('utf8'));
    } catch {
      return 'the body is not JSON';
    }
    if (message.messaging_product !== 'whatsapp') return 'messaging_product must be whatsapp';
    if ((message.recipient_type ?? 'individual') !== 'individual') return 'recipient_type must be individual';
    if (!/^\+?\d{8,15}$/.test(message.to ?? '')) return `to must be a number, is ${message.to}`;
    if (message.type === 'template') return templateFault(message.template);
    if (['image', 'video', 'audio', 'document'].includes(message.type)) return /^https?:/.test(message[message.type]?.link ?? '') ? null : 'a link is required';
    if (message.type !== 'text' || typeof message.text?.body !== 'string') return 'text.body is required';
    if (message.text.body.length === 0 || [...message.text.body].length > 4096) return 'text.body must have 1 to 4096 characters';
    if (message.context && !/^wamid\./.test(message.context.message_id ?? '')) return 'context.message_id must be a wamid';
    return null;
  }
}

/** What Meta refuses of a template's shape. */
function templateFault(template) {
  if (!/^[a-z0-9_]{1,512}$/.test(template?.name ?? '')) return 'template.name must be lower case';
  if (!/^[a-z]{2}(_[A-Z]{2})?$/.test(template.language?.code ?? '')) return 'template.language.code is required';
  for (const component of template.components ?? []) {
    if (component.type !== 'body') return `component ${component.type} is not expected`;
    if (!component.parameters.every((each) => each.type === 'text' && typeof each.text === 'string' && each.text.length > 0)) return 'parameters must be texts';
  }
  return null;
}

function contentOf(message) {
  if (message.type === 'text') return { text: message.text.body };
  if (message.type !== 'template') return { file: message[message.type], kind: message.type };
  const { name, language, components = [] } = message.template;
  return { template: { name, language: language.code, parameters: components.flatMap((each) => each.parameters.map((one) => one.text)) } };
}
