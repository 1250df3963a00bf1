import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Burst, judged } from './support/burst.mjs';
import { Engine } from './support/engine.mjs';
import { freePorts } from './support/ports.mjs';
import { Redis } from './support/redis.mjs';
import { eventually } from './support/wait.mjs';

const nothing = { lost: [], doubled: [], unknown: [], split: [] };

describe('a failover of Redis to a replica that lagged, without WAIT', () => {
  let master;
  let replica;
  let sentinel;
  let sentinelPort;
  let engine;
  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  const length = async (server) => Number((await server.say('XLEN', 'kindred:{main}:log')).slice(1));
  before(async () => {
    master = await Redis.start();
    replica = await Redis.start(['--replicaof', `127.0.0.1 ${master.port}`]);
    await eventually(async () => (await master.say('INFO', 'replication')).includes('state=online'), 'the replica', { within: 20_000 });
    [sentinelPort] = await freePorts(1);
    const config = join(master.folder, 'sentinel.conf');
    await writeFile(config, [`port ${sentinelPort}`, 'bind 127.0.0.1', `dir ${master.folder}`, `sentinel monitor mymaster 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds mymaster 1000', 'sentinel failover-timeout mymaster 5000', ''].join('\n'));
    sentinel = spawn('redis-server', [config, '--sentinel'], { stdio: 'ignore' });
    const asked = Object.assign(new Redis(), { port: sentinelPort, place: { host: '127.0.0.1', within: [] } });
    await eventually(async () => (await asked.say('SENTINEL', 'replicas', 'mymaster')).includes(String(replica.port)), 'the sentinel', { within: 20_000 });
    engine = await Engine.start({ store: { redis: { sentinels: [`127.0.0.1:${sentinelPort}`], node: 'only', copy: 'copy/kindred.db', lease: '2s' } } });
  });
  after(async () => {
    await engine?.dispose();
    if (sentinel) {
      const gone = once(sentinel, 'exit');
      sentinel.kill('SIGKILL');
      await gone;
    }
    for (const each of [replica, master]) await each?.dispose();
  });

  it('loses nothing that was acknowledged: the node puts back what the new master lacks', { timeout: 150_000 }, async (t) => {
    const burst = new Burst(engine);
    t.after(() => burst.end());
    burst.begin(1);
    await eventually(() => burst.acknowledged.size >= 20, 'a beginning');
    await eventually(async () => await length(replica) > 0, 'the replica to hear of them');  // a master says online before it sends what is new
    await replica.say('CONFIG', 'SET', 'masterauth', 'another');  // once it is cut off, it does not come back
    await master.say('CLIENT', 'KILL', 'TYPE', 'replica');
    const heard = await length(replica);
    assert.ok(heard > 0);
    const early = burst.acknowledged.size;
    await eventually(() => burst.acknowledged.size >= early + 30, 'messages that the replica does not hear of');
    assert.equal(await length(replica), heard);
    const ahead = await length(master) - heard;
    assert.ok(ahead > 0);
    await master.kill();
    await eventually(async () => (await replica.say('ROLE')).includes('master'), 'the failover', { within: 60_000 });
    await eventually(async () => await engine.metric('kindred_site_batches_put_back_total') > 0, 'what is put back', { within: 30_000 });
    await pause(300);
    await burst.end();
    await eventually(async () => {
      await burst.resend();
      return burst.unacknowledged.size === 0;
    }, 'everything to be taken', { within: 30_000, every: 200 });
    assert.deepEqual(await judged(engine, burst), nothing);
    assert.equal(await engine.metric('kindred_site_rollbacks_total'), 1);
    assert.equal(await engine.metric('kindred_site_contacts_lost_total'), 0);
    t.diagnostic(`${burst.acknowledged.size} messages, ${await engine.metric('kindred_site_batches_put_back_total')} batches put back, ` +
      `${await engine.metric('kindred_site_contacts_repaired_total')} contacts in them`);
  });
});
