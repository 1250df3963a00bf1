import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const refusal = (code, message) => ({ status: 400, headers: {}, body: JSON.stringify({ error: { code, message } }) });

describe('a message that failed', () => {
  const sign = new Signer();
  let engine;
  let ann;
  let sam;
  let root;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
    root = await engine.login('root');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const sentTo = (from) => engine.doubles.graph.received.filter((each) => each.to.replace('+', '') === from);
  const taken = async () => {
    const from = freshNumber();
    await engine.anyone.deliver(sign.whatsapp({ from, name: `W ${from}`, text: 'hello' }));
    return { from, ticket: await ann.take((ticket) => ticket.customer.name === `W ${from}`) };
  };
  const again = (client, ticket, entry) => client.post(`/api/v1/tickets/${ticket.id}/messages/${entry}/send-again`, {});

  it('goes again by a hand, once however often it is pressed and by whom', async () => {
    const { from, ticket } = await taken();
    engine.doubles.graph.failNext(refusal(131026, 'Message undeliverable'));
    const entry = await ann.reply(ticket, 'a lamp');
    await ann.delivered(ticket, entry, 'failed');
    assert.deepEqual(sentTo(from), []);
    const answers = await Promise.all([again(ann.client, ticket, entry), again(sam, ticket, entry), again(ann.client, ticket, entry)]);
    const done = answers.filter((each) => each.status === 200 && !each.body.repeated);
    assert.equal(done.length, 1, answers.map((each) => `${each.status} ${each.text}`).join('\n'));
    assert.equal(done[0].body.messages, 1);
    for (const each of answers) assert.ok(each.status === 200 || each.status === 409, each.text);
    const sent = await ann.delivered(ticket, entry);
    assert.equal(sent.attempts, 2);
    assert.equal(sentTo(from).length, 1);
    const detail = await ann.client.ticket(ticket.id);
    assert.deepEqual(detail.entries.filter((each) => each.kind === 'sent_again').map((each) => each.entry), [entry]);
    assert.equal(detail.messages.find((each) => each.entry === entry).state, 'sent');
    const late = await again(ann.client, ticket, entry);
    assert.deepEqual([late.status, late.body.detail], [409, 'nothing of the message has failed']);
    const { records } = await root.expect(200, 'GET', '/api/v1/audit');
    assert.deepEqual(records.filter((each) => each.about === `ticket:${ticket.id}`).map((each) => [each.action, each.detail.entry]), [['message.sent_again', entry]]);
    await ann.resolve(ticket);
  });

  it('can fail once more, and go once more; through a restart', async () => {
    const { from, ticket } = await taken();
    engine.doubles.graph.failNext(refusal(131026, 'Message undeliverable'), refusal(131026, 'Message undeliverable'));
    const entry = await ann.reply(ticket, 'a lamp');
    await ann.delivered(ticket, entry, 'failed');
    assert.equal((await again(ann.client, ticket, entry)).status, 200);
    await eventually(async () => (await ann.client.ticket(ticket.id)).deliveries.some((each) => each.entry === entry && each.state === 'failed' && each.attempts === 2), 'the second failure');
    await ann.leave();
    await engine.stop();
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
    root = await engine.login('root');
    assert.equal((await again(ann.client, ticket, entry)).status, 200);
    await ann.delivered(ticket, entry);
    assert.equal(sentTo(from).length, 1);
    await ann.resolve(ticket);
  });

  it('that its provider had taken goes again under a key of its own', async () => {
    const { from, ticket } = await taken();
    const entry = await ann.reply(ticket, 'a lamp');
    await ann.delivered(ticket, entry);
    const [first] = sentTo(from);
    assert.equal((await again(ann.client, ticket, entry)).status, 409);
    await engine.anyone.deliver(sign.whatsappStatus({ id: first.id, status: 'failed', to: from }));
    await eventually(async () => (await ann.client.ticket(ticket.id)).messages.find((each) => each.entry === entry).state === 'failed', 'the failure to be on record');
    assert.equal((await again(ann.client, ticket, entry)).status, 200);
    await eventually(() => sentTo(from).length === 2, 'the second message');
    assert.notEqual(sentTo(from)[1].key, first.key);
    await ann.delivered(ticket, entry);
    await ann.resolve(ticket);
  });

  it('is for whoever holds the ticket and for supervisors, also when the ticket is over', async () => {
    const { from, ticket } = await taken();
    engine.doubles.graph.failNext(refusal(131026, 'Message undeliverable'));
    const entry = await ann.reply(ticket, 'a lamp');
    await ann.delivered(ticket, entry, 'failed');
    const bo = await engine.login('bo');
    assert.equal((await again(bo, ticket, entry)).status, 409);
    await ann.resolve(ticket);
    assert.equal((await again(sam, ticket, entry)).status, 200);
    await eventually(() => sentTo(from).length === 1, 'the message');
    assert.equal((await again(sam, ticket, 99)).status, 404);
    assert.equal((await again(sam, ticket, 'x')).status, 404);
    assert.equal((await again(sam, { id: 999999 }, 1)).status, 404);
  });
});
