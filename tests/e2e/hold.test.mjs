import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Caller } from './support/caller.mjs';
import { Agent } from './support/desk.mjs';
import { Engine, root as sources } from './support/engine.mjs';
import { Providers } from './support/providers.mjs';
import { secrets } from './support/secrets.mjs';
import { freshNumber, Signer } from './support/sign.mjs';
import { vonagePost } from './support/vonage.mjs';
import { eventually } from './support/wait.mjs';

const { accountSid, authToken } = secrets.twilio;
const phone = (ticket) => ticket.channel_kind === 'phone';

describe('a call on hold', () => {
  let engine;
  let providers;
  let ann;
  let sam;
  let root;
  before(async () => {
    providers = await Providers.start();
    providers.when('/vonage/v1/calls', ({ method }) => (method === 'POST' ? [201, { uuid: randomUUID() }] : [204, Buffer.alloc(0)]));
    const pem = readFileSync(join(sources, 'tests/connectors/fixtures/vonage/application.pem'), 'utf8');
    engine = await Engine.start({
      channels: (doubles) => {
        const base = { connector: 'twilio-voice', account_sid: accountSid, auth_token: authToken, api_base: `${doubles.http}/twilio`, hold_music: '' };
        return {
          dialled: base, conference: { ...base, connect: 'conference' },
          vonage: { connector: 'vonage', signature_secret: vonagePost.secret, application_id: 'e2e', private_key: pem, api_base: `${providers.url}/vonage`, hold_music: 'https://shop.example/music.mp3' },
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
    await providers?.stop();
  });
  const twilio = () => engine.doubles.twilio;
  const takes = async () => {
    await ann.presence('available');
    return ann.take(phone);
  };
  const rest = async (ticket) => {
    await ann.resolve(ticket);
    await ann.presence('away', 'lunch');
  };
  const hold = (ticket, on_hold, client = ann.client) => client.put(`/api/v1/tickets/${ticket.id}/hold`, { on_hold });
  const shown = async (ticket) => (await sam.ticket(ticket.id)).ticket.on_hold;

  it('takes the customer\'s leg to music and back, in the history and on the audit log', async () => {
    const caller = new Caller(engine, 'dialled');
    await caller.ring();
    const ticket = await takes();
    await twilio().next((each) => each.call === caller.sid, 'the call to be put through');
    assert.deepEqual((await hold(ticket, true)).body.call, 'on_hold');
    const away = await twilio().next((each) => each.call === caller.sid, 'the customer to be put on hold');
    assert.match(away.twiml, /One moment, please\./);
    const [, again] = /<Redirect[^>]*>([^<]*)</.exec(away.twiml);
    assert.match(await caller.ask(again.replaceAll('&amp;', '&')), /<Pause length="30"\/>/);
    assert.equal(await shown(ticket), true);
    const twice = await hold(ticket, true);
    assert.deepEqual([twice.status, twice.body.call, twice.body.entry], [200, 'on_hold', undefined], 'it stood so already');
    assert.equal((await hold(ticket, false)).body.call, 'talking');
    const back = await twilio().next((each) => each.call === caller.sid, 'the talk to go on');
    assert.match(back.twiml, /<Dial/);
    assert.equal(await shown(ticket), undefined);
    assert.deepEqual((await sam.ticket(ticket.id)).entries.filter((each) => each.kind === 'hold').map((each) => [each.call, each.agent.name]), [['on_hold', 'Ann Archer'], ['talking', 'Ann Archer']]);
    const { records } = await root.expect(200, 'GET', '/api/v1/audit');
    assert.deepEqual(records.filter((each) => each.about === `ticket:${ticket.id}`).map((each) => each.action), ['call.resumed', 'call.held']);
    await caller.over();
    const late = await hold(ticket, true);
    assert.deepEqual([late.status, late.body.detail], [409, 'the call is over']);
    await rest(ticket);
  });

  it('is for who holds the ticket, and of calls that somebody talks in', async () => {
    const caller = new Caller(engine, 'dialled');
    await caller.ring();
    const waiting = await eventually(async () => (await sam.tickets({ status: 'open' })).find((each) => each.channel === 'dialled'), 'the caller to wait');
    assert.equal((await hold(waiting, true, sam)).status, 409);
    const ticket = await takes();
    assert.equal((await hold(ticket, true, await engine.login('bo'))).status, 409);
    assert.equal((await ann.client.put(`/api/v1/tickets/${ticket.id}/hold`, {})).status, 400);
    assert.equal((await hold(ticket, true, sam)).status, 200, 'supervisors help out');
    await caller.over();
    assert.equal(await shown(ticket), undefined);
    await rest(ticket);
    const from = freshNumber();
    await ann.presence('available');
    await engine.anyone.deliver(new Signer().whatsapp({ from, name: `W ${from}`, text: 'hello' }));
    const written = await ann.take((each) => each.customer.name === `W ${from}`);
    assert.deepEqual((await hold(written, true)).body.detail, 'channel: only calls can be put on hold');
    await rest(written);
  });

  it('stays in its conference', async () => {
    const caller = new Caller(engine, 'conference');
    await caller.ring();
    const ticket = await takes();
    await twilio().next((each) => each.conference === caller.sid, 'the agent to be called into the conference');
    assert.equal((await hold(ticket, true)).status, 200);
    const held = await twilio().next((each) => each.participant === caller.sid, 'the customer to be held');
    assert.equal(held.Hold, 'true');
    assert.match(await caller.ask(held.HoldUrl), /One moment, please\./);
    assert.equal((await hold(ticket, false)).status, 200);
    assert.equal((await twilio().next((each) => each.participant === caller.sid, 'the talk to go on')).Hold, 'false');
    await caller.over();
    await rest(ticket);
  });

  it('hears nobody, is heard by nobody and hears music, through Vonage', async () => {
    const uuid = randomUUID();
    const event = { from: freshNumber(), to: '447700900000', uuid, conversation_uuid: `CON-${randomUUID()}` };
    await vonagePost(engine, '/webhooks/vonage/answer', event);
    const ticket = await takes();
    await providers.next(`/vonage/v1/calls/${uuid}`);
    const orders = async () => {
      const calls = [];
      for (let i = 0; i < 3; i += 1) calls.push(await providers.next(`/vonage/v1/calls/${uuid}`));
      return calls.map((each) => [each.method, each.path.split(uuid)[1], each.body]);
    };
    assert.equal((await hold(ticket, true)).status, 200);
    assert.deepEqual(await orders(), [['PUT', '', '{"action":"earmuff"}'], ['PUT', '', '{"action":"mute"}'], ['PUT', '/stream', '{"stream_url":["https://shop.example/music.mp3"],"loop":0}']]);
    assert.equal((await hold(ticket, false)).status, 200);
    assert.deepEqual(await orders(), [['PUT', '', '{"action":"unearmuff"}'], ['PUT', '', '{"action":"unmute"}'], ['DELETE', '/stream', '']]);
    await vonagePost(engine, '/webhooks/vonage/event', { ...event, status: 'completed' });
    await rest(ticket);
  });
});
