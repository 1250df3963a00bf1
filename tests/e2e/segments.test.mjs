import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';

describe('kindred segments', () => {
  let engine;
  let ann;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(() => engine?.dispose());

  function segments(...words) {
    return new Promise((resolve) => {
      execFile(binary, ['segments', '--store', join(engine.folder, 'store/kindred.db'), ...words], (failed, out, err) => resolve({ code: failed?.code ?? 0, out, err }));
    });
  }

  it('compares the customers of a store that is in use', async () => {
    for (let each = 0; each < 4; ++each) {
      const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('s')}@mail.example`, text: 'hello' });
      await ann.resolve(await ann.take((held) => held.id === ticket), 'solved');
    }
    const answer = await segments('--json');
    assert.equal(answer.code, 0, answer.err);
    const report = JSON.parse(answer.out);
    assert.deepEqual([report.customers, report.tickets], [4, 4]);
    assert.ok(report.sizes.length > 0);
    for (const dimension of new Set(report.sizes.map((each) => each.dimension)))
      assert.equal(report.sizes.filter((each) => each.dimension === dimension).reduce((sum, each) => sum + each.customers, 0), 4);
    assert.ok(report.comparisons.every((each) => each.adjusted_p >= 0 && each.adjusted_p <= 1));
    assert.match((await segments()).out, /^4 customers with 4 resolved tickets/);
  });

  it('says what is wrong with the question', async () => {
    assert.equal((await segments('--from', 'yesterday')).code, 2);
    assert.equal((await segments('--from', '2026-02-01T00:00:00Z', '--until', '2026-01-01T00:00:00Z')).code, 2);
  });
});
