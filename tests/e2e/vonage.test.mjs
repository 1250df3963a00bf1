import assert from 'node:assert/strict';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine, root } from './support/engine.mjs';
import { Providers } from './support/providers.mjs';
import { freshNumber } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const secret = 'vonage-signature-secret-0123456789';
const phone = (ticket) => ticket.channel_kind === 'phone';

/** Calls through Vonage, as its documentation describes them; the sound is fetched from a double. */
describe('calls through Vonage that are recorded', () => {
  let engine;
  let providers;
  let ann;
  let sam;
  const legs = [];
  before(async () => {
    providers = await Providers.start();
    providers.when('/vonage/v1/calls', ({ method }) => {
      if (method === 'PUT') return [204, Buffer.alloc(0)];
      legs.push({ uuid: randomUUID(), conversation_uuid: `CON-${randomUUID()}` });
      return [201, { ...legs.at(-1), status: 'started', direction: 'outbound' }];
    });
    const base = {
      connector: 'vonage', signature_secret: secret, application_id: 'e2e-app', number: '+447700900000', api_base: `${providers.url}/vonage`, callback_key: '1',
      private_key: readFileSync(join(root, 'tests/connectors/fixtures/vonage/application.pem'), 'utf8'),
    };
    engine = await Engine.start({
      attachments: { trusted_hosts: ['127.0.0.1'] },
      channels: { told: { ...base, recording: { consent: 'tell' } }, asked: { ...base, recording: { consent: 'ask', agree_key: '5' } } },
    });
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
    await ann.presence('away', 'lunch');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await providers?.stop();
  });

  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  /** Posts to an address of ours, signed as Vonage signs; gives the NCCO, or null for 204. */
  const ask = async (address, event) => {
    const { pathname, search } = new URL(address, engine.url);
    const body = JSON.stringify({ timestamp: new Date().toISOString(), ...event });
    const claims = { iat: Math.floor(Date.now() / 1000), jti: randomUUID(), iss: 'Vonage', payload_hash: createHash('sha256').update(body).digest('hex'), api_key: 'e2e' };
    const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    const answer = await engine.anyone.deliver({
      path: pathname + search, body: Buffer.from(body),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${text}.${createHmac('sha256', secret).update(text).digest('base64url')}` },
    });
    assert.ok([200, 204].includes(answer.status), `${pathname}: ${answer.status} ${answer.text}`);
    return answer.status === 204 ? null : JSON.parse(answer.text);
  };
  const action = (ncco, name) => ncco.find((each) => each.action === name);
  const takes = async () => {
    await ann.presence('available');
    return ann.take(phone);
  };
  const rest = async (ticket) => {
    await ann.resolve(ticket);
    await ann.presence('away', 'lunch');
  };
  const placed = async () => JSON.parse((await providers.next('/vonage/v1/calls')).body);
  const isStored = (ticket, name) => eventually(async () => (await sam.ticket(ticket.id)).files.find((each) => each.name === name && each.state === 'stored'), 'the recording to be kept');
  /** Vonage tells that a sound is ready; it is fetched with the application's token. */
  const recorded = async (ncco, ticket, more = {}) => {
    const sound = randomUUID();
    providers.when(`/vonage/v1/files/${sound}`, () => [200, Buffer.from('mp3'), 'audio/mpeg']);
    await ask(action(ncco, 'record').eventUrl[0], { recording_url: `${providers.url}/vonage/v1/files/${sound}`, recording_uuid: sound, size: 3, conversation_uuid: `CON-${randomUUID()}`, ...more });
    await isStored(ticket, `${sound}.mp3`);
    assert.match((await providers.next(`/vonage/v1/files/${sound}`)).headers.authorization, /^Bearer ey/);
  };

  it('one that comes in is recorded from the agent on, whatever ids it has by then', async () => {
    const call = { from: freshNumber(), to: '447700900000', uuid: randomUUID(), conversation_uuid: `CON-${randomUUID()}` };
    const greeting = await ask('/webhooks/told/answer', call);
    assert.ok(greeting.some((each) => each.text === 'This call is recorded.'), JSON.stringify(greeting));
    const ticket = await takes();
    const { destination } = await placed();
    assert.deepEqual(destination.ncco.map((each) => each.action), ['record', 'connect']);
    await recorded(destination.ncco, ticket);
    const refused = await ann.client.expect(409, 'PUT', `/api/v1/tickets/${ticket.id}/recording`, { paused: true });
    assert.match(refused.detail, /cannot pause/);
    await ask('/webhooks/told/event', { ...call, status: 'completed', direction: 'inbound', duration: '9' });
    await rest(ticket);
  });

  it('who is called back is told when the phone is picked up, and recorded from there', async () => {
    const call = { from: freshNumber(), to: '447700900000', uuid: randomUUID(), conversation_uuid: `CON-${randomUUID()}` };
    const round = await ask('/webhooks/told/answer', call);
    await ask(action(round, 'input').eventUrl[0], { ...call, dtmf: { digits: '1', timed_out: false } });
    await ask('/webhooks/told/event', { ...call, status: 'completed', direction: 'inbound', duration: '9' });
    const ticket = await takes();
    const body = await placed();
    const [connect] = body.ncco;
    assert.deepEqual(body.ncco.map((each) => each.action), ['connect'], 'nothing is recorded yet');
    assert.equal(connect.endpoint[0].number, call.from);
    const customer = { uuid: randomUUID(), conversation_uuid: `CON-${randomUUID()}`, from: '447700900000', to: call.from };
    const heard = await ask(connect.endpoint[0].onAnswer.url, customer);
    assert.deepEqual(heard.map((each) => each.action), ['talk', 'record']);
    assert.equal(heard[0].text, 'This call is recorded.');
    await recorded(heard, ticket);
    await rest(ticket);
  });

  it('a call that an agent begins is recorded from the key on, and not without it', async () => {
    for (const [digits, agrees] of [['5', true], ['9', false]]) {
      await ann.presence('available');
      const to = `+${freshNumber()}`;
      const { ticket } = await ann.client.expect(201, 'POST', '/api/v1/tickets', { channel: 'asked', to });
      const [connect] = (await placed()).ncco;
      const customer = { uuid: randomUUID(), conversation_uuid: `CON-${randomUUID()}`, from: '447700900000', to: to.slice(1) };
      const question = await ask(connect.endpoint[0].onAnswer.url, customer);
      assert.match(question[0].text, /May we record this call\? If you agree, press 5/);
      const then = await ask(action(question, 'input').eventUrl[0], { ...customer, dtmf: { digits, timed_out: false } });
      assert.deepEqual(then.map((each) => each.action), agrees ? ['record'] : []);
      const consent = agrees ? 'given' : 'refused';
      await eventually(async () => (await sam.ticket(ticket.id)).entries.some((each) => each.record?.recording_consent === consent), 'the answer to be on record');
      if (agrees) await recorded(then, ticket);
      await rest(ticket);
    }
  });

  it('a ticket that nobody signed gets no recording', async () => {
    const call = { from: freshNumber(), to: '447700900000', uuid: randomUUID(), conversation_uuid: `CON-${randomUUID()}` };
    await ask('/webhooks/told/answer', call);
    const ticket = await takes();
    await placed();
    const before = await engine.metric('kindred_contacts_total', { channel: 'told', outcome: 'ignored', reason: 'unknown_call' });
    await ask(`/webhooks/told/recording?language=en&ticket=${ticket.id}-${'0'.repeat(32)}`, { recording_url: `${providers.url}/vonage/v1/files/x`, recording_uuid: 'x', conversation_uuid: 'CON-nobody' });
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'told', outcome: 'ignored', reason: 'unknown_call' }), before + 1);
    assert.deepEqual((await sam.ticket(ticket.id)).files, []);
    await ask('/webhooks/told/event', { ...call, status: 'completed', direction: 'inbound', duration: '9' });
    await rest(ticket);
  });
});
