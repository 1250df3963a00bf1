import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('escalations', () => {
  let engine;
  let root;
  before(async () => {
    engine = await Engine.start();
    // Before anything is written: the folder is watched, and who is first has changed the rules.
    root = await engine.login('root');
    const path = join(engine.folder, 'rules/routing.yaml');
    const routing = JSON.parse(await readFile(path, 'utf8'));
    routing.fallback = { queue: 'experts', first_response: '1h' };
    routing.escalations = [
      { name: 'waits', when: { 'ticket.queue': 'experts', 'ticket.waiting': { at_least: '400ms' } }, then: { priority: 'high', also_offer: 'pair', notify: 'supervisors' } },
      { name: 'waits long', when: { 'ticket.waiting': { at_least: '1h' } }, then: { priority: 'urgent' } },
      { name: 'passed around', when: { 'ticket.transfers': { at_least: 2 } }, then: { priority: 'urgent' } },
      { name: 'target is near', when: { 'ticket.target_left': { at_most: '59m59s600ms' }, 'segment.value': 'regular' }, then: { priority: 'urgent' } },
    ];
    await writeFile(path, JSON.stringify(routing));
    engine.signal('SIGHUP');
    await eventually(async () => (await root.expect(200, 'GET', '/api/v1/rules')).activations[0].author === 'SIGHUP', 'the escalations');
  });
  after(() => engine?.dispose());

  const open = async (more) => (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `email:${freshId('c')}@mail.example`, text: 'hello', ...more })).ticket;
  const escalated = async (ticket) => (await root.ticket(ticket)).entries.filter((entry) => entry.kind === 'escalated');

  it('happen when they are due, once, and say so', async () => {
    const sam = await Agent.arrive(engine, 'sam');
    const ann = await Agent.arrive(engine, 'ann');
    const ticket = await open({});
    const offer = await ann.offer((each) => each.id === ticket);
    assert.equal(offer.ticket.queue, 'experts', 'it stays in its queue');
    const notice = await sam.desk.next('escalation', (frame) => frame.ticket.id === ticket);
    assert.equal(notice.escalation, 'waits');
    const detail = await root.ticket(ticket);
    const contact = detail.entries.find((entry) => entry.kind === 'queued');
    const [event] = await escalated(ticket);
    assert.equal(event.also_offer, 'pair');
    assert.equal(event.priority, 'high');
    assert.equal(detail.ticket.priority, 'high');
    const late = Date.parse(event.at) - Date.parse(contact.at);
    assert.ok(late >= 400, `${late} ms`);
    await ann.resolve(await ann.accept(offer));
    assert.equal((await escalated(ticket)).length, 1);
    assert.equal(await engine.metric('kindred_escalations_total', { escalation: 'waits' }), 1);
    await ann.leave();
    await sam.leave();
  });

  it('follow what happens to a ticket, and survive a restart', async () => {
    const ticket = await open({});
    await eventually(async () => (await escalated(ticket)).length === 1, 'the wait');
    assert.equal(await engine.stop(), 0);
    await engine.begin();
    root = await engine.login('root');
    for (const queue of ['general', 'experts']) await root.expect(200, 'POST', `/api/v1/tickets/${ticket}/transfer`, { queue });
    const events = await escalated(ticket);
    assert.deepEqual(events.map((event) => event.escalation), ['waits', 'passed around']);
    assert.equal((await root.ticket(ticket)).ticket.priority, 'urgent');
  });

  it('look at the customer, and at targets', async () => {
    const from = `email:${freshId('c')}@mail.example`;
    const first = await open({ from, conversation: freshId('v') });
    const { ticket: { customer } } = await root.ticket(first);
    await engine.shop.expect(200, 'PATCH', `/api/v1/customers/${customer.id}`, { attributes: { orders: 3 } });
    const near = (ticket) => async () => (await escalated(ticket)).some((event) => event.escalation === 'target is near');
    await eventually(near(first), 'the target, of who has become a regular');
    await eventually(near(await open({ from, conversation: freshId('v') })), 'the target');
    const stranger = await open({});
    await eventually(async () => (await escalated(stranger)).length > 0, 'its wait');
    assert.equal(await near(stranger)(), false);
  });
});
