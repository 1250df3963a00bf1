import { createHmac, randomBytes } from 'node:crypto';
import { secrets as testSecrets } from './secrets.mjs';

const json = (content) => Buffer.from(JSON.stringify(content), 'utf8');

let counter = 0;
/** A number of a customer that no other test uses. */
export function freshNumber() {
  counter += 1;
  return `3461${String(process.pid % 10000).padStart(4, '0')}${String(counter).padStart(4, '0')}`.slice(0, 12);
}

export const freshId = (prefix) => `${prefix}${randomBytes(8).toString('hex')}`;

/** Requests of the providers, signed as they sign them; what is not said gets a plausible value. */
export class Signer {
  constructor(secrets = testSecrets, publicUrl = '') {
    this.secrets = secrets;
    this.publicUrl = publicUrl;
  }

  /** Meta's webhook: HMAC-SHA256 over the body, keyed by the app's secret. */
  whatsapp({ from, name = 'Wanda Whats', text, id = freshId('wamid.'), at = Date.now(), channel = 'whatsapp' }) {
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: this.secrets.whatsapp.number, phone_number_id: this.secrets.whatsapp.phoneNumberId },
      contacts: [{ profile: { name }, wa_id: from }],
      messages: [{ from, id, timestamp: String(Math.floor(at / 1000)), type: 'text', text: { body: text } }],
    };
    return { ...this.#meta(channel, value), id };
  }

  whatsappStatus({ id, status, to, errors, at = Date.now(), channel = 'whatsapp' }) {
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: this.secrets.whatsapp.number, phone_number_id: this.secrets.whatsapp.phoneNumberId },
      statuses: [{ id, status, timestamp: String(Math.floor(at / 1000)), recipient_id: to, ...(errors ? { errors } : {}) }],
    };
    return this.#meta(channel, value);
  }

  /** Any message, edit or reaction of a customer, as Meta has it: {type, <type>: {...}}. */
  whatsappRaw({ from, name = 'Wanda Whats', content, id = freshId('wamid.'), at = Date.now(), channel = 'whatsapp' }) {
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: this.secrets.whatsapp.number, phone_number_id: this.secrets.whatsapp.phoneNumberId },
      contacts: [{ profile: { name }, wa_id: from }],
      messages: [{ from, id, timestamp: String(Math.floor(at / 1000)), ...content }],
    };
    return { ...this.#meta(channel, value), id };
  }

  #meta(channel, value) {
    return this.whatsappBody(json({ object: 'whatsapp_business_account', entry: [{ id: '102030405060', changes: [{ value, field: 'messages' }] }] }), channel);
  }

  /** Any bytes, signed. */
  whatsappBody(body, channel = 'whatsapp') {
    const signature = createHmac('sha256', this.secrets.whatsapp.appSecret).update(body).digest('hex');
    return {
      path: `/webhooks/${channel}`, body,
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'facebookexternalua', 'X-Hub-Signature-256': `sha256=${signature}` },
    };
  }

  /** Twilio's webhook: HMAC-SHA1 over the address and the sorted fields, keyed by the account's token. */
  twilio(path, fields) {
    const whole = { AccountSid: this.secrets.twilio.accountSid, ApiVersion: '2010-04-01', Direction: 'inbound', To: this.secrets.twilio.number, ...fields };
    const url = this.publicUrl + path;
    const signed = url + Object.keys(whole).sort().map((name) => name + whole[name]).join('');
    const signature = createHmac('sha1', this.secrets.twilio.authToken).update(signed, 'utf8').digest('base64');
    return {
      path, body: Buffer.from(new URLSearchParams(whole).toString()),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8', 'User-Agent': 'TwilioProxy/1.1', 'X-Twilio-Signature': signature },
    };
  }

  call({ from, sid = `CA${randomBytes(16).toString('hex')}`, channel = 'helpline', ...fields }) {
    return { ...this.twilio(`/webhooks/${channel}`, { CallSid: sid, CallStatus: 'ringing', From: from, Called: this.secrets.twilio.number, Caller: from, FromCity: '', FromCountry: 'ES', ...fields }), sid };
  }

  /** Mailgun signs timestamp and token inside the form. */
  mailgun({ from, name = 'Max Mail', to = this.secrets.mailgun.address, subject, text, messageId = `<${freshId('m')}@mail.example>`, inReplyTo, headers = [], at = Date.now(), token = randomBytes(25).toString('hex'), channel = 'support-mail' }) {
    const sender = `"${name}" <${from}>`;
    const list = [['From', sender], ['To', to], ['Subject', subject], ['Message-Id', messageId], ['Date', new Date(at).toUTCString()],
      ...(inReplyTo ? [['In-Reply-To', inReplyTo], ['References', inReplyTo]] : []), ...headers];
    const fields = {
      recipient: to, sender: from, from: sender, subject, 'body-plain': text, 'stripped-text': text,
      'message-headers': JSON.stringify(list), ...this.#mailgunSignature(at, token),
    };
    return {
      path: `/webhooks/${channel}/inbound`, messageId, body: Buffer.from(new URLSearchParams(fields).toString()),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'mailgun/treq-0.2.1' },
    };
  }

  /** A route that ends in "mime": the whole message. */
  mailgunMime({ from, raw, to = this.secrets.mailgun.address, at = Date.now(), token = randomBytes(25).toString('hex'), channel = 'support-mail' }) {
    const fields = { recipient: to, sender: from, from, 'body-mime': raw, ...this.#mailgunSignature(at, token) };
    return {
      path: `/webhooks/${channel}/inbound_mime`, body: Buffer.from(new URLSearchParams(fields).toString()),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'mailgun/treq-0.2.1' },
    };
  }

  mailgunEvent({ event, messageId, to, at = Date.now(), token = randomBytes(25).toString('hex'), channel = 'support-mail', ...details }) {
    const body = json({
      signature: this.#mailgunSignature(at, token),
      'event-data': { event, id: freshId('e'), timestamp: at / 1000, recipient: to, message: { headers: { 'message-id': messageId.replace(/[<>]/g, '') } }, ...details },
    });
    return { path: `/webhooks/${channel}/events`, body, headers: { 'Content-Type': 'application/json' } };
  }

  #mailgunSignature(at, token) {
    const timestamp = String(Math.floor(at / 1000));
    const signature = createHmac('sha256', this.secrets.mailgun.signingKey).update(timestamp + token).digest('hex');
    return { timestamp, token, signature };
  }

  /** Discourse: HMAC-SHA256 over the body. */
  discourse({ id, topic, userId, username = 'ada', name = 'Ada Lovelace', title = 'A question', text, number = 1, event = 'post_created', eventId = freshId('d'), own = false, channel = 'forum' }) {
    const post = {
      id, name, username, created_at: new Date().toISOString(), updated_at: new Date().toISOString(), cooked: `<p>${text}</p>`, raw: text,
      post_number: number, post_type: 1, reply_to_post_number: null, topic_id: topic, topic_slug: 'a-question', topic_title: title,
      category_id: 5, category_slug: 'support', display_username: name, version: 1, user_id: userId, moderator: false, admin: false,
      staff: own, trust_level: 1, hidden: false, deleted_at: null, topic_archetype: 'regular', post_url: `/t/a-question/${topic}/${number}`,
    };
    const body = json({ post });
    const signature = createHmac('sha256', this.secrets.discourse.secret).update(body).digest('hex');
    return {
      path: `/webhooks/${channel}`, body, eventId,
      headers: {
        'Content-Type': 'application/json', 'User-Agent': 'Discourse/3.4.0', 'X-Discourse-Instance': `https://${this.secrets.discourse.host}`,
        'X-Discourse-Event-Id': eventId, 'X-Discourse-Event-Type': 'post', 'X-Discourse-Event': event, 'X-Discourse-Event-Signature': `sha256=${signature}`,
      },
    };
  }
}

/** The same request with one byte of the body changed: the signature no longer fits. */
export function tampered(request) {
  const body = Buffer.from(request.body);
  const at = body.lastIndexOf('e');
  body[at] = 'f'.charCodeAt(0);
  return { ...request, body };
}

export function without(request, header) {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.toLowerCase() !== header.toLowerCase()));
  return { ...request, headers };
}
