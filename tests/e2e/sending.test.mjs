import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { secrets } from './support/secrets.mjs';
import { eventually } from './support/wait.mjs';

const hour = 3600_000;

/** The channel of WhatsApp as config.mjs has it, with what these tests need beside. */
const whatsapp = (more) => ({ connector: 'whatsapp', app_secret: secrets.whatsapp.appSecret, verify_token: secrets.whatsapp.verifyToken,
  access_token: secrets.whatsapp.accessToken, phone_number_id: secrets.whatsapp.phoneNumberId, ...more });

describe('What every channel does when it sends', () => {
  const sign = new Signer();
  let engine;
  let ann;
  let sam;
  before(async () => {
    engine = await Engine.start({ channels: (doubles) => ({
      whatsapp: whatsapp({ api_base: `${doubles.http}/graph`, templates: [{ name: 'order_update', language: 'es', parameters: 2 }, { name: 'hello' }],
        flood_limit: '6/1m' }),
      brief: whatsapp({ api_base: `${doubles.http}/graph`, text_limit: 100, long_text: 'refuse', send_rate: '2/1s' }),
    }) });
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const of = (number) => (ticket) => ticket.customer.name === `W ${number}`;
  const write = (from, text, more = {}) => engine.anyone.deliver(sign.whatsapp({ from, name: `W ${from}`, text, ...more }));
  const sentTo = (from, what) => engine.doubles.graph.next((message) => message.to.replace('+', '') === from, what);
  const reply = (ticket, body) => ann.client.post(`/api/v1/tickets/${ticket.id}/reply`, body);
  const message = async (ticket, entry) => (await ann.client.ticket(ticket.id)).messages.find((one) => one.entry === entry);

  it('sends nothing to a customer who said STOP until he says START', async () => {
    const from = freshNumber();
    await write(from, 'hello');
    const ticket = await ann.take(of(from));
    await write(from, 'STOP');
    const refused = await ann.reply(ticket, 'are you sure?');
    const failed = await ann.delivered(ticket, refused, 'failed');
    assert.match(failed.reason, /do_not_contact: the customer asked not to be written to .* for social .*STOP/);
    const customer = await ann.client.customer(`phone:+${from}`);
    const stops = await ann.client.expect(200, 'GET', `/api/v1/customers/${customer.customer.id}/do-not-contact`);
    assert.equal(stops.do_not_contact.length, 1);
    assert.equal(stops.do_not_contact[0].by, 'customer');
    await write(from, 'Start');
    const welcome = await ann.reply(ticket, 'welcome back');
    assert.equal((await sentTo(from)).text, 'welcome back');
    await ann.delivered(ticket, welcome);
    await ann.resolve(ticket);
  });

  it('keeps to what the centre has noted about a customer, through a restart', async () => {
    const from = freshNumber();
    await write(from, 'hello');
    const ticket = await ann.take(of(from));
    const { customer } = await ann.client.customer(`phone:+${from}`);
    const path = `/api/v1/customers/${customer.id}/do-not-contact`;
    await ann.client.expect(400, 'PUT', path, { channel_kind: 'pigeon' });
    await ann.client.expect(400, 'PUT', path, { until: '2001-01-01T00:00:00Z' });
    await ann.client.expect(404, 'PUT', '/api/v1/customers/999999/do-not-contact', {});
    await ann.client.expect(200, 'PUT', path, { channel_kind: 'social', reason: 'asked by phone' });
    await ann.leave();
    await engine.stop();
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
    const failed = await ann.delivered(ticket, await ann.reply(ticket, 'hello?'), 'failed');
    assert.match(failed.reason, /set by agent:ann .*asked by phone/);
    await ann.client.expect(200, 'DELETE', `${path}?channel_kind=social`);
    await ann.client.expect(404, 'DELETE', `${path}?channel_kind=social`);
    await ann.delivered(ticket, await ann.reply(ticket, 'hello!'));
    await sentTo(from);
    await ann.resolve(ticket);
  });

  it('shows delivered and read in whatever order they come, and never goes back', async () => {
    const from = freshNumber();
    await write(from, 'hello');
    const ticket = await ann.take(of(from));
    const entry = await ann.reply(ticket, 'good day');
    const { id } = await sentTo(from);
    await ann.delivered(ticket, entry);
    for (const status of ['read', 'delivered', 'sent']) await engine.anyone.deliver(sign.whatsappStatus({ id, status, to: from }));
    const shown = await message(ticket, entry);
    assert.equal(shown.state, 'read');
    assert.ok(shown.read_at && shown.delivered_at);
    await ann.resolve(ticket);
  });

  it('shows edits and reactions, and forgets what the customer took back', async () => {
    const from = freshNumber();
    const first = sign.whatsapp({ from, name: `W ${from}`, text: 'my card is 4111' });
    await engine.anyone.deliver(first);
    const ticket = await ann.take(of(from));
    const second = sign.whatsapp({ from, name: `W ${from}`, text: 'helo' });
    await engine.anyone.deliver(second);
    const entry = await ann.reply(ticket, 'hello');
    const { id } = await sentTo(from);
    await ann.delivered(ticket, entry);
    const event = (content) => engine.anyone.deliver(sign.whatsappRaw({ from, name: `W ${from}`, content }));
    await event({ type: 'reaction', reaction: { message_id: id, emoji: '👍' } });
    await event({ type: 'edit', edit: { original_message_id: second.id, message: { type: 'text', text: { body: 'hello' } } } });
    await event({ type: 'revoke', revoke: { original_message_id: first.id } });
    const detail = await ann.client.ticket(ticket.id);
    assert.ok(!JSON.stringify([detail.ticket, detail.entries.filter((each) => each.kind === 'contact')]).includes('4111'), 'what was taken back is gone');
    const [taken, edited] = detail.entries.filter((each) => each.kind === 'contact').map((each) => each.number);
    assert.ok((await message(ticket, taken)).deleted_at);
    assert.equal((await message(ticket, edited)).text, 'hello');
    assert.deepEqual((await message(ticket, entry)).reactions, [{ from, emoji: '👍' }]);
    await ann.resolve(ticket);
  });

  it('sends a free text for 24 hours, and then approved templates alone', async () => {
    const from = freshNumber();
    await write(from, 'yesterday', { at: Date.now() - 25 * hour });
    const ticket = await ann.take(of(from));
    const late = await reply(ticket, { text: 'good day' });
    assert.equal(late.status, 409);
    assert.match(late.body.detail, /24 hours .*template: \{name, language, parameters\}.*order_update \(es\), hello/);
    for (const [body, complaint] of [
      [{ template: { name: 'unheard_of' } }, /not one that is approved/],
      [{ template: { name: 'order_update', language: 'de', parameters: ['1', '2'] } }, /not one that is approved/],
      [{ template: { name: 'order_update', parameters: ['1'] } }, /wants 2, there are 1/],
      [{ template: { name: 'hello' }, text: 'and more' }, /stands alone/],
      [{ template: { name: 'hello', parameters: [1] } }, /wants \{name/],
      [{ template: 'hello' }, /wants \{name/],
    ]) {
      const answer = await reply(ticket, body);
      assert.equal(answer.status, 400);
      assert.match(answer.body.detail, complaint);
    }
    const { body } = await reply(ticket, { template: { name: 'order_update', parameters: ['A-17', 'today'] } });
    const sent = await sentTo(from);
    assert.deepEqual(sent.template, { name: 'order_update', language: 'es', parameters: ['A-17', 'today'] });
    await ann.delivered(ticket, body.entry);
    await write(from, 'ah, thanks');
    const again = await ann.reply(ticket, 'you are welcome');
    assert.equal((await sentTo(from)).text, 'you are welcome');
    await ann.delivered(ticket, again);
    await ann.resolve(ticket);
  });

  it('splits what is too long for one message, in order, at paragraphs', async () => {
    const from = freshNumber();
    await write(from, 'tell me everything');
    const ticket = await ann.take(of(from));
    const paragraphs = ['first', 'second', 'third'].map((word) => `${word} ${'lorem ipsum '.repeat(200).trim()}`);
    const entry = await ann.reply(ticket, paragraphs.join('\n\n'));
    const got = [];
    for (let part = 0; part < 3; part += 1) got.push((await sentTo(from)).text);
    assert.deepEqual(got, paragraphs);
    await eventually(async () => {
      const { deliveries } = await ann.client.ticket(ticket.id);
      return deliveries.filter((one) => one.entry === entry && one.state === 'sent').length === 3;
    }, 'three deliveries of one reply');
    await ann.resolve(ticket);
  });

  it('refuses what is too long where the channel says so, and keeps to its rate', async () => {
    const from = freshNumber();
    await write(from, 'hello', { channel: 'brief' });
    const ticket = await ann.take(of(from));
    const refused = await reply(ticket, { text: 'x'.repeat(101) });
    assert.equal(refused.status, 413);
    assert.match(refused.body.detail, /has 101, brief takes 100 characters/);
    const times = [];
    for (const text of ['1', '2', '3', '4']) await ann.reply(ticket, text);
    for (const text of ['1', '2', '3', '4']) {
      assert.equal((await sentTo(from)).text, text);
      times.push(Date.now());
    }
    assert.ok(times[3] - times[0] >= 900, `two at once and then two a second: ${times.map((each) => each - times[0])}`);
    await ann.resolve(ticket);
  });

  it('waits with all messages of a channel as long as the provider asks', async () => {
    const [one, other] = [freshNumber(), freshNumber()];
    await write(one, 'hello');
    const first = await ann.take(of(one));
    await write(other, 'hello');
    const second = await ann.take(of(other));
    engine.doubles.graph.failNext({ status: 429, headers: { 'Retry-After': '2' }, body: '' });
    await ann.reply(first, 'one');
    await eventually(async () => (await sam.expect(200, 'GET', '/api/v1/channels')).channels.find((each) => each.name === 'whatsapp').paused_until, 'the channel to pause');
    const asked = Date.now();
    await ann.reply(second, 'other');
    assert.equal((await sentTo(other)).text, 'other');
    assert.ok(Date.now() - asked > 500, 'the other ticket waited, too');
    assert.equal((await sentTo(one)).text, 'one');
    assert.ok(await engine.metric('kindred_outbox_kept_back_total', { channel: 'whatsapp', reason: 'retry_after' }) >= 1);
    await ann.resolve(first);
    await ann.resolve(second);
  });

  it('takes nothing in from whom a supervisor blocked, until it ends', async () => {
    const from = freshNumber();
    assert.equal((await ann.client.get('/api/v1/blocks')).status, 403);
    await sam.expect(400, 'POST', '/api/v1/blocks', { identity: 'phone:anonymous' });
    await sam.expect(200, 'POST', '/api/v1/blocks', { identity: `phone:00${from}`, reason: 'sells lamps' });
    const { blocks } = await sam.expect(200, 'GET', '/api/v1/blocks');
    assert.deepEqual(blocks.map((each) => [each.identity, each.by, each.reason]), [[`phone:+${from}`, 'agent:sam', 'sells lamps']]);
    assert.equal((await write(from, 'buy lamps')).status, 200);
    assert.equal(await ann.client.customer(`phone:+${from}`), null);
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'ignored', reason: 'blocked_sender' }), 1);
    await sam.expect(200, 'DELETE', `/api/v1/blocks/${encodeURIComponent(`phone:+${from}`)}`);
    await write(from, 'sorry');
    await ann.resolve(await ann.take(of(from)));
  });

  it('takes only so much from one sender in a minute', async () => {
    const from = freshNumber();
    for (let time = 0; time < 9; time += 1) assert.equal((await write(from, `message ${time}`)).status, 200);
    const ticket = await ann.take(of(from));
    assert.equal((await ann.client.ticket(ticket.id)).contacts.length, 6);
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'ignored', reason: 'flood_limit' }), 3);
    await ann.resolve(ticket);
  });

  it('keeps what it cannot read, byte for byte, until somebody has dealt with it', async () => {
    const root = await engine.login('root');
    const broken = sign.whatsappBody(Buffer.from(`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":"${freshId('x')}"}]}]}`));
    const answers = [await engine.anyone.deliver(broken), await engine.anyone.deliver(broken)];
    assert.deepEqual(answers.map((answer) => answer.status), [400, 400]);
    const held = await eventually(async () => (await root.expect(200, 'GET', '/api/v1/quarantine')).quarantine[0], 'the quarantine to fill');
    assert.deepEqual([held.channel, held.reason, held.bytes], ['whatsapp', 'malformed', broken.body.length]);
    const whole = await root.expect(200, 'GET', `/api/v1/quarantine/${held.id}`);
    assert.ok(Buffer.from(whole.request.body_base64, 'base64').equals(broken.body));
    assert.ok(whole.request.headers.some(([name]) => name.toLowerCase() === 'x-hub-signature-256'));
    assert.match((await root.expect(409, 'POST', `/api/v1/quarantine/${held.id}/retry`, {})).detail, /malformed/);
    assert.equal((await sam.get('/api/v1/quarantine')).status, 403);
    await root.expect(200, 'DELETE', `/api/v1/quarantine/${held.id}`);
    await root.expect(404, 'DELETE', `/api/v1/quarantine/${held.id}`);
    assert.equal((await root.expect(200, 'GET', '/api/v1/quarantine')).quarantine.length, 0);
  });
});

describe('A provider that is down', () => {
  const sign = new Signer();
  let engine;
  let ann;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });

  it('is left alone after five failures, and shown so', async () => {
    const sam = await engine.login('sam');
    engine.doubles.graph.outage = { status: 503, headers: {}, body: '' };
    const tickets = [];
    for (let count = 0; count < 3; count += 1) {
      const from = freshNumber();
      await engine.anyone.deliver(sign.whatsapp({ from, name: `W ${from}`, text: 'hello' }));
      const ticket = await ann.take((each) => each.customer.name === `W ${from}`);
      tickets.push(ticket);
    }
    // Both fail at once, again after a moment, and a third time: which of them is the fifth, nobody knows.
    for (const ticket of tickets.slice(0, 2)) await ann.reply(ticket, 'hello');
    const circuit = await eventually(async () => (await sam.expect(200, 'GET', '/api/v1/channels')).circuits.find((each) => each.state === 'open'), 'the circuit to open', { within: 60_000 });
    assert.equal(circuit.host, new URL(engine.doubles.addresses.http).host);
    assert.equal(await engine.metric('kindred_provider_circuit', { host: circuit.host }), 2);
    await ann.reply(tickets[2], 'and you?');
    await eventually(async () => await engine.metric('kindred_outbox_kept_back_total', { channel: 'whatsapp', reason: 'circuit' }) > 0, 'a message to be kept back');
    const kept = (await ann.client.ticket(tickets[2].id)).deliveries.at(-1);
    assert.deepEqual([kept.state, kept.attempts], ['pending', 0]);
    // A probe goes through once the pause is over, and everything after it.
    engine.doubles.graph.outage = null;
    for (let count = 0; count < 3; count += 1) await engine.doubles.graph.next(undefined, 'what was kept back', 40_000);
    await eventually(async () => await engine.metric('kindred_provider_circuit', { host: circuit.host }) === 0, 'the circuit to close', { within: 15_000 });
    for (const ticket of tickets) await ann.resolve(ticket);
  });
});
