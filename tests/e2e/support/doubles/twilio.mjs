import { basicAuth, json, mediaType, ProviderDouble } from './provider_double.mjs';

const error = (status, code, message) => json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });

/** Twilio's REST API for calls: a call in progress gets new instructions. */
export class TwilioDouble extends ProviderDouble {
  constructor(secrets) {
    super('Twilio');
    this.secrets = secrets;
  }

  take({ method, path, headers, body }) {
    const { accountSid, authToken } = this.secrets;
    const auth = basicAuth(headers);
    if (auth?.user !== accountSid || auth.password !== authToken) return this.complain('wrong account or token', error(401, 20003, 'Authenticate'));
    const call = new RegExp(`^/2010-04-01/Accounts/${accountSid}/Calls/(CA[0-9a-f]{32})\\.json$`).exec(path)?.[1];
    if (method !== 'POST' || !call) return this.complain(`${method} ${path}`, error(404, 20404, 'The requested resource was not found'));
    if (mediaType(headers) !== 'application/x-www-form-urlencoded') return this.complain(`content type ${headers['content-type']}`, error(400, 21200, 'form expected'));
    const fields = new URLSearchParams(body.toString('utf8'));
    const fault = faultOf(fields);
    if (fault) return this.complain(fault, error(400, 21218, fault));
    this.keep({ call, url: fields.get('Url'), twiml: fields.get('Twiml'), status: fields.get('Status') });
    return json(200, { sid: call, account_sid: accountSid, status: 'in-progress', direction: 'inbound' });
  }
}

function faultOf(fields) {
  const given = ['Url', 'Twiml', 'Status'].filter((name) => fields.has(name));
  if (given.length !== 1) return `one of Url, Twiml and Status is wanted, there were ${given.length}`;
  if (fields.has('Url') && !/^https?:\/\//.test(fields.get('Url'))) return `Url is not absolute: ${fields.get('Url')}`;
  return fields.has('Twiml') ? twimlFault(fields.get('Twiml')) : null;
}

const verbs = new Set(['Response', 'Say', 'Play', 'Pause', 'Enqueue', 'Dial', 'Number', 'Client', 'Sip', 'Queue', 'Gather', 'Hangup', 'Redirect', 'Leave', 'Reject']);

/** What Twilio would stumble over in a document, or null: well-formed, one Response, verbs it knows. */
export function twimlFault(text) {
  const open = [];
  let roots = 0;
  const document = text.replace(/^\s*<\?xml[^>]*\?>/, '').trim();
  for (const [, closing, name, attributes, empty] of document.matchAll(/<(\/?)([A-Za-z]+)((?:\s+[\w:-]+\s*=\s*"[^"<]*")*)\s*(\/?)>/g)) {
    if (!verbs.has(name)) return `unknown verb ${name}`;
    if (/&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(attributes)) return `a bare & in an attribute of ${name}`;
    if (closing) {
      if (open.pop() !== name) return `</${name}> closes nothing`;
    } else if (open.length === 0) {
      roots += 1;
      if (name !== 'Response') return `the root is ${name}`;
      if (!empty) open.push(name);
    } else if (!empty) {
      open.push(name);
    }
  }
  if (open.length > 0) return `${open.at(-1)} is not closed`;
  if (roots !== 1) return `there are ${roots} roots`;
  const words = document.replace(/<\/?[A-Za-z][^>]*>/g, '');
  return /[<>]|&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(words) ? 'a bare <, > or & in the text' : null;
}
