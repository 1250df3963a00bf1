import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Burst, judged } from './support/burst.mjs';
import { binary, Engine } from './support/engine.mjs';
import { Redis } from './support/redis.mjs';
import { eventually } from './support/wait.mjs';

const nothing = { lost: [], doubled: [], unknown: [], split: [] };
const leaseSeconds = 2;

describe('a site in Redis', () => {
  let redis;
  before(async () => {
    redis = await Redis.start(['--appendfsync', 'always']);
  });
  after(() => redis.dispose());

  const node = (name, site, more = {}) => ({
    store: { redis: { server: `127.0.0.1:${redis.port}`, site, node: name, copy: 'copy/kindred.db', lease: `${leaseSeconds}s`, ...more } },
  });
  const status = (engine) => {
    const ran = spawnSync(binary, ['cluster', 'status', '--json', '--config', join(engine.folder, 'kindred.yaml')], { encoding: 'utf8' });
    return { code: ran.status, ...JSON.parse(ran.stdout) };
  };
  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

  it('loses and doubles nothing when a node is killed and its folder is gone', { timeout: 240_000 }, async (t) => {
    const engine = await Engine.start(node('only', 'folder-gone'));
    try {
      const burst = new Burst(engine);
      for (let cycle = 0; cycle < 8; cycle += 1) {
        burst.begin(cycle);
        await pause(50 + Math.random() * 450);
        await engine.kill();
        await burst.end();
        if (cycle % 2 === 0) await rm(join(engine.folder, 'copy'), { recursive: true });
        await engine.begin();
        await burst.resend();
      }
      assert.equal(burst.unacknowledged.size, 0, 'everything was taken at last');
      for (const request of [...burst.acknowledged.values()].slice(-50)) assert.equal((await engine.anyone.deliver(request)).status, 200);
      assert.deepEqual(await judged(engine, burst), nothing);
      t.diagnostic(`${burst.acknowledged.size} messages`);
    } finally {
      await engine.dispose();
    }
  });

  it('goes on at another node: within the lease and two seconds after a kill, at once after a drain', { timeout: 120_000 }, async (t) => {
    const first = await Engine.start(node('first', 'two-nodes'));
    const second = await Engine.prepared(node('second', 'two-nodes'));
    try {
      second.launch();
      const burst = new Burst(first);
      burst.begin(1);
      await pause(1500);
      assert.equal(await second.metric('kindred_node_leads'), 0, 'a node that follows does not lead');
      const both = status(second);
      assert.deepEqual([both.code, both.leader.node, both.followers.map(({ node: name }) => name)], [0, 'first', ['second']]);
      assert.ok(both.followers[0].batches_behind <= both.batches && both.leader.lease_left_s <= leaseSeconds);
      const before = Date.now();
      await first.kill();
      await second.leads(leaseSeconds * 1000 + 2000);
      t.diagnostic(`taken over ${Date.now() - before} ms after the kill`);
      burst.engine = second;
      await pause(300);
      await burst.end();
      await burst.resend();

      first.launch();  // it has the copy of before: what it lacks, the log has
      await pause(1000);
      const asked = Date.now();
      assert.equal(await second.stop(), 0);
      const drained = Date.now();
      await first.leads(2000);
      t.diagnostic(`drained in ${drained - asked} ms, handed over ${Date.now() - drained} ms later`);
      burst.engine = first;
      burst.begin(2);
      await pause(300);
      await burst.end();
      assert.equal(burst.unacknowledged.size, 0);
      assert.deepEqual(await judged(first, burst), nothing);
    } finally {
      await first.dispose();
      await second.dispose();
    }
  });

  it('is made of a file, and a file is made of it', { timeout: 120_000 }, async () => {
    const engine = await Engine.start();
    const moved = node('only', 'moved');
    const config = join(engine.folder, 'kindred.yaml');
    const migrate = (from, to) => spawnSync(binary, ['migrate', '--from', from, '--to', to], { encoding: 'utf8' });
    try {
      const burst = new Burst(engine);
      burst.begin(1);
      await pause(200);
      await burst.end();
      await engine.reconfigure((settings) => { settings.store = moved.store; });
      const file = join(engine.folder, 'store/kindred.db');
      assert.equal(migrate(`sqlite:${file}`, `redis:${config}`).status, 3, 'the engine has it open');
      await engine.stop();
      const into = migrate(`sqlite:${file}`, `redis:${config}`);
      assert.equal(into.status, 0, into.stderr);
      await engine.begin();
      burst.begin(2);
      await pause(200);
      await burst.end();
      await engine.stop();
      const back = join(engine.folder, 'store/back.db');
      const out = migrate(`redis:${config}`, `sqlite:${back}`);
      assert.equal(out.status, 0, out.stderr);
      await engine.reconfigure((settings) => { settings.store = { sqlite: back }; });
      await engine.begin();
      for (const request of [...burst.acknowledged.values()].slice(0, 20)) assert.equal((await engine.anyone.deliver(request)).status, 200);
      assert.deepEqual(await judged(engine, burst), nothing);
      assert.equal(migrate('sqlite:a', 'sqlite:b').status, 2);
    } finally {
      await engine.dispose();
    }
  });

  it('is written by one node though the one before it wakes up again', { timeout: 120_000 }, async () => {
    const first = await Engine.start(node('first', 'paused'));
    const second = await Engine.prepared(node('second', 'paused'));
    try {
      second.launch();
      const burst = new Burst(first);
      burst.begin(1);
      await pause(300);
      first.signal('SIGSTOP');
      await second.leads(leaseSeconds * 1000 + 2000);
      first.signal('SIGCONT');
      await burst.end();
      burst.engine = second;
      await burst.resend();
      assert.equal(burst.unacknowledged.size, 0);
      assert.deepEqual(await judged(second, burst), nothing);
      // The one that was paused follows now, and takes its turn again.
      assert.equal(await second.stop(), 0);
      await first.leads(3000);
      assert.deepEqual(await judged(first, burst), nothing);
    } finally {
      await first.dispose();
      await second.dispose();
    }
  });

  it('is not acknowledged while Redis cannot take it, and goes on by itself', { timeout: 120_000 }, async () => {
    const engine = await Engine.start(node('only', 'redis-gone'));
    try {
      const burst = new Burst(engine);
      burst.begin(1);
      await pause(300);
      await redis.kill();
      await pause(500);
      const held = burst.acknowledged.size;
      await pause(300);
      assert.equal(burst.acknowledged.size, held, 'nothing is acknowledged without Redis');
      await redis.begin();
      await pause(1500);
      await burst.end();
      await burst.resend();
      assert.equal(burst.unacknowledged.size, 0);
      assert.ok(burst.acknowledged.size > held);
      assert.deepEqual(await judged(engine, burst), nothing);
    } finally {
      await engine.dispose();
    }
  });

  it('is given nothing while Redis has lost everything, and goes on by itself once that has its files again', { timeout: 120_000 }, async () => {
    const leading = await Engine.start(node('leading', 'lost-and-found'));
    const following = await Engine.prepared(node('following', 'lost-and-found'));
    try {
      await following.begin();
      const burst = new Burst(leading);
      burst.begin(1);
      await eventually(() => burst.acknowledged.size >= 20, 'a beginning');
      const files = join(redis.folder, 'appendonlydir');
      await redis.kill();
      await rename(files, `${files}-kept`);
      await redis.begin();
      for (const engine of [leading, following]) {
        await eventually(() => {
          if (!engine.running) throw new Error(`ended: ${engine.logs}`);
          return engine.logs.includes('Redis does not have this site');
        }, 'the loss to be noticed', { within: 20_000 });
        assert.equal((await fetch(`${engine.adminUrl}/readyz`)).status, 503);
      }
      const held = burst.acknowledged.size;
      await pause(300);
      assert.equal(burst.acknowledged.size, held, 'nothing is acknowledged');
      assert.match(await redis.say('KEYS', 'kindred:{lost-and-found}*'), /^\*0/, 'nothing is written');
      await redis.kill();
      await rm(files, { recursive: true });
      await rename(`${files}-kept`, files);
      await redis.begin();
      await eventually(() => burst.acknowledged.size > held, 'one of them to lead', { within: 20_000 });
      await burst.end();
      await burst.resend();
      assert.equal(burst.unacknowledged.size, 0);
      assert.deepEqual(await judged(leading, burst), nothing);
      assert.equal(leading.running && following.running, true);
    } finally {
      await following.dispose();
      await leading.dispose();
    }
  });
});
