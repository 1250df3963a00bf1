import { basicAuth, json, mediaType, ProviderDouble } from './provider_double.mjs';

/** Mailgun's messages API: fields as a form, or a whole message as MIME. */
export class MailgunDouble extends ProviderDouble {
  #count = 0;

  constructor(secrets) {
    super('Mailgun');
    this.secrets = secrets;
  }

  async take({ method, path, headers, body }) {
    const { domain, apiKey } = this.secrets;
    const auth = basicAuth(headers);
    if (auth?.user !== 'api' || auth.password !== apiKey) return this.complain('wrong key', { status: 401, headers: { 'Content-Type': 'text/plain' }, body: 'Forbidden' });
    if (method === 'GET' && path === `/v4/domains/${domain}`) return json(200, { domain: { name: domain, state: 'active' } });
    const whole = path === `/v3/${domain}/messages.mime`;
    if (method !== 'POST' || !(whole || path === `/v3/${domain}/messages`)) return this.complain(`${method} ${path}`, json(404, { message: 'Domain not found' }));
    const fields = await formOf(headers, body);
    if (fields === null) return this.complain(`content type ${headers['content-type']}`, json(400, { message: 'form expected' }));
    const message = whole ? await this.#whole(fields) : { ...this.#parts(fields), files: await filesOf(fields) };
    const fault = this.#fault(message);
    if (fault) return this.complain(fault, json(400, { message: fault }));
    this.#count += 1;
    const id = message.messageId || `<double.${this.#count}@${domain}>`;
    this.keep({ ...message, id });
    return json(200, { id, message: 'Queued. Thank you.' });
  }

  #parts(fields) {
    const header = (name) => [...fields.entries()].find(([key]) => key.toLowerCase() === `h:${name}`)?.[1] ?? '';
    return {
      from: fields.get('from') ?? '', to: fields.get('to') ?? '', subject: fields.get('subject') ?? '', text: fields.get('text') ?? '',
      inReplyTo: header('in-reply-to'), references: header('references'), messageId: header('message-id'), replyTo: header('reply-to'),
    };
  }

  async #whole(fields) {
    const file = fields.get('message');
    const raw = file === null ? '' : typeof file === 'string' ? file : await file.text();
    return { ...mailFields(raw), to: fields.get('to') ?? '' };
  }

  #fault(message) {
    if (!/@/.test(message.from)) return "from parameter is not a valid address. please check documentation";
    if (!/@/.test(message.to)) return "to parameter is not a valid address. please check documentation";
    if (message.text === '') return "Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified";
    if (/[\r\n]/.test(`${message.from}${message.to}${message.inReplyTo}${message.messageId}`)) return 'a header has a line break';
    return null;
  }
}

async function filesOf(fields) {
  const files = fields.getAll('attachment').filter((each) => typeof each !== 'string');
  return Promise.all(files.map(async (each) => ({ name: each.name, type: each.type, bytes: Buffer.from(await each.arrayBuffer()) })));
}

async function formOf(headers, body) {
  if (mediaType(headers) === 'application/x-www-form-urlencoded') return new URLSearchParams(body.toString('utf8'));
  if (mediaType(headers) !== 'multipart/form-data') return null;
  return new Response(body, { headers: { 'Content-Type': headers['content-type'] } }).formData();
}

/** Header fields and plain text of a mail, as far as these tests look at it. */
export function mailFields(raw) {
  const split = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, split).replace(/\r\n[ \t]+/g, ' ');
  const field = (name) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(head)?.[1].trim() ?? '';
  const encoding = field('content-transfer-encoding').toLowerCase();
  const body = raw.slice(split + 4);
  return {
    from: field('from'), to: field('to'), subject: field('subject'), text: decoded(body, encoding).trim(), contentType: field('content-type'),
    inReplyTo: field('in-reply-to'), references: field('references'), messageId: field('message-id'), replyTo: field('reply-to'), raw,
  };
}

function decoded(body, encoding) {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
