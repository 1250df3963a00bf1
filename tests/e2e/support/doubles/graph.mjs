import { json, mediaType, ProviderDouble } from './provider_double.mjs';

const error = (status, code, message) => json(status, { error: { message, type: 'OAuthException', code, fbtrace_id: 'A0' } });

/** Meta's Graph API, as far as sending WhatsApp texts goes. */
export class GraphDouble extends ProviderDouble {
  #count = 0;

  constructor(secrets) {
    super('WhatsApp');
    this.secrets = secrets;
  }

  take({ method, path, headers, body }) {
    const expected = new RegExp(`^/v\\d+\\.\\d+/${this.secrets.phoneNumberId}/messages$`);
    if (method !== 'POST' || !expected.test(path)) return this.complain(`${method} ${path}`, error(400, 100, 'Unsupported post request'));
    if (headers.authorization !== `Bearer ${this.secrets.accessToken}`) return this.complain('wrong token', error(401, 190, 'Invalid OAuth access token'));
    if (mediaType(headers) !== 'application/json') return this.complain(`content type ${headers['content-type']}`, error(400, 100, 'Invalid parameter'));
    const fault = this.#fault(body);
    if (fault) return this.complain(fault, error(400, 100, `(#100) ${fault}`));
    const message = JSON.parse(body.toString('utf8'));
    this.#count += 1;
    const id = `wamid.double.${this.#count}`;
    this.keep({ to: message.to, text: message.text.body, key: message.biz_opaque_callback_data, id });
    return json(200, { messaging_product: 'whatsapp', contacts: [{ input: message.to, wa_id: message.to }], messages: [{ id }] });
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
    if (message.type !== 'text' || typeof message.text?.body !== 'string') return 'text.body is required';
    if (message.text.body.length === 0 || [...message.text.body].length > 4096) return 'text.body must have 1 to 4096 characters';
    if (message.context && !/^wamid\./.test(message.context.message_id ?? '')) return 'context.message_id must be a wamid';
    return null;
  }
}
