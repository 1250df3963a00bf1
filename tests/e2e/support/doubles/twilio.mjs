import { randomBytes } from 'node:crypto';
import { basicAuth, json, mediaType, ProviderDouble } from './provider_double.mjs';

const error = (status, code, message) => json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });

const account = '/2010-04-01/Accounts/([^/]+)';
const liveCall = new RegExp(`^${account}/Calls/(CA[0-9a-f]{32})\\.json$`);
const newCall = new RegExp(`^${account}/Calls\\.json$`);
const currentRecording = new RegExp(`^${account}/(?:Calls|Conferences)/(C[AF][0-9a-f]{32})/Recordings/Twilio\\.CURRENT\\.json$`);
const newRecording = new RegExp(`^${account}/Calls/(CA[0-9a-f]{32})/Recordings\\.json$`);
const recording = new RegExp(`^${account}/Recordings/(RE[0-9a-f]{32})(\\.mp3|\\.json|)$`);
const conferences = new RegExp(`^${account}/Conferences\\.json$`);
const participant = new RegExp(`^${account}/Conferences/(CF[0-9a-f]{32})/Participants/(CA[0-9a-f]{32})\\.json$`);
const participants = new RegExp(`^${account}/Conferences/([^/]+)/Participants\\.json$`);

/** Twilio's REST API for calls: one in progress gets new instructions, new ones are made, agents are called into conferences. */
export class TwilioDouble extends ProviderDouble {
  constructor(secrets) {
    super('Twilio');
    this.secrets = secrets;
  }

  /** What GET of a recording gives, by its id. */
  recordings = new Map();

  /** Conferences in progress, by the name that they were given. */
  conferences = new Map();

  take({ method, path, query, headers, body }) {
    const { accountSid, authToken } = this.secrets;
    const auth = basicAuth(headers);
    if (auth?.user !== accountSid || auth.password !== authToken) return this.complain('wrong account or token', error(401, 20003, 'Authenticate'));
    if (method === 'GET' && path === `/2010-04-01/Accounts/${accountSid}.json`) return json(200, { sid: accountSid, friendly_name: 'Lumen', status: 'active', type: 'Full' });
    const sound = recording.exec(path);
    if (method === 'DELETE' && sound?.[1] === accountSid) {
      const known = this.recordings.delete(sound[2]);
      this.keep({ removed: sound[2], known });
      return known ? { status: 204, headers: {}, body: '' } : error(404, 20404, 'not found');
    }
    if (method === 'GET' && conferences.exec(path)?.[1] === accountSid) {
      const sid = query.get('Status') === 'in-progress' ? this.conferences.get(query.get('FriendlyName')) : undefined;
      return json(200, { conferences: sid ? [{ sid, friendly_name: query.get('FriendlyName'), status: 'in-progress' }] : [] });
    }
    if (method === 'GET' && sound?.[1] === accountSid) {
      const bytes = this.recordings.get(sound[2]);
      return bytes ? { status: 200, headers: { 'Content-Type': sound[3] ? 'audio/mpeg' : 'audio/x-wav' }, body: bytes } : error(404, 20404, 'not found');
    }
    if (method === 'POST' && participant.exec(path)?.[1] === accountSid) {
      const [, , conference, call] = participant.exec(path);
      const fields = new URLSearchParams(body.toString('utf8'));
      const hold = fields.get('Hold');
      if (!['true', 'false'].includes(hold) || (hold === 'true' && !/^https?:\/\//.test(fields.get('HoldUrl') ?? ''))) return this.complain(`a participant cannot become ${fields}`, error(400, 21220, 'invalid'));
      if (![...this.conferences.values()].includes(conference)) return error(404, 20404, 'not found');
      this.keep({ participant: call, conference, ...Object.fromEntries(fields) });
      return json(200, { call_sid: call, conference_sid: conference, hold: hold === 'true' });
    }
    const [resource, sid, name] = [liveCall, newCall, participants, currentRecording, newRecording].flatMap((form) => (form.test(path) ? [form, ...form.exec(path).slice(1)] : []));
    if (method !== 'POST' || sid !== accountSid) return this.complain(`${method} ${path}`, error(404, 20404, 'The requested resource was not found'));
    if (mediaType(headers) !== 'application/x-www-form-urlencoded') return this.complain(`content type ${headers['content-type']}`, error(400, 21200, 'form expected'));
    const fields = new URLSearchParams(body.toString('utf8'));
    if (resource === currentRecording) {
      const status = fields.get('Status');
      const wrong = !['paused', 'in-progress', 'stopped'].includes(status) || (fields.has('PauseBehavior') && (status !== 'paused' || !['skip', 'silence'].includes(fields.get('PauseBehavior'))));
      if (wrong) return this.complain(`a recording cannot become ${fields}`, error(400, 21220, 'invalid recording state'));
      this.keep({ recordingOf: name, ...Object.fromEntries(fields) });
      return json(200, { sid: `RE${'0'.repeat(32)}`, call_sid: name, status });
    }
    if (resource === newRecording) {
      const told = fields.get('RecordingStatusCallback');
      if (!/^https?:\/\//.test(told ?? '')) return this.complain(`RecordingStatusCallback is not absolute: ${told}`, error(400, 21218, 'invalid'));
      this.keep({ recordingBegun: name, ...Object.fromEntries(fields) });
      return json(201, { sid: `RE${randomBytes(16).toString('hex')}`, call_sid: name, status: 'in-progress' });
    }
    const fault = resource === participants ? faultOfAddresses(fields) : faultOf(fields) ?? (resource === newCall ? faultOfAddresses(fields) : null);
    if (fault) return this.complain(fault, error(400, 21218, fault));
    const leg = `CA${randomBytes(16).toString('hex')}`;
    const all = Object.fromEntries(fields);
    if (resource === participants) {
      this.conferences.set(name, `CF${randomBytes(16).toString('hex')}`);
      this.keep({ conference: name, leg, ...all });
      return json(201, { call_sid: leg, account_sid: accountSid, conference_sid: `CF${'0'.repeat(32)}`, status: 'queued' });
    }
    if (resource === newCall) {
      this.keep({ leg, ...all });
      return json(201, { sid: leg, account_sid: accountSid, status: 'queued', direction: 'outbound-api' });
    }
    this.keep({ call: name, url: fields.get('Url'), twiml: fields.get('Twiml'), status: fields.get('Status') });
    return json(200, { sid: name, account_sid: accountSid, status: 'in-progress', direction: 'inbound' });
  }
}

function faultOfAddresses(fields) {
  if (!/^\+\d{7,15}$/.test(fields.get('From') ?? '')) return `From is no number of the account: ${fields.get('From')}`;
  if (!/^(\+\d{7,15}|client:.+|sip:.+)$/.test(fields.get('To') ?? '')) return `To cannot be called: ${fields.get('To')}`;
  const goes = fields.get('StatusCallback');
  return goes && !/^https?:\/\//.test(goes) ? `StatusCallback is not absolute: ${goes}` : null;
}

function faultOf(fields) {
  const given = ['Url', 'Twiml', 'Status'].filter((name) => fields.has(name));
  if (given.length !== 1) return `one of Url, Twiml and Status is wanted, there were ${given.length}`;
  if (fields.has('Url') && !/^https?:\/\//.test(fields.get('Url'))) return `Url is not absolute: ${fields.get('Url')}`;
  return fields.has('Twiml') ? twimlFault(fields.get('Twiml')) : null;
}

const verbs = new Set(['Response', 'Say', 'Play', 'Pause', 'Enqueue', 'Dial', 'Number', 'Client', 'Sip', 'Queue', 'Gather', 'Hangup', 'Redirect', 'Leave', 'Reject', 'Record', 'Conference']);

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
