import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';

describe('offers', () => {
  let engine;
  before(async () => { engine = await Engine.start(); });
  after(() => engine?.dispose());

  async function contact(text) {
    const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('o')}@mail.example`, text });
    assert.equal(answer.status, 202, answer.text);
    return answer.body.ticket;
  }
  const kinds = async (agent, id) => (await agent.client.ticket(id)).entries.map((entry) => entry.kind);

  it('go to one agent only when two accept at once', async () => {
    const [ann, bo] = [await Agent.arrive(engine, 'ann'), await Agent.arrive(engine, 'bo')];
    for (let round = 0; round < 10; round += 1) {
      const id = await contact(`a pair of lamps, ${round}`);
      const offers = await Promise.all([ann, bo].map((agent) => agent.offer((each) => each.id === id)));
      const answers = await Promise.all([ann, bo].map((agent, at) => agent.client.post(`/api/v1/offers/${offers[at].id}/accept`, {})));
      assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409]);
      const [winner, loser] = answers[0].status === 200 ? [ann, bo] : [bo, ann];
      const { ticket } = await winner.client.ticket(id);
      assert.equal(ticket.holder.id, winner.id);
      await loser.desk.next('offer_closed', (frame) => frame.ticket === id && frame.outcome === 'revoked');
      const resolve = await loser.client.post(`/api/v1/tickets/${id}/resolve`, {});
      assert.ok([403, 409].includes(resolve.status));
      await winner.resolve(ticket);
    }
    await ann.leave();
    await bo.leave();
  });

  it('go to the agent who has been idle longest', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const bo = await Agent.arrive(engine, 'bo');
    const first = await contact('first');
    const held = await ann.take((each) => each.id === first);
    const second = await contact('second');
    const other = await bo.take((each) => each.id === second);
    await ann.resolve(held);
    await bo.resolve(other);
    const third = await contact('third');
    await ann.resolve(await ann.take((each) => each.id === third));
    await ann.leave();
    await bo.leave();
  });

  it('that are declined go to somebody else', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const bo = await Agent.arrive(engine, 'bo');
    const id = await contact('not for me');
    const offer = await ann.offer((each) => each.id === id);
    await ann.decline(offer, 'lunch');
    assert.equal((await ann.desk.next('offer_closed', (frame) => frame.offer === offer.id)).outcome, 'declined');
    const ticket = await bo.take((each) => each.id === id);
    const { entries } = await bo.client.ticket(id);
    assert.equal(entries.find((entry) => entry.kind === 'declined').reason, 'lunch');
    assert.equal((await ann.client.post(`/api/v1/offers/${offer.id}/accept`, {})).status, 409);
    await bo.resolve(ticket);
    await ann.leave();
    await bo.leave();
  });

  it('expire and go on', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const bo = await Agent.arrive(engine, 'bo');
    const id = await contact('a brisk one');
    const offer = await ann.offer((each) => each.id === id);
    assert.equal((await ann.desk.next('offer_closed', (frame) => frame.offer === offer.id)).outcome, 'expired');
    await bo.resolve(await bo.take((each) => each.id === id));
    assert.ok((await kinds(bo, id)).includes('expired'));
    await ann.leave();
    await bo.leave();
  });

  it('wait for agents to arrive, and are taken back from those who leave', async () => {
    const id = await contact('nobody is here');
    const ann = await Agent.arrive(engine, 'ann');
    const offer = await ann.offer((each) => each.id === id);
    await ann.presence('away', 'coffee');
    assert.equal((await ann.desk.next('offer_closed', (frame) => frame.offer === offer.id)).outcome, 'revoked');
    const bo = await Agent.arrive(engine, 'bo');
    await bo.resolve(await bo.take((each) => each.id === id));
    await ann.leave();
    await bo.leave();
  });

  it('never exceed the capacity of an agent', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const ids = [];
    for (let count = 0; count < 12; count += 1) ids.push(await contact(`number ${count}`));
    for (let count = 0; count < 10; count += 1) await ann.accept(await ann.offer((each) => ids.includes(each.id)));
    assert.equal(ann.desk.left.filter((frame) => frame.type === 'offer').length, 0);
    const sam = await engine.login('sam');
    const load = (await sam.expect(200, 'GET', '/api/v1/agents')).agents.find((agent) => agent.login === 'ann');
    assert.deepEqual([load.used, load.capacity, load.held], [10, 10, 10]);
    const general = (await sam.expect(200, 'GET', '/api/v1/queues')).queues.find((queue) => queue.name === 'general');
    assert.equal(general.waiting, 2);
    for (const ticket of await ann.client.tickets({ agent: ann.id, status: 'held' })) await ann.resolve(ticket);
    for (let count = 0; count < 2; count += 1) await ann.resolve(await ann.take((each) => ids.includes(each.id)));
    await ann.leave();
  });

  it('follow a transfer and an assignment', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const id = await contact('hand me over');
    const ticket = await ann.take((each) => each.id === id);
    const bo = await Agent.arrive(engine, 'bo');
    await ann.client.expect(200, 'POST', `/api/v1/tickets/${id}/transfer`, { agent: bo.id });
    await bo.accept(await bo.offer((each) => each.id === id));
    assert.ok((await bo.client.ticket(id)).entries.some((entry) => entry.kind === 'transferred' || entry.because === 'transferred'));
    const sam = await engine.login('sam');
    const assigned = await sam.expect(200, 'POST', `/api/v1/tickets/${ticket.id}/assign`, { agent: ann.id });
    assert.equal(assigned.ticket.holder.id, ann.id);
    await ann.resolve(ticket);
    await ann.leave();
    await bo.leave();
  });
});
