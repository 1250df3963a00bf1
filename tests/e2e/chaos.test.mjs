import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faults } from '../../tools/chaos.d/faults.mjs';
import { Namespaces } from '../../tools/chaos.d/network.mjs';
import { convicts, runOnce } from '../../tools/chaos.d/run.mjs';

/** A handful of what tools/chaos does, once each. */
const chosen = ['node-kill', 'node-stop', 'node-drain', 'master-kill', 'maxmemory', 'master-lost', 'slot-migration', 'partition-deaf'];

describe('a site in Redis, broken under load', () => {
  const refused = Namespaces.refused();
  for (const name of chosen) {
    const fault = faults[name];
    const skip = fault.namespaces && refused ? `NOT RUN: this machine makes no network namespaces: ${refused}` : false;
    if (skip) process.stderr.write(`${name}: ${skip}\n`);
    it(`${name}: ${fault.what}`, { timeout: 240_000, skip }, async (t) => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const verdict = await runOnce(fault, { seed, longest: 3, before: 0.5, after: 1 });
      const told = (kind) => `${kind}: ${verdict.found[kind].slice(0, 5).join('; ')}`;
      assert.deepEqual(convicts(verdict).map(told), [], `seed ${seed}`);
      assert.ok(verdict.contacts > 0 && verdict.work > 0, 'there was work');
      t.diagnostic(`${verdict.contacts} contacts and ${verdict.work} acts, nothing acknowledged for ${verdict.silent_s.toFixed(1)} s, seed ${seed}`);
    });
  }
});
