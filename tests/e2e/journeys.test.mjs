import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('journeys of customers', () => {
  let engine;
  let ann;
  let sam;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });

  /** Somebody who wrote once and has a ticket. */
  async function newcomer(text) {
    const from = `${freshId('c')}@mail.example`;
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text });
    const detail = await eventually(async () => {
      const found = await engine.shop.get(`/api/v1/customers?identity=${encodeURIComponent(`email:${from}`)}`);
      return found.status === 200 && found.body;
    }, 'the customer');
    return { id: detail.customer.id, ticket, path: `/api/v1/customers/${detail.customer.id}` };
  }
  const steps = async (of, query = '') => (await ann.client.expect(200, 'GET', `${of.path}/journey${query}`)).journey;

  it('tell what happened with a customer and what moved them, the latest first', async () => {
    const carl = await newcomer('where is my lamp');
    await engine.shop.expect(200, 'PATCH', carl.path, { attributes: { orders: 1 } });
    await sam.expect(200, 'POST', `${carl.path}/pin`, { dimension: 'value', value: 'newcomer', reason: 'returned it all' });
    await sam.expect(200, 'POST', `${carl.path}/pin`, { dimension: 'value' });
    const told = (await steps(carl)).map((each) => [each.what, each.by, each.cause, (each.moves ?? []).filter((move) => move.dimension === 'value').map((move) => `${move.from}>${move.to}`)]);
    assert.deepEqual(told, [
      ['pin', 'agent:sam', 'itself', ['newcomer>regular']],
      ['pin', 'agent:sam', 'itself', ['regular>newcomer']],
      ['facts', 'crm:shop', 'itself', ['newcomer>regular']],
      ['contact', undefined, undefined, []],
    ]);
    const [away, pinned, facts, contact] = await steps(carl);
    assert.deepEqual([pinned.name, pinned.value, pinned.reason, away.value], ['value', 'newcomer', 'returned it all', undefined]);
    assert.ok(facts.changed.includes('customer.orders'));
    assert.deepEqual([contact.ticket, contact.entry, contact.channel], [carl.ticket, 1, 'api']);
    assert.deepEqual((await steps(carl, '?limit=1')).map((each) => each.what), ['pin']);
    assert.deepEqual((await steps(carl, `?before=${facts.at}`)).map((each) => each.what), ['contact']);
    for (const wrong of ['limit=0', 'limit=201', 'limit=many', 'before=yesterday'])
      assert.equal((await ann.client.get(`${carl.path}/journey?${wrong}`)).status, 400, wrong);
    assert.equal((await ann.client.get('/api/v1/customers/999999/journey')).status, 404);
  });

  it('go on over a merge, are exported, and go with the customer', async () => {
    const [carl, eva] = [await newcomer('one'), await newcomer('two')];
    await engine.shop.expect(200, 'PATCH', carl.path, { tags: ['early'] });
    await sam.expect(200, 'POST', `${carl.path}/merge`, { into: eva.id, reason: 'the same voice' });
    const whats = async () => (await steps(eva)).map((each) => each.what);
    assert.deepEqual(await whats(), ['merged', 'facts', 'contact', 'contact']);
    assert.deepEqual((await steps(eva))[0].name, carl.id);
    const root = await engine.login('root');
    const lines = (await root.get(`${eva.path}/export`)).text.trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(lines.filter((line) => line.type === 'moment').length, 2);
    for (const each of [carl, eva]) await ann.resolve(await ann.take((ticket) => ticket.id === each.ticket), 'solved');
    await root.expect(200, 'DELETE', eva.path);
    assert.equal((await ann.client.get(`${eva.path}/journey`)).status, 404);
  });
});
