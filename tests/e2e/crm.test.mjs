import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';

import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;

describe('a CRM that tells of its customers by signed webhooks', () => {
  const [old, next] = [secret(), secret()];
  let engine;
  before(async () => {
    engine = await Engine.start({ crm: { webhooks: [{ name: 'shop-crm', secret: [old, next] }] } });
    await engine.stop();
    const profile = join(engine.folder, 'rules/profile.yaml');
    const rules = JSON.parse(await readFile(profile, 'utf8'));
    rules.events = { order_placed: { add: { orders: 1 } }, orders_counted: { set: { orders: '$count' } } };
    // In quotes it would be the text "$count".
    await writeFile(profile, JSON.stringify(rules).replace('"$count"', '$count'));
    await engine.begin();
  });
  after(() => engine?.dispose());

  /** Sends what the library of Standard Webhooks signs. */
  async function tell(content, { by = next, id = freshId('msg_'), at = new Date(), headers = {}, name = 'shop-crm' } = {}) {
    const body = typeof content === 'string' ? content : JSON.stringify(content);
    const answer = await fetch(`${engine.url}/crm/${name}`, {
      method: 'POST',
      body,
      headers: {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(by).sign(id, at, body),
        ...headers,
      },
    });
    return { status: answer.status, body: await answer.json() };
  }
  const profile = async (identity) => (await engine.shop.get(`/api/v1/customers?identity=${encodeURIComponent(identity)}`)).body;
  async function somebody() {
    const id = freshId('c');
    const email = `${id}@mail.example`;
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: email, text: 'hello' });
    await eventually(async () => (await profile(`email:${email}`)).customer, 'the customer');
    return { id, email, ticket };
  }

  it('moves attributes, segment and stage at once, by an identity or the CRM\'s own number', async () => {
    const { id, email, ticket } = await somebody();
    assert.equal((await profile(`email:${email}`)).customer.stage, 'considering');
    assert.equal(
      (await tell({ type: 'order_placed', timestamp: new Date().toISOString(), data: { identity: `email:${email.toUpperCase()}` } })).status, 200);
    const { customer, tickets } = await profile(`email:${email}`);
    assert.deepEqual([customer.stage, customer.segments.value, customer.attributes.orders.value], ['established', 'regular', 1]);
    assert.equal(tickets[0].id, ticket);
    await fetch(`${engine.url}/api/v1/import/customers`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/csv', Authorization: `Bearer ${engine.shop.token}` },
      body: `email,external\n${email},${id}\n`,
    });
    assert.equal((await tell({ type: 'orders_counted', data: { crm_id: id, count: 9 } }, { by: old })).status, 200, 'both secrets are good');
    assert.equal((await profile(`email:${email}`)).customer.attributes.orders.value, 9);
  });

  it('counts each webhook-id once, over a crash too', async () => {
    const { email } = await somebody();
    const event = { type: 'order_placed', data: { identity: `email:${email}` } };
    const id = freshId('msg_');
    assert.equal((await tell(event, { id })).status, 200);
    assert.equal((await tell(event, { id })).body.repeated, true);
    await engine.kill();
    await engine.begin();
    assert.equal((await tell(event, { id })).body.repeated, true);
    assert.equal((await profile(`email:${email}`)).customer.attributes.orders.value, 1);
  });

  it('is refused when it is not signed, too old, or makes no sense, and changes nothing', async () => {
    const { email } = await somebody();
    const event = { type: 'order_placed', data: { identity: `email:${email}` } };
    const minutes = (count) => new Date(Date.now() + count * 60_000);
    const cases = [
      [403, event, { by: secret() }],
      [401, event, { headers: { 'webhook-signature': '' } }],
      [403, event, { at: minutes(-6) }],
      [403, event, { at: minutes(6) }],
      [404, event, { name: 'other' }],
      [400, '{', {}],
      [400, { type: 'order_placed' }, {}],
      [400, { type: 'order_placed', data: {} }, {}],
      [400, { type: 'order_placed', data: { identity: 'email:x', crm_id: '1' } }, {}],
      [404, { type: 'order_eaten', data: { identity: `email:${email}` } }, {}],
      [404, { type: 'order_placed', data: { crm_id: 'nobody' } }, {}],
      [400, { type: 'orders_counted', data: { identity: `email:${email}`, count: 'nine' } }, {}],
    ];
    for (const [status, content, how] of cases) {
      const said = await tell(content, how);
      assert.equal(said.status, status, `${JSON.stringify(content)} ${JSON.stringify(how)}: ${JSON.stringify(said.body)}`);
    }
    const body = JSON.stringify(event);
    const id = freshId('msg_');
    const signature = new Webhook(next).sign(id, new Date(), body);
    const flipped = await tell(body.replace('order', 'Order'), { id, headers: { 'webhook-signature': signature } });
    assert.equal(flipped.status, 403);
    assert.equal((await profile(`email:${email}`)).customer.attributes.orders.value, 0);
  });
});
