import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import twilio from 'twilio';
import { Agent } from './support/desk.mjs';
import { twimlFault } from './support/doubles/twilio.mjs';
import { Engine } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';
import { freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const { accountSid, authToken, number } = secrets.twilio;
const line = { connector: 'twilio-voice', account_sid: accountSid, auth_token: authToken };
const unescaped = (text) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const attribute = (document, verb, name) => unescaped(new RegExp(`<${verb}\\b[^>]*\\b${name}="([^"]*)"`).exec(document)?.[1] ?? '');
const phone = (ticket) => ticket.channel_kind === 'phone';

/** A caller as Twilio plays them: it signs with Twilio's own library and follows what the documents say. */
class Caller {
  static counter = 0;

  constructor(engine, channel, { from = `+${freshNumber()}` } = {}) {
    Object.assign(this, { engine, channel, from });
    this.sid = `CA${(Caller.counter += 1).toString(16).padStart(8, '0')}${'cafe'.repeat(6)}`;
    this.status = 'ringing';
  }

  async ask(address, fields = {}) {
    const { pathname, search } = new URL(address, this.engine.url);
    const url = this.engine.url + pathname + search;
    const form = { AccountSid: accountSid, CallSid: this.sid, CallStatus: this.status, From: this.from, To: number, ApiVersion: '2010-04-01', ...fields };
    const signature = twilio.getExpectedTwilioSignature(authToken, url, form);
    const answer = await this.engine.anyone.deliver({
      path: pathname + search, body: Buffer.from(new URLSearchParams(form).toString()),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8', 'X-Twilio-Signature': signature },
    });
    assert.ok([200, 204].includes(answer.status), `${pathname}: ${answer.status} ${answer.text}`);
    if (answer.status === 200) assert.equal(twimlFault(answer.text), null, answer.text);
    this.status = 'in-progress';
    return answer.text;
  }

  ring() {
    return this.ask(`/webhooks/${this.channel}`);
  }

  over(fields = {}) {
    this.status = 'completed';
    return this.ask(`/webhooks/${this.channel}/status`, { CallDuration: '9', SequenceNumber: '4', ...fields });
  }
}

describe('requests signed as Twilio signs them', () => {
  it('are what Twilio\'s own library accepts', () => {
    const signer = new Signer(undefined, 'https://support.example.com');
    const call = signer.call({ from: '+34600000000', 'Sp ecial': 'Ünïcode & more' });
    const fields = Object.fromEntries(new URLSearchParams(call.body.toString()));
    const url = `https://support.example.com${call.path}`;
    assert.ok(twilio.validateRequest(authToken, call.headers['X-Twilio-Signature'], url, fields));
    assert.ok(!twilio.validateRequest(authToken, call.headers['X-Twilio-Signature'], url, { ...fields, From: '+1' }));
  });
});

describe('a helpline that calls back and takes messages', () => {
  let engine;
  let ann;
  before(async () => {
    engine = await Engine.start();
    await engine.stop();
    await engine.reconfigure((config) => {
      const base = { ...line, api_base: config.channels.helpline.api_base };
      config.channels.helpline = { ...base, callback_key: '1', voicemail_key: '2', voicemail_when_closed: true, hold_music: '' };
      config.channels.conference = { ...base, connect: 'conference' };
      config.channels.menu = {
        ...base, ask_language: true, menu: ['orders', 'other'], menu_orders_en: 'For your order, press {digit}.',
        menu_orders_es: 'Para su pedido, oprima el {digit}.', menu_other_en: 'For anything else, press {digit}.', menu_other_es: 'Para lo demás, oprima el {digit}.',
      };
    });
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
    await ann.presence('away', 'lunch');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const kinds = async (ticket) => (await ann.client.ticket(ticket)).entries.map((entry) => entry.kind);
  const only = async (caller) => (await (await engine.login('sam')).customer(`phone:${caller.from}`)).tickets.at(-1);

  it('writes the documents that Twilio\'s own library writes', async () => {
    const caller = new Caller(engine, 'helpline');
    const answer = await caller.ring();
    const wanted = new twilio.twiml.VoiceResponse();
    wanted.say({ language: 'en-US' }, 'Thank you for calling. You will talk to the right person in a moment.');
    const wait = `${engine.url}/webhooks/helpline/wait?language=en&queue=calls`;
    wanted.enqueue({ waitUrl: wait, waitUrlMethod: 'POST', action: wait.replace('/wait', '/after-queue'), method: 'POST' }, 'calls');
    assert.equal(answer, wanted.toString());
    const round = await caller.ask(attribute(answer, 'Enqueue', 'waitUrl'), { QueuePosition: '1', QueueTime: '3' });
    const heard = new twilio.twiml.VoiceResponse();
    const listening = heard.gather({ input: 'dtmf', numDigits: 1, timeout: 1, action: `${engine.url}/webhooks/helpline/key?language=en&queue=calls`, method: 'POST' });
    listening.say({ language: 'en-US' }, 'You are next in line.');
    for (const text of [...round.matchAll(/<Say[^>]*>([^<]*)</g)].map(([, said]) => said).slice(1)) listening.say({ language: 'en-US' }, text);
    listening.pause({ length: 20 });
    assert.equal(round, heard.toString());
    await caller.ask(attribute(answer, 'Enqueue', 'action'), { QueueResult: 'hangup', CallStatus: 'completed', QueueTime: '5' });
    assert.equal((await only(caller)).status, 'resolved');
  });

  it('calls a caller back who hung up, in their turn', async () => {
    const first = new Caller(engine, 'helpline');
    const document = await first.ring();
    const wait = attribute(document, 'Enqueue', 'waitUrl');
    const round = await first.ask(wait, { QueuePosition: '1', QueueTime: '1' });
    const promised = await first.ask(attribute(round, 'Gather', 'action'), { Digits: '1' });
    assert.match(promised, /We will call you back.*<Hangup\/>/);
    await first.ask(attribute(document, 'Enqueue', 'action'), { QueueResult: 'hangup', CallStatus: 'completed', QueueTime: '4' });
    await first.over();
    const second = new Caller(engine, 'helpline');
    const other = await second.ring();
    assert.match(await second.ask(attribute(other, 'Enqueue', 'waitUrl'), { QueuePosition: '1', QueueTime: '0' }), /number 2 in line/);

    await ann.presence('available');
    const offer = await ann.offer(phone);
    const ticket = await ann.accept(offer);
    assert.equal(ticket.id, (await only(first)).id);
    const call = await engine.doubles.twilio.next((each) => each.To === '+34600000001', 'the call to the agent');
    assert.equal(call.From, number);
    assert.match(call.Twiml, new RegExp(`<Number>\\${first.from}</Number>`));
    const { pathname, search } = new URL(call.StatusCallback);
    const leg = Object.assign(new Caller(engine, 'helpline', { from: number }), { sid: call.leg, status: 'completed' });
    await leg.ask(attribute(call.Twiml, 'Dial', 'action'), { DialCallStatus: 'completed', DialCallDuration: '30' });
    await leg.ask(pathname + search, { CallDuration: '41' });
    await eventually(async () => (await ann.client.ticket(ticket.id)).entries.some((entry) => entry.record?.customer_answered === true), 'the call-back to be on record');
    await ann.resolve(ticket);
    await second.ask(attribute(other, 'Enqueue', 'action'), { QueueResult: 'hangup', CallStatus: 'completed', QueueTime: '9' });
    await ann.presence('away', 'lunch');
  });

  it('gives a call-back to somebody else when the agent\'s phone is not picked up', async () => {
    const caller = new Caller(engine, 'helpline');
    const document = await caller.ring();
    await caller.ask(`/webhooks/helpline/key?language=en&queue=calls`, { Digits: '1' });
    await caller.ask(attribute(document, 'Enqueue', 'action'), { QueueResult: 'hangup', CallStatus: 'completed', QueueTime: '4' });
    await ann.presence('available');
    const ticket = await ann.take(phone);
    const call = await engine.doubles.twilio.next((each) => each.To === '+34600000001', 'the call to the agent');
    const { pathname, search } = new URL(call.StatusCallback);
    await Object.assign(new Caller(engine, 'helpline'), { sid: call.leg, status: 'no-answer' }).ask(pathname + search);
    await eventually(async () => ['waiting', 'offered'].includes((await ann.client.ticket(ticket.id)).ticket.status), 'the ticket to wait again');
    const bo = await Agent.arrive(engine, 'bo');
    const again = await bo.take(phone);
    assert.equal(again.id, ticket.id);
    const second = await engine.doubles.twilio.next((each) => each.To === '+34600000002', 'the call to the other agent');
    assert.match(second.Twiml, new RegExp(`<Number>\\${caller.from}</Number>`));
    await bo.resolve(again);
    await bo.leave();
    await ann.presence('away', 'lunch');
  });

  it('makes a contact of a recorded message, once, and rings nobody for it', async () => {
    const caller = new Caller(engine, 'helpline');
    const document = await caller.ring();
    assert.match(await caller.ask('/webhooks/helpline/key?language=en&queue=calls', { Digits: '2' }), /<Leave\/>/);
    const recording = await caller.ask(attribute(document, 'Enqueue', 'action'), { QueueResult: 'leave', QueueTime: '8' });
    const done = attribute(recording, 'Record', 'action');
    const sound = { RecordingSid: `RE${'5'.repeat(32)}`, RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/RE${'5'.repeat(32)}`, RecordingDuration: '7' };
    assert.match(await caller.ask(done, { ...sound, Digits: '#' }), /we have your message/);
    await caller.ask(attribute(recording, 'Record', 'recordingStatusCallback'), { ...sound, RecordingStatus: 'completed' });
    await caller.over();
    const { id, status } = await only(caller);
    assert.equal(status, 'waiting', 'the caller is gone, the message is not');
    const detail = await ann.client.ticket(id);
    assert.equal(detail.contacts.length, 2);
    assert.equal(detail.contacts[1].attachments[0].url, sound.RecordingUrl);
    await ann.presence('available');
    const ticket = await ann.take(phone);
    assert.equal(ticket.id, id);
    assert.ok(!(await kinds(id)).includes('connecting'));
    await ann.resolve(ticket);
    await ann.presence('away', 'lunch');
  });

  it('calls the agent into the conference where the caller waits, and lets the caller wait on in vain', async () => {
    const caller = new Caller(engine, 'conference');
    const document = await caller.ring();
    assert.match(document, new RegExp(`>${caller.sid}</Conference></Dial>`));
    const wait = attribute(document, 'Conference', 'waitUrl');
    assert.match(await caller.ask(wait, { CallSid: '', ConferenceSid: `CF${'1'.repeat(32)}` }), /You are next in line/);
    await ann.presence('available');
    const ticket = await ann.take(phone);
    const leg = await engine.doubles.twilio.next((each) => each.conference === caller.sid, 'the agent\'s leg');
    assert.equal(leg.To, '+34600000001');
    assert.equal(leg.EndConferenceOnExit, 'true');
    const { pathname, search } = new URL(leg.StatusCallback);
    await Object.assign(new Caller(engine, 'conference'), { sid: leg.leg, status: 'no-answer' }).ask(pathname + search);
    await eventually(async () => (await ann.client.ticket(ticket.id)).ticket.status === 'waiting', 'the caller to wait again');
    await caller.over();
    await eventually(async () => (await ann.client.ticket(ticket.id)).ticket.status === 'resolved', 'the hang-up to end the ticket');
    await ann.presence('away', 'lunch');
  });

  it('does not blame an agent whose phone rang when the caller hung up', async () => {
    const caller = new Caller(engine, 'helpline');
    const document = await caller.ring();
    await ann.presence('available');
    const ticket = await ann.take(phone);
    caller.status = 'completed';
    await caller.ask(attribute(document, 'Enqueue', 'action'), { DialCallStatus: 'canceled' });
    const detail = await eventually(async () => {
      const now = await ann.client.ticket(ticket.id);
      return ['resolved', 'wrapping_up'].includes(now.ticket.status) ? now : null;
    }, 'the ticket to end');
    assert.equal(detail.entries.find((entry) => entry.kind === 'resolved')?.disposition, 'abandoned');
    const agents = await (await engine.login('sam')).expect(200, 'GET', '/api/v1/agents');
    assert.notEqual(agents.agents.find((agent) => agent.login === 'ann').reason, 'not_responding');
    await ann.presence('away', 'lunch');
  });

  it('asks for language and topic before anybody is offered the call', async () => {
    const caller = new Caller(engine, 'menu');
    const languages = await caller.ring();
    assert.match(languages, /For English, press 1\..*Para español, oprima el 2\./);
    const topics = await caller.ask(attribute(languages, 'Gather', 'action'), { Digits: '2' });
    assert.match(topics, /Para su pedido, oprima el 1\./);
    assert.equal(await (await engine.login('sam')).customer(`phone:${caller.from}`), null);
    const greeting = await caller.ask(attribute(topics, 'Gather', 'action'), { Digits: '1' });
    assert.match(greeting, /Gracias por llamar.*<Enqueue/);
    const wait = await caller.ask(attribute(greeting, 'Enqueue', 'waitUrl'), { QueuePosition: '1', QueueTime: '0' });
    assert.match(wait, /Usted es la siguiente persona/);
    const { id } = await only(caller);
    const { contacts } = await ann.client.ticket(id);
    assert.equal(contacts[0].intent, 'orders');
    assert.equal(contacts[0].locale, 'es');
    await caller.ask(attribute(greeting, 'Enqueue', 'action'), { QueueResult: 'hangup', CallStatus: 'completed', QueueTime: '2' });
    assert.equal((await only(caller)).status, 'resolved');
  });
});
