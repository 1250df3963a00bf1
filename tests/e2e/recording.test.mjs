import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { attribute, Caller } from './support/caller.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';
import { freshNumber } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const { accountSid, authToken } = secrets.twilio;
const phone = (ticket) => ticket.channel_kind === 'phone';

describe('recordings of every kind of call, and the copies at Twilio', () => {
  let engine;
  let ann;
  let sam;
  let root;
  before(async () => {
    engine = await Engine.start({
      attachments: { trusted_hosts: ['127.0.0.1'], sweep_every: '1s' },
      channels: (doubles) => {
        const base = { connector: 'twilio-voice', account_sid: accountSid, auth_token: authToken, api_base: `${doubles.http}/twilio`, hold_music: '', number: '+525550001111' };
        return {
          conference: { ...base, connect: 'conference', recording: { consent: 'tell' } },
          told: { ...base, callback_key: '1', recording: { consent: 'tell' } },
          asked: { ...base, callback_key: '1', recording: { consent: 'ask', agree_key: '5' } },
        };
      },
    });
    ann = await Agent.arrive(engine, 'ann');
    [sam, root] = [await engine.login('sam'), await engine.login('root')];
    await ann.presence('away', 'lunch');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const double = () => engine.doubles.twilio;
  const take = async () => {
    await ann.presence('available');
    return ann.take(phone);
  };
  const rest = async (ticket) => {
    await ann.resolve(ticket);
    await ann.presence('away', 'lunch');
  };
  const pause = (ticket, paused, status = 200) => ann.client.expect(status, 'PUT', `/api/v1/tickets/${ticket.id}/recording`, { paused });
  /** Twilio's own leg: known by its id alone. */
  const leg = (channel, sid) => Object.assign(new Caller(engine, channel, { from: secrets.twilio.number }), { sid, status: 'in-progress' });
  /** Twilio tells that a recording is ready; gives its id once our copy is there. */
  const ready = async (by, address, ticket, fields = {}) => {
    const sid = `RE${randomBytes(16).toString('hex')}`;
    double().recordings.set(sid, randomBytes(3_000));
    const RecordingUrl = `${engine.doubles.addresses.http}/twilio/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`;
    await by.ask(address, { RecordingSid: sid, RecordingUrl, RecordingStatus: 'completed', RecordingDuration: '9', ...fields });
    const file = await eventually(async () => (await sam.ticket(ticket.id)).files.find((each) => each.name === `${sid}.mp3` && each.state === 'stored'), 'the recording to be kept');
    return { sid, file };
  };
  const gone = (sid, known = true) => double().next((each) => each.removed === sid && each.known === known, 'the removal of its copy');

  it('a conference is recorded from the agent on, paused by its own id, and Twilio keeps no copy', async () => {
    const caller = new Caller(engine, 'conference');
    const document = await caller.ring();
    assert.match(document, /This call is recorded/);
    assert.equal(attribute(document, 'Conference', 'record'), 'record-from-start');
    const ticket = await take();
    await double().next((each) => each.conference === caller.sid, 'the agent to be called into the conference');
    const conference = double().conferences.get(caller.sid);
    await pause(ticket, true);
    assert.equal((await double().next((each) => each.recordingOf === conference, 'the pause')).Status, 'paused');
    await pause(ticket, false);
    assert.equal((await double().next((each) => each.recordingOf === conference, 'its end')).Status, 'in-progress');
    const { sid, file } = await ready(leg('conference', ''), attribute(document, 'Conference', 'recordingStatusCallback'), ticket, { CallSid: '', ConferenceSid: conference });
    await gone(sid);
    const got = await fetch(`${engine.url}/api/v1/attachments/${file.id}`, { headers: { Authorization: `Bearer ${ann.client.token}` } });
    assert.equal(got.status, 200, 'ours is still there');
    double().conferences.delete(caller.sid);
    await pause(ticket, true);
    await eventually(async () => (await sam.ticket(ticket.id)).entries.some((each) => each.kind === 'delivery' && /conference is over/.test(each.reason ?? '')), 'an order that comes too late to fail visibly');
    await caller.over();
    await rest(ticket);
  });

  /** A caller asks to be called back, and the agent who takes it is called. Gives what Twilio is to do then. */
  const callBack = async (channel, caller) => {
    const document = await caller.ring();
    const agreed = channel === 'asked' ? await caller.ask(attribute(document, 'Gather', 'action'), { Digits: '5' }) : document;
    const waiting = /<Enqueue/.test(agreed) ? agreed : await caller.ask(/<Redirect[^>]*>([^<]*)</.exec(agreed)[1].replaceAll('&amp;', '&'));
    const round = await caller.ask(attribute(waiting, 'Enqueue', 'waitUrl'), { QueuePosition: '1', QueueTime: '1' });
    await caller.ask(attribute(round, 'Gather', 'action'), { Digits: '1' });
    await caller.over();
    const ticket = await take();
    const placed = await double().next((each) => each.Twiml?.includes(caller.from), 'the call to be placed');
    return { ticket, placed };
  };

  it('who is called back hears that the talk is recorded, and it is', async () => {
    const caller = new Caller(engine, 'told');
    const { ticket, placed } = await callBack('told', caller);
    assert.match((await pause(ticket, true, 409)).detail, /not recorded/, 'nobody talks yet');
    assert.equal(attribute(placed.Twiml, 'Dial', 'record'), 'record-from-answer-dual');
    const customer = leg('told', `CA${randomBytes(16).toString('hex')}`);
    const heard = await customer.ask(attribute(placed.Twiml, 'Number', 'url'), { ParentCallSid: placed.leg });
    assert.match(heard, /This call is recorded/);
    await pause(ticket, true);
    assert.equal((await double().next((each) => each.recordingOf === placed.leg, 'the pause')).Status, 'paused');
    const agent = leg('told', placed.leg);
    const { sid } = await ready(agent, attribute(placed.Twiml, 'Dial', 'recordingStatusCallback'), ticket);
    await gone(sid);
    await agent.ask(attribute(placed.Twiml, 'Dial', 'action'), { DialCallStatus: 'completed', DialCallDuration: '8' });
    await eventually(async () => (await sam.ticket(ticket.id)).entries.some((each) => each.record?.customer_answered === true), 'the talk to be on record');
    assert.match((await pause(ticket, true, 409)).detail, /not recorded/, 'it is over');
    await rest(ticket);
  });

  it('who is called back is asked anew, and recorded from the key on', async () => {
    for (const [digits, agrees] of [['5', true], ['9', false]]) {
      const caller = new Caller(engine, 'asked');
      const { ticket, placed } = await callBack('asked', caller);
      assert.equal(attribute(placed.Twiml, 'Dial', 'record'), '', 'not before the answer');
      const customer = leg('asked', `CA${randomBytes(16).toString('hex')}`);
      const question = await customer.ask(attribute(placed.Twiml, 'Number', 'url'), { ParentCallSid: placed.leg });
      assert.match(question, /May we record this call\? If you agree, press 5/);
      await customer.ask(attribute(question, 'Gather', 'action'), { ParentCallSid: placed.leg, Digits: digits });
      if (agrees) {
        const begun = await double().next((each) => each.recordingBegun === placed.leg, 'the recording to begin');
        assert.equal(begun.RecordingChannels, 'dual');
        const { sid } = await ready(leg('asked', placed.leg), begun.RecordingStatusCallback, ticket);
        await gone(sid);
      } else {
        await eventually(async () => (await sam.ticket(ticket.id)).entries.some((each) => each.record?.recording_consent === 'refused' && each.record.recorded_call), 'the answer to be on record');
        assert.match((await pause(ticket, true, 409)).detail, /not recorded/);
        assert.equal(double().received.some((each) => each.recordingBegun === placed.leg), false);
      }
      await rest(ticket);
    }
  });

  it('a call that an agent begins is recorded likewise', async () => {
    await ann.presence('available');
    const to = `+${freshNumber()}`;
    const { ticket } = await ann.client.expect(201, 'POST', '/api/v1/tickets', { channel: 'asked', to });
    const placed = await double().next((each) => each.Twiml?.includes(to), 'the call to be placed');
    await eventually(async () => (await sam.ticket(ticket.id)).entries.some((each) => each.message_id === placed.leg), 'its id to be on record');
    const customer = leg('asked', `CA${randomBytes(16).toString('hex')}`);
    const question = await customer.ask(attribute(placed.Twiml, 'Number', 'url'), { ParentCallSid: placed.leg });
    await customer.ask(attribute(question, 'Gather', 'action'), { ParentCallSid: placed.leg, Digits: '5' });
    const begun = await double().next((each) => each.recordingBegun === placed.leg, 'the recording to begin');
    await pause(ticket, true);
    await double().next((each) => each.recordingOf === placed.leg, 'the pause');
    const { sid } = await ready(leg('asked', placed.leg), begun.RecordingStatusCallback, ticket);
    await gone(sid);
    await rest(ticket);
  });

  it('a copy that cannot be removed yet is removed later', async () => {
    const caller = new Caller(engine, 'told');
    await caller.ring();
    const ticket = await take();
    const { twiml } = await double().next((each) => each.call === caller.sid, 'the call to be put through');
    // The bytes are given, the removal is not.
    const take1 = double().take.bind(double());
    let refused = 0;
    double().take = (asked) => {
      if (asked.method !== 'DELETE' || refused > 0) return take1(asked);
      refused += 1;
      return { status: 503, headers: {}, body: '' };
    };
    const { sid } = await ready(caller, attribute(twiml, 'Dial', 'recordingStatusCallback'), ticket);
    await double().next((each) => each.removed === sid, 'its removal after the failure', 20_000);
    assert.equal(refused, 1);
    await caller.over();
    await rest(ticket);
  });

  it('a copy that we could not keep goes with the person', async () => {
    const caller = new Caller(engine, 'told');
    await caller.ring();
    const ticket = await take();
    const { twiml } = await double().next((each) => each.call === caller.sid, 'the call to be put through');
    const sid = `RE${randomBytes(16).toString('hex')}`;
    const RecordingUrl = `${engine.doubles.addresses.http}/twilio/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`;
    await caller.ask(attribute(twiml, 'Dial', 'recordingStatusCallback'), { RecordingSid: sid, RecordingUrl, RecordingStatus: 'completed', RecordingDuration: '9' });
    await eventually(async () => (await sam.ticket(ticket.id)).files.some((each) => each.state === 'failed'), 'the fetching to fail');
    double().recordings.set(sid, randomBytes(100));
    await caller.over();
    await rest(ticket);
    const { id } = (await sam.customer(`phone:${caller.from}`)).customer;
    await eventually(async () => (await root.send('DELETE', `/api/v1/customers/${id}`)).status === 200, 'the person to be erased');
    await gone(sid);
  });
});
