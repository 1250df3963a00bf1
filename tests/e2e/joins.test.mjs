import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { Visitor } from './support/chat.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const part = (content) => Buffer.from(JSON.stringify(content)).toString('base64url');

describe('customers who turn out to be one', () => {
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
  after(() => engine?.dispose());

  const found = (identity) => engine.shop.get(`/api/v1/customers?identity=${encodeURIComponent(identity)}`);
  const customer = async (identity) => (await found(identity)).body.customer;
  async function bring(rows) {
    const answer = await fetch(`${engine.url}/api/v1/import/customers`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-ndjson', Authorization: `Bearer ${engine.shop.token}` },
      body: rows.map((each) => JSON.stringify(each)).join('\n'),
    });
    assert.equal(answer.status, 200);
    return answer.json();
  }
  const audited = async () => (await root.get('/api/v1/audit')).body.records;
  const proposals = async (of, more = '') => (await ann.client.expect(200, 'GET', `/api/v1/join-proposals?customer=${of}${more}`)).proposals;

  it('are joined at once where the CRM has an address and a number of one person, and can be taken apart for good', async () => {
    const id = freshId('c');
    const mail = `${id}@mail.example`;
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: mail, text: 'hello' });
    await eventually(async () => (await found(`email:${mail}`)).status === 200, 'the customer');
    const writer = await customer(`email:${mail}`);
    assert.equal((await bring([{ external: id, name: 'Ann Archer' }])).created, 1);
    const known = await customer(`external:${id}`);
    assert.notEqual(known.id, writer.id);
    const told = await bring([{ external: id, email: mail }]);
    assert.deepEqual(told.rejected, []);
    const one = (await found(`email:${mail}`)).body;
    assert.deepEqual([one.customer.id, one.customer.merged_from, one.tickets.map((each) => each.id)], [known.id, [writer.id], [ticket]]);
    const record = (await audited()).find((each) => each.action === 'customer.merged' && each.about === `customer:${writer.id}`);
    assert.deepEqual([record.by, record.detail.other], ['crm:shop', `customer:${known.id}`]);
    assert.match(record.detail.reason, new RegExp(`proven together: .*email:${mail}`));
    assert.equal((await ann.client.post(`/api/v1/customers/${known.id}/merge`, { into: writer.id })).status, 409, 'a circle');

    await ann.client.expect(200, 'POST', `/api/v1/customers/${writer.id}/unmerge`, { reason: 'her sister' });
    const again = await bring([{ external: id, email: mail }]);
    assert.match(again.rejected[0].reason, /are of customers/);
    assert.equal((await customer(`email:${mail}`)).id, writer.id, 'what somebody said to be two stays two');
    assert.deepEqual((await proposals(writer.id)), []);
    assert.equal((await proposals(writer.id, '&dismissed=true'))[0].reason, 'her sister');
  });

  it('are only proposed where the CRM has them under two numbers', async () => {
    const [one, other] = [freshId('c'), freshId('c')];
    const phone = `+${freshNumber()}`;
    await bring([{ external: one, phone }, { external: other }]);
    const told = await bring([{ external: other, phone }]);
    assert.equal(told.rejected.length, 1);
    const [ids] = [[(await customer(`external:${one}`)).id, (await customer(`external:${other}`)).id]];
    const [proposed] = await proposals(ids[0]);
    assert.deepEqual(proposed.customers.map((each) => each.id), ids);
    assert.match(proposed.evidence[0], new RegExp(`phone:\\${phone}`));
  });

  it('are proposed to agents when name and an attribute are the same; joined by their word, or never asked again', async () => {
    const key = freshId('n');
    const name = `Maria ${key}`;
    await bring([
      { external: `${key}-1`, name, attributes: { orders: 7 } },
      { external: `${key}-2`, name: name.toUpperCase(), attributes: { orders: 7 } },
      { external: `${key}-3`, name, attributes: { orders: 8 } },
    ]);
    const [first, second, third] = await Promise.all([1, 2, 3].map((each) => customer(`external:${key}-${each}`)));
    assert.equal((await ann.client.post('/api/v1/join-proposals/search', {})).status, 403);
    const searched = await sam.expect(200, 'POST', '/api/v1/join-proposals/search', {});
    assert.ok(searched.proposed >= 1);
    const [proposed] = await proposals(first.id);
    assert.deepEqual(proposed.customers.map((each) => each.id), [first.id, second.id]);
    assert.deepEqual(proposed.evidence, [`name: ${name}`, 'orders: 7']);
    assert.deepEqual(await proposals(third.id), []);
    assert.equal((await customer(`external:${key}-2`)).id, second.id, 'nothing is joined silently');
    assert.equal((await sam.expect(200, 'POST', '/api/v1/join-proposals/search', {})).proposed, 0, 'each once');

    await ann.client.expect(200, 'POST', `/api/v1/join-proposals/${proposed.id}/dismiss`, { reason: 'cousins' });
    assert.deepEqual(await proposals(first.id), []);
    assert.equal((await sam.expect(200, 'POST', '/api/v1/join-proposals/search', {})).proposed, 0, 'stays dismissed');
    await engine.stop();
    await engine.begin();
    assert.equal((await sam.expect(200, 'POST', '/api/v1/join-proposals/search', {})).proposed, 0, 'over a restart too');

    await bring([{ external: `${key}-3`, attributes: { orders: 7 } }]);
    assert.equal((await sam.expect(200, 'POST', '/api/v1/join-proposals/search', {})).proposed, 2);
    const next = (await proposals(third.id)).find((each) => each.customers[0].id === first.id);
    assert.equal((await ann.client.post(`/api/v1/join-proposals/${next.id}/accept`, { into: second.id })).status, 400);
    await ann.client.expect(200, 'POST', `/api/v1/join-proposals/${next.id}/accept`, {});
    assert.equal((await customer(`external:${key}-3`)).id, first.id);
    assert.equal((await ann.client.post(`/api/v1/join-proposals/${next.id}/accept`, {})).status, 404);
    const record = (await audited()).find((each) => each.action === 'customer.merged' && each.about === `customer:${third.id}`);
    assert.equal(record.detail.reason, `name: ${name}; orders: 7`);
    assert.deepEqual(await proposals(second.id), [], 'what was said of one holds for who goes on');
  });
});

describe('a visitor with a signed token', () => {
  it('is joined with whom the token names', async () => {
    const secret = 'a-secret-of-the-page-0123456789ab';
    const engine = await Engine.start({ channels: { webchat: { connector: 'webchat', identity_secret: secret } } });
    try {
      const key = freshId('t');
      const mail = `${key}@mail.example`;
      await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: mail, text: 'hello' });
      await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: key, text: 'hello' });
      const customer = async (identity) => (await engine.shop.get(`/api/v1/customers?identity=${encodeURIComponent(identity)}`)).body.customer;
      await eventually(async () => (await customer(`external:${key}`)) && (await customer(`email:${mail}`)), 'both customers');
      const before = [(await customer(`external:${key}`)).id, (await customer(`email:${mail}`)).id];
      assert.notEqual(before[0], before[1]);
      const claims = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: key, email: mail, exp: Math.floor(Date.now() / 1000) + 600 })}`;
      const token = `${claims}.${createHmac('sha256', secret).update(claims).digest('base64url')}`;
      const visitor = await Visitor.arrive(engine);
      visitor.identity = token;
      visitor.write('it is me');
      await eventually(async () => (await customer(`email:${mail}`)).id === before[0], 'the join');
      const one = (await customer(`external:${key}`));
      assert.ok(one.merged_from.includes(before[1]));
      assert.ok(one.identities.some((each) => each.identity.startsWith('webchat:')));
    } finally {
      await engine.dispose();
    }
  });
});
