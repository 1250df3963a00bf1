import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

/** A CRM that answers as it is told to. */
class Crm {
  answers = new Map();
  asked = [];
  silent = false;

  static async start() {
    const made = new Crm();
    made.server = createServer((request, response) => {
      const identity = new URL(request.url, 'http://crm').searchParams.get('identity');
      made.asked.push({ identity, token: request.headers.authorization });
      if (made.silent) return;
      const known = made.answers.get(identity);
      response.writeHead(known ? 200 : 404, { 'Content-Type': 'application/json' });
      response.end(known ? JSON.stringify({ attributes: known }) : '');
    });
    await new Promise((resolve) => { made.server.listen(0, '127.0.0.1', resolve); });
    made.url = `http://127.0.0.1:${made.server.address().port}/customers?identity={identity}`;
    return made;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('an outside CRM that is asked about senders', () => {
  let crm;
  let engine;
  before(async () => {
    crm = await Crm.start();
    engine = await Engine.start(
      { crm: { lookup: { url: crm.url, token: 'a-token-of-the-crm', within: '300ms', fresh_for: '1s', failures: 3, left_alone_for: '2s' } } });
  });
  after(async () => {
    await engine?.dispose();
    crm?.stop();
  });

  const write = (from, text = 'hello') => engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text });
  const customer = async (from) => (await engine.shop.get(`/api/v1/customers?identity=${encodeURIComponent(`external:${from}`)}`)).body.customer;

  it('is heard before the first decision, and not asked again while its answer is fresh', async () => {
    const from = freshId('c');
    crm.answers.set(`external:${from}`, { orders: 4, unknown_here: 'x' });
    const { ticket } = await write(from);
    const root = await engine.login('root');
    const decided = (await root.ticket(ticket)).ticket;
    const who = await customer(from);
    assert.deepEqual([who.attributes.orders.value, who.attributes.orders.source, who.stage], [4, 'crm:lookup', 'established']);
    assert.equal(decided.stage ?? who.stage, 'established');
    await write(from, 'once more');
    assert.equal(crm.asked.filter((each) => each.identity === `external:${from}`).length, 1);
    assert.equal(crm.asked.at(-1).token, 'Bearer a-token-of-the-crm');
    crm.answers.set(`external:${from}`, { orders: 5 });
    await eventually(async () => {
      await write(from, freshId('later'));
      return (await customer(from)).attributes.orders.value === 5;
    }, 'the newer answer', { within: 10_000, every: 300 });
  });

  it('that is silent holds nobody back for longer than its limit; the last known values stay', async () => {
    const from = freshId('c');
    crm.answers.set(`external:${from}`, { orders: 2 });
    await write(from);
    crm.silent = true;
    for (let i = 0; i < 4; ++i) await write(freshId('s'));
    const asked = crm.asked.length;
    const began = Date.now();
    for (let i = 0; i < 3; ++i) await write(freshId('s'));
    assert.equal(crm.asked.length, asked, 'it is left alone for a while');
    assert.ok(Date.now() - began < 2_000);
    await write(from, 'again');
    assert.equal((await customer(from)).attributes.orders.value, 2);
    crm.silent = false;
    const late = freshId('c');
    crm.answers.set(`external:${late}`, { orders: 9 });
    await eventually(async () => {
      await write(late, freshId('text'));
      return (await customer(late)).attributes.orders.value === 9;
    }, 'the CRM is asked again', { within: 10_000, every: 300 });
  });
});
