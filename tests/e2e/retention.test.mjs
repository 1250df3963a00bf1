import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const kindred = (engine, ...words) =>
  new Promise((resolve) => { execFile(binary, words, { cwd: engine.folder }, (failed, out, err) => resolve({ code: failed?.code ?? 0, out, err })); });

describe('what its time is over for', () => {
  it('leaves a closed ticket without its words, and reports as they were', async () => {
    const engine = await Engine.start({ retention: { contact_texts: '1s', audit: '365d', every: '1s' } });
    try {
      const ann = await Agent.arrive(engine, 'ann');
      const sam = await engine.login('sam');
      const root = await engine.login('root');
      const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('r')}@mail.example`, subject: 'walnut', text: 'my walnut lamp' });
      const held = await ann.take((each) => each.id === ticket);
      await ann.note(held, 'mahogany, really');
      await ann.reply(held, 'a walnut for you');
      await eventually(async () => (await ann.client.ticket(ticket)).deliveries.every((each) => each.state !== 'pending'), 'the reply to be settled');
      await ann.resolve(held, 'solved');
      const period = `from=2020-01-01&until=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}`;
      const figures = async () => {
        const rows = {};
        for (const name of ['volume', 'first-response', 'resolution']) rows[name] = (await sam.expect(200, 'GET', `/api/v1/reports/${name}?${period}`)).rows;
        return rows;
      };
      const before = await figures();
      await eventually(async () => !/walnut|mahogany/.test(JSON.stringify(await ann.client.ticket(ticket))), 'the words go', { within: 15_000, every: 200 });
      const left = await ann.client.ticket(ticket);
      assert.equal(left.ticket.status, 'resolved');
      for (const kind of ['contact', 'note', 'reply']) assert.ok(left.entries.some((each) => each.kind === kind), `that there was a ${kind} is still known`);
      assert.deepEqual(await figures(), before);
      const { customer } = left.ticket;
      assert.doesNotMatch((await root.get(`/api/v1/customers/${customer.id}/export`)).text, /walnut|mahogany/);
      assert.equal(await engine.metric('kindred_retention_removed_total', { kind: 'contact_texts' }), 1);
    } finally {
      await engine.dispose();
    }
  });

  it('goes by itself, counted and on the audit log, which stays whole', async () => {
    const engine = await Engine.start({ retention: { closed_tickets: '2s', customers: '2s', every: '1s' } });
    try {
      const ann = await Agent.arrive(engine, 'ann');
      const root = await engine.login('root');
      const from = `${freshId('r')}@mail.example`;
      const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text: 'hello' });
      const waits = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: freshId('w'), text: 'brisk hello' });
      const held = await ann.take((each) => each.id === ticket);
      await ann.resolve(held, 'solved');
      await eventually(async () => (await root.get(`/api/v1/tickets/${ticket}`)).status === 404, 'the ticket goes', { within: 15_000, every: 200 });
      await eventually(
        async () => (await engine.shop.get(`/api/v1/customers?identity=${encodeURIComponent(`email:${from}`)}`)).status === 404, 'the customer goes',
        { within: 15_000, every: 200 });
      assert.equal((await root.get(`/api/v1/tickets/${waits.ticket}`)).status, 200, 'what is open stays');
      assert.equal(await engine.metric('kindred_retention_removed_total', { kind: 'closed_tickets' }), 1);
      assert.equal(await engine.metric('kindred_retention_removed_total', { kind: 'customers' }), 1);
      const { records } = (await root.get('/api/v1/audit')).body;
      const told = records.find((each) => each.action === 'retention.closed_tickets');
      assert.deepEqual([told.by, told.detail.removed], ['retention', 1]);
      assert.equal(records.find((each) => each.action === 'customer.erased').by, 'retention');
      const verified = await kindred(engine, 'audit', 'verify', '--config', join(engine.folder, 'kindred.yaml'));
      assert.equal(verified.code, 0, verified.err);
    } finally {
      await engine.dispose();
    }
  });
});
