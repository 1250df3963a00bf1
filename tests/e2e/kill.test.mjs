import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Burst, judged } from './support/burst.mjs';
import { Engine } from './support/engine.mjs';

const cycles = Number(process.env.KINDRED_KILL_CYCLES ?? 20);

describe('kill -9', () => {
  it(`loses and doubles nothing in ${cycles} cycles`, { timeout: 60_000 + cycles * 10_000 }, async (t) => {
    const engine = await Engine.start();
    try {
      const burst = new Burst(engine);
      for (let cycle = 0; cycle < cycles; cycle += 1) {
        burst.begin(cycle);
        await new Promise((resolve) => { setTimeout(resolve, 50 + Math.random() * 450); });
        await engine.kill();
        await burst.end();
        await engine.begin();
        await burst.resend();
      }
      assert.equal(burst.unacknowledged.size, 0, 'everything was taken at last');
      for (const request of [...burst.acknowledged.values()].slice(-100)) assert.equal((await engine.anyone.deliver(request)).status, 200);
      assert.deepEqual(await judged(engine, burst), { lost: [], doubled: [], unknown: [], split: [] });
      t.diagnostic(`${burst.acknowledged.size} messages in ${cycles} cycles`);
    } finally {
      await engine.dispose();
    }
  });
});
