import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { addResult, readResults, remaining, summarise, table } from '../../tools/chaos.d/results.mjs';

const run = (fault, number, more = {}) => ({
  at: `2026-01-0${number + 1}`, tree: 'abc', fault, number, nodes: 2, contacts: 10, work: 20, silent_s: 1 + number, sent_again: 1, wrong: [], ended: [],
  found: { lost: 0, lost_work: 0, out_of_order: 0 }, ...more,
});

describe('the results of tools/chaos', () => {
  it('are read as they were written, and there are none before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kindred-results-'));
    const file = join(folder, 'deep/results.ndjson');
    try {
      assert.deepEqual(await readResults(file), []);
      for (const row of [run('a', 0), run('b', 0)]) await addResult(file, row);
      assert.deepEqual(await readResults(file), [run('a', 0), run('b', 0)]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('say which runs are left: not those that were judged, sound or not, in the same way', () => {
    const rows = [run('a', 0), run('a', 1, { wrong: ['lost'] }), run('b', 0, { failed: 'no server' }), run('b', 1, { nodes: 3 }), run('c', 0, { asked_waits: 0 })];
    const left = (names, way) => remaining(names, { times: 2, nodes: 2, ...way }, rows).map(({ name, number }) => `${name}${number}`);
    assert.deepEqual(left(['a', 'b', 'c']), ['b0', 'c0', 'b1', 'c1']);
    assert.deepEqual(left(['b'], { nodes: 3 }), ['b0']);
    assert.deepEqual(left(['c'], { waits: 0 }), ['c1']);
  });

  it('are summed up by fault and way', () => {
    const [first, second, ...more] = summarise([
      run('a', 0), run('a', 1, { wrong: ['out_of_order'], found: { lost: 0, lost_work: 0, out_of_order: 3 }, ended: [{ node: 'node1', code: 3 }] }),
      run('a', 2, { failed: 'no server' }), run('a', 0, { asked_waits: 0, found: { lost: 2, lost_work: 1, out_of_order: 0 }, tree: 'def' }),
    ]);
    assert.deepEqual(more, []);
    assert.deepEqual(first, {
      fault: 'a', nodes: 2, wait_replicas: 'all', runs: 2, messages: 20, acts: 40, silent_s: [1, 2], sent_again: 2, unsound: 1, out_of_order: 1, runs_with_losses: 0,
      lost_messages: 0, lost_acts: 0, nodes_ended: 1, not_judged: 1, from: '2026-01-01', until: '2026-01-03', trees: ['abc'],
    });
    assert.equal(second.wait_replicas, 0);
    assert.deepEqual([second.runs_with_losses, second.lost_messages, second.lost_acts, second.trees], [1, 2, 1, ['def']]);
    assert.match(table([first, second]), /^fault .*\na .* all .* 1\.0 to 2\.0 .*\na .* 2\+1 /);
  });
});
