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
