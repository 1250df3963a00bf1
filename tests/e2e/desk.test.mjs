import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent, Desk } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';

describe('the desk socket', () => {
  let engine;
  before(async () => { engine = await Engine.start(); });
  after(() => engine?.dispose());

  async function contact(text) {
    const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('d')}@mail.example`, text });
    assert.equal(answer.status, 202, answer.text);
    return answer.body.ticket;
  }

  it('begins with a snapshot of what the agent has', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const id = await contact('in the snapshot');
    const ticket = await ann.take((each) => each.id === id);
    const other = await Desk.connect(ann.client);
    const { agent, tickets, offers, queues } = await other.next('snapshot');
    assert.equal(agent.login, 'ann');
    assert.deepEqual(tickets.map((each) => each.id), [id]);
    assert.deepEqual(offers, []);
    assert.ok(queues.some((queue) => queue.name === 'general'));
    await other.close();
    await ann.resolve(ticket);
    await ann.leave();
  });

  it('goes on where it was interrupted', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const id = await contact('before the cut');
    const ticket = await ann.take((each) => each.id === id);
    const { last } = ann.desk;
    ann.desk.cut();
    await ann.note(ticket, 'written while the socket was away');
    ann.desk = await Desk.connect(ann.client, { after: last });
    const missed = await ann.desk.next('entry', (frame) => frame.entry.kind === 'note');
    assert.equal(missed.entry.text, 'written while the socket was away');
    assert.ok(!ann.desk.left.some((frame) => frame.type === 'snapshot' || frame.type === 'reset'));
    await ann.resolve(ticket);
    await ann.leave();
  });

  it('tells an offer that came while the socket was away', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const { last } = ann.desk;
    ann.desk.cut();
    const id = await contact('while away');
    ann.desk = await Desk.connect(ann.client, { after: last });
    await ann.resolve(await ann.take((each) => each.id === id));
    await ann.leave();
  });

  it('begins anew when nobody knows that number', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const desk = await Desk.connect(ann.client, { after: 1_000_000 });
    await desk.next('reset');
    await desk.next('snapshot');
    await desk.close();
    await ann.leave();
  });

  it('tells every desk of the agent the same', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const second = await Desk.connect(ann.client);
    await second.next('snapshot');
    const id = await contact('on both screens');
    const [one, two] = await Promise.all([ann.desk.next('offer'), second.next('offer')]);
    assert.equal(one.offer.id, two.offer.id);
    assert.equal(one.seq, two.seq);
    await ann.resolve(await ann.accept(one.offer));
    await second.next('ticket', (frame) => frame.ticket.id === id && frame.ticket.status === 'resolved');
    await second.close();
    await ann.leave();
  });

  it('tells the figures of the queues and the own presence', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    await ann.presence('away', 'lunch');
    const { presence } = await ann.desk.next('presence', (frame) => frame.presence.state === 'away');
    assert.equal(presence.reason, 'lunch');
    const id = await contact('waits');
    await ann.desk.next('queues', (frame) => frame.queues.some((queue) => queue.name === 'general' && queue.waiting === 1));
    await ann.presence('available');
    await ann.resolve(await ann.take((each) => each.id === id));
    await ann.leave();
  });

  it('is closed to strangers, and to pages of other sites that ride on a cookie', async () => {
    await assert.rejects(Desk.connect(engine.anyone), { status: 401 });
    const login = await engine.anyone.post('/api/v1/login', { login: 'bo', password: 'secret-bo' });
    const cookie = login.headers.get('set-cookie').split(';')[0];
    await assert.rejects(Desk.connect(engine.anyone, { headers: { Cookie: cookie, Origin: 'https://evil.example' } }), { status: 403 });
    const desk = await Desk.connect(engine.anyone, { headers: { Cookie: cookie, Origin: engine.url } });
    await desk.next('snapshot');
    await desk.close();
  });
});
