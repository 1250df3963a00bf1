import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { basicAuth, json, mediaType, ProviderDouble } from './provider_double.mjs';

/*
 * Providers as far as they take files from us: each checks a call as its documentation says, fetches what is named by an
 * address, and keeps the bytes that it got.
 */

const bearer = (headers, token) => headers.authorization === `Bearer ${token}`;
const formOf = async (headers, body) => new Response(body, { headers: { 'Content-Type': headers['content-type'] } }).formData();
const parsed = (body) => { try { return JSON.parse(body.toString('utf8')); } catch { return null; } };

class FileTaker extends ProviderDouble {
  /** The file behind an address, as a provider gets it: without log-in, of a type and size that it takes. */
  async fetched(url, limits) {
    const answer = await fetch(url).catch((problem) => ({ ok: false, status: problem.cause?.code ?? problem.message }));
    if (!answer.ok) return { fault: `cannot fetch ${url}: ${answer.status}` };
    const bytes = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type');
    const limit = Object.entries(limits).find(([known]) => known === '*' || type === known || (known.endsWith('/*') && type.startsWith(known.slice(0, -1))));
    if (!limit) return { fault: `${type} is not taken` };
    return bytes.length > limit[1] ? { fault: `${bytes.length} bytes of ${type} are too many` } : { bytes, type };
  }
}

/** Messenger and Instagram. */
class Meta extends FileTaker {
  #count = 0;

  constructor(name, token, limits) {
    super(name);
    Object.assign(this, { token, limits });
  }

  async take({ method, path, headers, body }) {
    const refuse = (why) => this.complain(why, json(400, { error: { message: why, code: 100 } }));
    if (!bearer(headers, this.token)) return this.complain('wrong token', json(401, { error: { message: 'token', code: 190 } }));
    // Names of people are not this double's affair.
    if (method === 'GET' && /^\/v\d+\.\d+\/\d+$/.test(path)) return json(403, { error: { message: 'no permission', code: 10 } });
    if (method !== 'POST' || !/^\/v\d+\.\d+\/\d+\/messages$/.test(path)) return refuse(`${method} ${path}`);
    const said = parsed(body);
    if (!said?.recipient?.id) return refuse('recipient.id is missing');
    const { text, attachment } = said.message ?? {};
    if ((text === undefined) === (attachment === undefined)) return refuse('a message has a text or an attachment, not both');
    const id = `m_${this.name}_${this.#count += 1}`;
    if (attachment) {
      if (!['image', 'audio', 'video', 'file'].includes(attachment.type)) return refuse(`no attachment is a ${attachment.type}`);
      const file = await this.fetched(attachment.payload.url, this.limits);
      if (file.fault) return refuse(file.fault);
      if (attachment.type !== 'file' && !file.type.startsWith(attachment.type)) return refuse(`${file.type} is no ${attachment.type}`);
      this.keep({ to: said.recipient.id, kind: attachment.type, ...file });
    } else {
      this.keep({ to: said.recipient.id, text });
    }
    return json(200, { recipient_id: said.recipient.id, message_id: id });
  }
}

class Telegram extends FileTaker {
  async take({ method, path, headers, body }) {
    const refuse = (why, status = 400) => this.complain(why, json(status, { ok: false, error_code: status, description: why }));
    const [, token, called] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    if (token !== 'files-bot-token') return refuse('Unauthorized', 401);
    const done = (chat) => json(200, { ok: true, result: { message_id: 77, chat: { id: Number(chat) } } });
    if (method === 'POST' && called === 'sendMessage') {
      const said = parsed(body);
      this.keep({ to: String(said.chat_id), text: said.text, reply: said.reply_parameters });
      return done(said.chat_id);
    }
    if (method !== 'POST' || called !== 'sendDocument' || mediaType(headers) !== 'multipart/form-data') return refuse(`${method} ${called}`);
    const form = await formOf(headers, body);
    const file = form.get('document');
    if (!/^-?\d+$/.test(form.get('chat_id') ?? '') || typeof file === 'string' || !file) return refuse('chat_id or document is missing');
    if (file.size > 50_000_000) return refuse('Request Entity Too Large', 413);
    const reply = form.get('reply_parameters');
    this.keep({ to: form.get('chat_id'), name: file.name, type: file.type, bytes: Buffer.from(await file.arrayBuffer()), reply: reply && JSON.parse(reply) });
    return done(form.get('chat_id'));
  }
}

class Line extends FileTaker {
  tokens = new Set();

  async take({ method, path, headers, body }) {
    const refuse = (message) => this.complain(message, json(400, { message }));
    if (!bearer(headers, 'files-token')) return this.complain('wrong token', json(401, { message: 'Authentication failed' }));
    if (method === 'GET' && path.startsWith('/v2/bot/profile/')) return json(404, { message: 'Not found' });  // of whom no name is known
    const [, way] = /^\/v2\/bot\/message\/(push|reply)$/.exec(path) ?? [];
    if (method !== 'POST' || !way) return refuse(`${method} ${path}`);
    const said = parsed(body) ?? {};
    if (way === 'reply') {
      if (!said.replyToken || this.tokens.has(said.replyToken)) return refuse('Invalid reply token');
      this.tokens.add(said.replyToken);
      // The tests' tokens end in whom they answer.
      said.to = said.replyToken.split('.').at(-1);
    } else if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(headers['x-line-retry-key'] ?? '')) return refuse('X-Line-Retry-Key is no UUID');
    const { to, messages } = said;
    if (!to || !Array.isArray(messages) || messages.length < 1 || messages.length > 5) return refuse('to, and 1 to 5 messages');
    for (const each of messages) {
      if (each.type === 'text') {
        this.keep({ to, text: each.text });
        continue;
      }
      const urls = [each.originalContentUrl, each.previewImageUrl];
      if (each.type !== 'image' || !urls.every((url) => /^https:\/\/.{1,1990}$/.test(url ?? ''))) return refuse('an image has two https addresses');
      const file = await this.fetched(urls[0], { 'image/jpeg': 10_000_000, 'image/png': 10_000_000 });
      const preview = await this.fetched(urls[1], { 'image/jpeg': 1_000_000, 'image/png': 1_000_000 });
      if (file.fault ?? preview.fault) return refuse(file.fault ?? preview.fault);
      this.keep({ to, kind: each.type, ...file });
    }
    return json(200, { sentMessages: messages.map((_, at) => ({ id: `46123${at}` })) });
  }
}

class Slack extends FileTaker {
  uploads = new Map();

  async take({ method, path, headers, body, base }) {
    const no = (error) => this.complain(error, json(200, { ok: false, error }));
    const upload = /^\/api\/upload\/(F\d+)$/.exec(path)?.[1];
    if (upload) {
      if (headers.authorization) return this.complain('the token was sent where it is not wanted', { status: 400, body: '' });
      const known = this.uploads.get(upload);
      if (method !== 'POST' || known?.length !== body.length) return this.complain(`${body.length} bytes instead of ${known?.length}`, { status: 400, body: '' });
      known.bytes = body;
      return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: `OK - ${body.length}` };
    }
    if (!bearer(headers, 'xoxb-files')) return no('invalid_auth');
    // Names of people are not this double's affair.
    if (path === '/api/users.info') return json(200, { ok: false, error: 'missing_scope' });
    if (method !== 'POST') return no('invalid_auth');
    if (path === '/api/chat.postMessage') {
      const said = parsed(body);
      this.keep({ to: said.channel, thread: said.thread_ts, text: said.text });
      return json(200, { ok: true, channel: said.channel, ts: '1790000001.000100' });
    }
    if (path === '/api/files.getUploadURLExternal') {
      if (mediaType(headers) !== 'application/x-www-form-urlencoded') return no('invalid_form_data');
      const fields = new URLSearchParams(body.toString('utf8'));
      if (!fields.get('filename') || !/^[1-9]\d*$/.test(fields.get('length') ?? '')) return no('invalid_arguments');
      const id = `F${this.uploads.size + 1}`;
      this.uploads.set(id, { name: fields.get('filename'), length: Number(fields.get('length')) });
      return json(200, { ok: true, upload_url: `${base}/api/upload/${id}`, file_id: id });
    }
    if (path !== '/api/files.completeUploadExternal') return no('unknown_method');
    const said = parsed(body);
    const files = said?.files?.map((each) => this.uploads.get(each.id));
    if (!said?.channel_id || !files?.length || !files.every((each) => each?.bytes)) return no('file_not_found');
    for (const each of files) this.keep({ to: said.channel_id, thread: said.thread_ts, ...each });
    return json(200, { ok: true, files: said.files });
  }
}

/** Twilio's messages; of WhatsApp where the address says so. */
class TwilioMessages extends FileTaker {
  #count = 0;

  async take({ method, path, headers, body }) {
    const refuse = (code, message) => this.complain(message, json(400, { code, message, status: 400 }));
    const auth = basicAuth(headers);
    if (auth?.user !== this.account || auth.password !== 'files-twilio-token') return this.complain('wrong account', json(401, { code: 20003, message: 'Authenticate' }));
    if (method !== 'POST' || path !== `/2010-04-01/Accounts/${this.account}/Messages.json`) return refuse(20404, `${method} ${path}`);
    const fields = new URLSearchParams(body.toString('utf8'));
    const media = fields.getAll('MediaUrl');
    const whatsapp = fields.get('To')?.startsWith('whatsapp:');
    if (!fields.get('Body') && media.length === 0) return refuse(21602, 'Message body is required');
    if (media.length > (whatsapp ? 1 : 10)) return refuse(21623, 'Number of media files exceeds allowed limit');
    const limits = whatsapp
      ? { 'image/jpeg': 5_000_000, 'image/png': 5_000_000, 'application/pdf': 16_000_000, 'audio/*': 16_000_000, 'video/mp4': 16_000_000 }
      : { 'image/jpeg': 5_000_000, 'image/png': 5_000_000, 'image/gif': 5_000_000, 'audio/*': 500_000, 'video/*': 500_000, 'application/pdf': 500_000 };
    const files = await Promise.all(media.map((url) => this.fetched(url, limits)));
    const fault = files.find((each) => each.fault)?.fault;
    if (fault) return refuse(12300, fault);
    for (const file of files.length > 0 ? files : [{}]) this.keep({ to: fields.get('To'), text: fields.get('Body'), ...file });
    return json(201, { sid: `SM${String(this.#count += 1).padStart(32, '0')}`, status: 'queued' });
  }
}

const decoded = (files, name, content, type) => files.map((each) => ({ name: each[name], type: each[type], bytes: Buffer.from(each[content], 'base64') }));
const strict = (text) => /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text ?? '');

class SendGrid extends FileTaker {
  take({ method, path, headers, body }) {
    const refuse = (message) => this.complain(message, json(400, { errors: [{ message, field: null }] }));
    if (!bearer(headers, 'files-sendgrid-key')) return this.complain('wrong key', json(401, { errors: [{ message: 'unauthorized' }] }));
    const said = parsed(body);
    if (method !== 'POST' || path !== '/v3/mail/send' || !said) return refuse(`${method} ${path}`);
    const files = said.attachments ?? [];
    if (!said.from?.email || !said.personalizations?.[0]?.to?.[0]?.email || !said.content?.[0]?.value) return refuse('from, to and content are required');
    if (!files.every((each) => strict(each.content) && each.filename)) return refuse('attachments want content in base64 and a filename');
    this.keep({ to: said.personalizations[0].to[0].email, text: said.content[0].value, files: decoded(files, 'filename', 'content', 'type') });
    return { status: 202, headers: { 'X-Message-Id': 'files.1' }, body: '' };
  }
}

class Postmark extends FileTaker {
  take({ method, path, headers, body }) {
    const refuse = (ErrorCode, Message) => this.complain(Message, json(422, { ErrorCode, Message }));
    if (headers['x-postmark-server-token'] !== 'files-postmark-token') return this.complain('wrong token', json(401, { ErrorCode: 10, Message: 'token' }));
    const said = parsed(body);
    if (method !== 'POST' || path !== '/email' || !said) return refuse(402, `${method} ${path}`);
    const files = said.Attachments ?? [];
    if (!said.From || !said.To || !said.TextBody) return refuse(300, 'From, To and TextBody are required');
    if (body.length > 10_000_000) return refuse(300, 'the message is over 10 MB');
    if (!files.every((each) => strict(each.Content) && each.Name && each.ContentType)) return refuse(300, 'attachments want Name, Content in base64 and ContentType');
    this.keep({ to: said.To, text: said.TextBody, files: decoded(files, 'Name', 'Content', 'ContentType') });
    return json(200, { ErrorCode: 0, Message: 'OK', MessageID: 'b7bc2f4a-e38e-4336-af7d-e6c392c2f817', To: said.To });
  }
}

class Forum extends FileTaker {
  uploads = new Map();

  async take({ method, path, headers, body }) {
    const refuse = (status, error) => this.complain(error, json(status, { errors: [error] }));
    if (headers['api-key'] !== 'files-discourse-key' || headers['api-username'] !== 'desk') return refuse(403, 'invalid access');
    if (method === 'POST' && path === '/uploads.json') {
      if (mediaType(headers) !== 'multipart/form-data') return refuse(400, 'no form');
      const form = await formOf(headers, body);
      const file = form.get('file') ?? form.get('files[]');
      if (form.get('type') !== 'composer' || form.get('synchronous') !== 'true' || !file || typeof file === 'string') return refuse(422, 'type, synchronous and file are wanted');
      const bytes = Buffer.from(await file.arrayBuffer());
      const short = `upload://${createHash('sha1').update(bytes).digest('base64url').slice(0, 27)}.${file.name.split('.').at(-1)}`;
      this.uploads.set(short, { name: file.name, type: file.type, bytes });
      return json(200, { id: this.uploads.size, url: `/uploads/default/original/1X/x`, short_url: short, original_filename: file.name });
    }
    const said = parsed(body);
    if (method !== 'POST' || path !== '/posts.json' || !said?.topic_id || !said.raw?.trim()) return refuse(422, `${method} ${path}`);
    const named = [...said.raw.matchAll(/(!?)\[([^\]|]*)(\|attachment)?\]\((upload:[^)]+)\)/g)];
    if (!named.every(([, , , , at]) => this.uploads.has(at))) return refuse(422, 'an upload is named that is not there');
    this.keep({ to: String(said.topic_id), text: said.raw, files: named.map(([, picture, , attached, at]) => ({ ...this.uploads.get(at), picture: picture === '!', attached: Boolean(attached) })) });
    return json(200, { id: 9001, post_number: 2, topic_id: said.topic_id });
  }
}

/** A system of the centre's own that takes Standard Webhooks. */
class Hooks extends FileTaker {
  async take({ headers, body }) {
    let event;
    try {
      event = new Webhook('whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD').verify(body.toString('utf8'), headers);
    } catch (problem) {
      return this.complain(problem.message, { status: 401, body: '' });
    }
    const files = await Promise.all((event.data.attachments ?? []).map((each) => this.fetched(each.url, { '*': 25_000_000 })));
    const fault = files.find((each) => each.fault)?.fault;
    if (fault) return this.complain(fault, { status: 400, body: '' });
    this.keep({ ...event, files: files.map((each) => each.bytes) });
    return { status: 204 };
  }
}

/** All of them on one loopback address, each below a path of its own. */
export class FileTakers {
  static async start(twilioAccount) {
    const made = new FileTakers();
    made.all = {
      messenger: new Meta('Messenger', 'files-page-token', { 'image/*': 8_000_000, '*': 25_000_000 }),
      instagram: new Meta('Instagram', 'files-ig-token', { 'image/jpeg': 8_000_000, 'image/png': 8_000_000, 'image/gif': 8_000_000, 'audio/*': 25_000_000, 'video/*': 25_000_000 }),
      telegram: new Telegram('Telegram'), line: new Line('LINE'), slack: new Slack('Slack'), twilio: Object.assign(new TwilioMessages('Twilio'), { account: twilioAccount }),
      sendgrid: new SendGrid('SendGrid'), postmark: new Postmark('Postmark'), discourse: new Forum('Discourse'), hooks: new Hooks('Hooks'),
    };
    Object.assign(made, made.all);
    made.server = createServer((request, response) => made.#serve(request, response));
    await new Promise((resolve) => { made.server.listen(0, '127.0.0.1', resolve); });
    made.url = `http://127.0.0.1:${made.server.address().port}`;
    return made;
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url, 'http://double');
    const [, mount, path] = /^\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const double = this.all[mount];
    const answer = double
      ? await double.answer({ method: request.method, path: path ?? '/', query: url.searchParams, headers: request.headers, body: Buffer.concat(chunks), base: `${this.url}/${mount}` })
      : { status: 404 };
    response.writeHead(answer.status, answer.headers ?? {});
    response.end(answer.body ?? '');
  }

  /** Throws when a provider had to refuse something it should have been able to take. */
  check() {
    const complaints = Object.values(this.all).flatMap((double) => double.complaints);
    if (complaints.length > 0) throw new Error(`the providers complain:\n${complaints.join('\n')}`);
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}
