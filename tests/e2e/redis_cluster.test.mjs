import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { Burst, judged } from './support/burst.mjs';
import { Engine } from './support/engine.mjs';
import { freePorts } from './support/ports.mjs';
import { Redis } from './support/redis.mjs';
import { eventually } from './support/wait.mjs';

const nothing = { lost: [], doubled: [], unknown: [], split: [] };

describe('a site in a Redis Cluster', () => {
  const masters = [];
  let engine;
  let burst;
  const cli = (server, ...words) => {
    const ran = spawnSync('redis-cli', ['-p', String(server.port), ...words], { encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout.trim();
  };
  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  before(async () => {
    for (const bus of await freePorts(3))
      masters.push(await Redis.start(['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-node-timeout', '2000']));
    const all = masters.map((each) => `127.0.0.1:${each.port}`);
    const made = spawnSync('redis-cli', ['--cluster', 'create', ...all, '--cluster-yes'], { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stdout + made.stderr);
    await eventually(() => masters.every((each) => cli(each, 'CLUSTER', 'INFO').includes('cluster_state:ok')), 'the cluster', { within: 20_000 });
    engine = await Engine.start({ store: { redis: { cluster: all.slice(0, 2), site: 'shop', node: 'only', copy: 'copy/kindred.db', lease: '2s' } } });
    burst = new Burst(engine);
  });
  after(async () => {
    await engine?.dispose();
    for (const each of masters) await each.dispose();
  });

  it('goes on while its slot moves from one master to the next, and loses and doubles nothing', { timeout: 120_000 }, async (t) => {
    const slot = cli(masters[0], 'CLUSTER', 'KEYSLOT', 'kindred:{shop}:log');
    const owner = () => masters.findIndex((each) => Number(cli(each, 'CLUSTER', 'COUNTKEYSINSLOT', slot)) > 0);
    const ids = masters.map((each) => cli(each, 'CLUSTER', 'MYID'));
    burst.begin(1);
    await pause(300);
    for (let round = 0; round < 3; round += 1) {
      const from = owner();
      const to = (from + 1) % masters.length;
      cli(masters[to], 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', ids[from]);
      cli(masters[from], 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', ids[to]);
      for (;;) {
        const keys = cli(masters[from], 'CLUSTER', 'GETKEYSINSLOT', slot, '1').split('\n').filter((key) => key !== '');
        if (keys.length === 0) break;
        assert.equal(cli(masters[from], 'MIGRATE', '127.0.0.1', String(masters[to].port), '', '0', '5000', 'KEYS', ...keys), 'OK');
        await pause(20);
      }
      for (const each of [masters[to], masters[from]]) cli(each, 'CLUSTER', 'SETSLOT', slot, 'NODE', ids[to]);
      await pause(200);
    }
    await burst.end();
    await burst.resend();
    assert.equal(burst.unacknowledged.size, 0);
    assert.deepEqual(await judged(engine, burst), nothing);
    assert.ok(await engine.metric('kindred_redis_refusals_total', { reason: 'moved' }) > 0);
    t.diagnostic(`${burst.acknowledged.size} messages`);
  });

  it('starts again from it', { timeout: 60_000 }, async () => {
    await engine.kill();
    await engine.begin();
    assert.deepEqual(await judged(engine, burst), nothing);
  });
});
