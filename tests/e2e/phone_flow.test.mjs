import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { attribute, Caller } from './support/caller.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';
import { eventually } from './support/wait.mjs';

const { accountSid, authToken } = secrets.twilio;
const phone = (ticket) => ticket.channel_kind === 'phone';
const menuTexts = {
  menu: ['orders', 'other'], menu_orders_en: 'For your order, press {digit}.', menu_orders_es: 'Para su pedido, oprima el {digit}.',
  menu_other_en: 'For anything else, press {digit}.', menu_other_es: 'Para lo demás, oprima el {digit}.',
};

describe('what callers hear and do, from the menu to the talk', () => {
  let engine;
  let ann;
  let sam;
  before(async () => {
    engine = await Engine.start({
      attachments: { trusted_hosts: ['127.0.0.1'], sweep_every: '1s' },
      channels: (doubles) => {
        const base = { connector: 'twilio-voice', account_sid: accountSid, auth_token: authToken, api_base: `${doubles.http}/twilio`, hold_music: '' };
        return {
          helpline: { ...base, callback_key: '1', voicemail_key: '2', voicemail_when_closed: true },
          conference: { ...base, connect: 'conference' },
          menu: { ...base, ask_language: true, ...menuTexts },
          told: { ...base, recording: { consent: 'tell', keep_for: '1h' } },
          asked: { ...base, ask_language: true, ...menuTexts, recording: { consent: 'ask', agree_key: '5' } },
          brief: { ...base, recording: { consent: 'tell', keep_for: '2s' } },
        };
      },
    });
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
    await ann.presence('away', 'lunch');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const ticketOf = async (caller) => (await sam.customer(`phone:${caller.from}`)).tickets.at(-1);
  const entriesOf = async (ticket) => (await sam.ticket(ticket.id)).entries;
  const hangUp = async (caller, document) => {
    caller.status = 'completed';
    await caller.ask(attribute(document, 'Enqueue', 'action') || attribute(document, 'Dial', 'action'), { QueueResult: 'hangup', DialCallStatus: '', QueueTime: '4' }).catch(() => {});
    await caller.over();
  };
  const take = async () => {
    await ann.presence('available');
    return ann.take(phone);
  };
  const rest = async (ticket) => {
    await ann.resolve(ticket);
    await ann.presence('away', 'lunch');
  };
  /** The time for a key is over: Twilio goes on behind the Gather. */
  const silence = (caller, document) => caller.ask(attribute(document.replace(/<Gather.*<\/Gather>/s, ''), 'Redirect', 'x') || /<Redirect[^>]*>([^<]*)</.exec(document)[1].replaceAll('&amp;', '&'));

  it('chooses language and topic by key', async () => {
    const caller = new Caller(engine, 'menu');
    const languages = await caller.ring();
    assert.match(languages, /<Gather[^>]*numDigits="1"[^>]*>.*press 1.*oprima el 2.*<\/Gather>/s);
    const topics = await caller.ask(attribute(languages, 'Gather', 'action'), { Digits: '2' });
    assert.match(topics, /Para su pedido, oprima el 1/);
    assert.equal((await sam.tickets({ channel: 'menu' })).filter((each) => each.channel === 'menu').length, 0, 'nobody is offered a call that is in a menu');
    const greeted = await caller.ask(attribute(topics, 'Gather', 'action'), { Digits: '1' });
    assert.match(greeted, /Gracias por llamar.*<Enqueue/s);
    assert.match(attribute(greeted, 'Enqueue', 'waitUrl'), /language=es/);
    const { record } = (await entriesOf(await ticketOf(caller))).find((each) => each.kind === 'contact');
    assert.equal(record.intent, 'orders');
    assert.equal(record.locale, 'es');
    await hangUp(caller, greeted);
  });

  it('goes on without what was pressed wrong, or not at all', async () => {
    const wrong = new Caller(engine, 'menu');
    const topics = await wrong.ask(attribute(await wrong.ring(), 'Gather', 'action'), { Digits: '7' });
    assert.match(topics, /For your order, press 1/, 'a wrong key is the first language');
    const greeted = await wrong.ask(attribute(topics, 'Gather', 'action'), { Digits: '#' });
    assert.match(greeted, /Thank you for calling.*<Enqueue/s);
    assert.equal((await entriesOf(await ticketOf(wrong))).find((each) => each.kind === 'contact').record.intent, undefined);
    await hangUp(wrong, greeted);

    const silent = new Caller(engine, 'menu');
    const asked = await silence(silent, await silent.ring());
    assert.match(asked, /For your order/);
    const waiting = await silence(silent, asked);
    assert.match(waiting, /<Enqueue/);
    await hangUp(silent, waiting);
    assert.equal((await ticketOf(silent)).status, 'resolved');
  });

  it('takes a message from who does not want to wait', async () => {
    const caller = new Caller(engine, 'helpline');
    const document = await caller.ring();
    const round = await caller.ask(attribute(document, 'Enqueue', 'waitUrl'), { QueuePosition: '1', QueueTime: '1' });
    assert.match(round, /leave a message, press 2/);
    // A key that offers nothing changes nothing.
    const other = await caller.ask(attribute(round, 'Gather', 'action'), { Digits: '9' });
    assert.match(other, /<Redirect[^>]*>[^<]*\/wait/);
    const left = await caller.ask(attribute(round, 'Gather', 'action'), { Digits: '2' });
    assert.match(left, /<Leave\/>/);
    const recorder = await caller.ask(attribute(document, 'Enqueue', 'action'), { QueueResult: 'leave', QueueTime: '6' });
    assert.match(recorder, /<Record\b[^>]*maxLength="120"[^>]*playBeep="true"/);
    const sid = `RE${randomBytes(16).toString('hex')}`;
    const sound = randomBytes(4_000);
    engine.doubles.twilio.recordings.set(sid, sound);
    const RecordingUrl = `${engine.doubles.addresses.http}/twilio/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`;
    const thanks = await caller.ask(attribute(recorder, 'Record', 'action'), { RecordingSid: sid, RecordingUrl, RecordingDuration: '7', Digits: '#' });
    assert.match(thanks, /we have your message.*<Hangup\/>/s);
    // Twilio says it again when the recording can be fetched.
    await caller.ask(attribute(recorder, 'Record', 'recordingStatusCallback'), { RecordingSid: sid, RecordingUrl, RecordingDuration: '7', RecordingStatus: 'completed' });
    await caller.over();
    const ticket = await ticketOf(caller);
    assert.equal(ticket.status, 'waiting', 'a message waits for somebody to hear it');
    const held = await take();
    assert.equal(held.id, ticket.id);
    assert.equal(engine.doubles.twilio.received.some((each) => each.call === caller.sid), false, 'no phone rings for a message');
    const { files, contacts } = await eventually(async () => { const all = await sam.ticket(ticket.id); return all.files.some((each) => each.state === 'stored') && all; }, 'the message to be fetched');
    assert.equal(contacts.length, 2);
    assert.equal(files.length, 1);
    const got = await fetch(`${engine.url}/api/v1/attachments/${files[0].id}`, { headers: { Authorization: `Bearer ${ann.client.token}` } });
    assert.ok(Buffer.from(await got.arrayBuffer()).equals(sound));
    await rest(held);
  });

  it('keeps callers in a conference until an agent picks up', async () => {
    const caller = new Caller(engine, 'conference');
    const document = await caller.ring();
    assert.equal(/<Conference[^>]*>([^<]*)</.exec(document)[1], caller.sid);
    assert.equal(attribute(document, 'Conference', 'startConferenceOnEnter'), 'false');
    const round = await caller.ask(attribute(document, 'Conference', 'waitUrl'), {});
    assert.match(round, /next in line/);
    const ticket = await take();
    const called = await engine.doubles.twilio.next((each) => each.conference === caller.sid, 'the agent to be called into the conference');
    assert.deepEqual([called.To, called.EndConferenceOnExit], ['+34600000001', 'true']);
    // The first phone is not picked up: its agent is away, and the caller heard nothing of it.
    const leg = Object.assign(new Caller(engine, 'conference', { from: secrets.twilio.number }), { sid: called.leg, status: 'no-answer' });
    await leg.ask(called.StatusCallback, { CallDuration: '0' });
    await eventually(async () => (await sam.ticket(ticket.id)).ticket.status === 'waiting', 'the caller to wait for somebody else');
    assert.equal((await sam.expect(200, 'GET', '/api/v1/agents')).agents.find((each) => each.login === 'ann').presence.state, 'away');
    const bo = await Agent.arrive(engine, 'bo');
    assert.equal((await bo.take(phone)).id, ticket.id);
    const again = await engine.doubles.twilio.next((each) => each.conference === caller.sid, 'the second agent to be called');
    assert.equal(again.To, '+34600000002');
    const second = Object.assign(new Caller(engine, 'conference', { from: secrets.twilio.number }), { sid: again.leg, status: 'completed' });
    await second.ask(again.StatusCallback, { CallDuration: '55' });
    await caller.over();
    await eventually(async () => (await entriesOf(ticket)).some((each) => each.record?.agent_answered === true), 'the talk to be on record');
    await bo.resolve(ticket);
    await bo.leave();
  });

  /** A call that an agent talks in: the caller, the ticket and the document that brought both together. */
  async function talk(channel, enter = (caller) => caller.ring()) {
    const caller = new Caller(engine, channel);
    const document = await enter(caller);
    const ticket = await take();
    const { twiml } = await engine.doubles.twilio.next((each) => each.call === caller.sid, 'the call to be put through');
    return { caller, document, ticket, twiml };
  }
  const recorded = async (caller, twiml, { duration = '30', sound = randomBytes(5_000) } = {}) => {
    const sid = `RE${randomBytes(16).toString('hex')}`;
    engine.doubles.twilio.recordings.set(sid, sound);
    const RecordingUrl = `${engine.doubles.addresses.http}/twilio/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`;
    const tell = () => caller.ask(attribute(twiml, 'Dial', 'recordingStatusCallback'), { RecordingSid: sid, RecordingUrl, RecordingStatus: 'completed', RecordingDuration: duration, RecordingChannels: '2' });
    await tell();
    await tell();
    return { sid, sound };
  };

  it('records a talk that was announced, pauses it, and keeps the sound with the ticket', async () => {
    const { caller, document, ticket, twiml } = await talk('told');
    assert.match(document, /Thank you for calling.*This call is recorded\..*<Enqueue/s);
    assert.equal(attribute(twiml, 'Dial', 'record'), 'record-from-answer-dual');
    const set = (paused) => ann.client.expect(200, 'PUT', `/api/v1/tickets/${ticket.id}/recording`, { paused });
    assert.equal((await set(true)).recording, 'paused');
    assert.equal((await engine.doubles.twilio.next((each) => each.recordingOf === caller.sid, 'the pause')).Status, 'paused');
    assert.equal((await set(false)).recording, 'recording');
    assert.equal((await engine.doubles.twilio.next((each) => each.recordingOf === caller.sid, 'the end of the pause')).Status, 'in-progress');
    const bo = await engine.login('bo');
    assert.ok([403, 409].includes((await bo.send('PUT', `/api/v1/tickets/${ticket.id}/recording`, { body: JSON.stringify({ paused: true }), headers: { 'Content-Type': 'application/json' } })).status), 'who does not hold it');
    const root = await engine.login('root');
    const audited = (await root.expect(200, 'GET', '/api/v1/audit')).records.filter((each) => each.action.startsWith('recording.'));
    assert.deepEqual(audited.map((each) => [each.action, each.by, each.about]).sort(), [['recording.paused', 'agent:ann', `ticket:${ticket.id}`], ['recording.resumed', 'agent:ann', `ticket:${ticket.id}`]]);
    const { sid, sound } = await recorded(caller, twiml);
    const file = await eventually(async () => (await sam.ticket(ticket.id)).files.find((each) => each.state === 'stored'), 'the recording to be fetched');
    assert.deepEqual([file.name, file.type, file.size], [`${sid}.mp3`, 'audio/mpeg', sound.length]);
    assert.equal((await sam.ticket(ticket.id)).files.length, 1, 'told twice, kept once');
    const got = await fetch(`${engine.url}/api/v1/attachments/${file.id}`, { headers: { Authorization: `Bearer ${ann.client.token}` } });
    assert.ok(Buffer.from(await got.arrayBuffer()).equals(sound));
    await caller.over();
    await eventually(async () => (await entriesOf(ticket)).some((each) => each.record?.status === 'completed'), 'the end of the call');
    assert.match((await ann.client.expect(409, 'PUT', `/api/v1/tickets/${ticket.id}/recording`, { paused: true })).detail, /over/);
    await rest(ticket);
    // It goes with the person.
    const { id } = (await sam.customer(`phone:${caller.from}`)).customer;
    await eventually(async () => (await root.send('DELETE', `/api/v1/customers/${id}`)).status === 200, 'the wrap-up to be over and the person erased');
    assert.equal((await fetch(`${engine.url}/api/v1/attachments/${file.id}`, { headers: { Authorization: `Bearer ${ann.client.token}` } })).status, 404);
    const name = createHash('sha256').update(sound).digest('hex');
    const path = join(engine.folder, 'store', 'kindred.db-files', name.slice(0, 2), name);
    await eventually(() => !existsSync(path), 'the bytes to go, too, at once');
  });

  it('records nobody who did not press the key', async () => {
    const through = (digits) => async (caller) => {
      const topics = await caller.ask(attribute(await caller.ring(), 'Gather', 'action'), { Digits: '1' });
      const consent = await caller.ask(attribute(topics, 'Gather', 'action'), { Digits: '2' });
      assert.match(consent, /May we record this call\? If you agree, press 5/);
      return digits === null ? silence(caller, consent) : caller.ask(attribute(consent, 'Gather', 'action'), { Digits: digits });
    };
    for (const [digits, consent] of [['5', 'given'], ['1', 'refused'], [null, 'refused']]) {
      const { caller, ticket, twiml } = await talk('asked', through(digits));
      const { record } = (await entriesOf(ticket)).find((each) => each.kind === 'contact');
      assert.deepEqual([record.recording_consent, record.intent], [consent, 'other']);
      assert.equal(attribute(twiml, 'Dial', 'record'), consent === 'given' ? 'record-from-answer-dual' : '');
      if (consent === 'refused') assert.match((await ann.client.expect(409, 'PUT', `/api/v1/tickets/${ticket.id}/recording`, { paused: true })).detail, /not recorded/);
      await caller.over();
      await rest(ticket);
    }
    const { caller, ticket, twiml } = await talk('helpline');
    assert.equal(attribute(twiml, 'Dial', 'record'), '', 'a channel without the setting records nobody');
    await caller.over();
    await rest(ticket);
  });

  it('forgets a recording when its time is over', async () => {
    const { caller, ticket, twiml } = await talk('brief');
    await recorded(caller, twiml);
    const file = await eventually(async () => (await sam.ticket(ticket.id)).files.find((each) => each.state !== 'waiting'), 'the recording to be fetched');
    await eventually(async () => (await sam.ticket(ticket.id)).files[0].state === 'expired', 'its time to be over', { within: 15_000 });
    assert.equal((await fetch(`${engine.url}/api/v1/attachments/${file.id}`, { headers: { Authorization: `Bearer ${ann.client.token}` } })).status, 409);
    await caller.over();
    await rest(ticket);
  });
});
