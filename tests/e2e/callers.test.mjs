import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import twilio from 'twilio';
import { attribute, Caller } from './support/caller.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';
import { Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const { accountSid, authToken, number } = secrets.twilio;
const line = { connector: 'twilio-voice', account_sid: accountSid, auth_token: authToken };
const phone = (ticket) => ticket.channel_kind === 'phone';

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
});
