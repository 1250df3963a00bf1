import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Burst, judged } from './support/burst.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freePorts } from './support/ports.mjs';
import { Redis } from './support/redis.mjs';
import { Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const nothing = { lost: [], doubled: [], unknown: [], split: [] };

function cli(server, ...words) {
  const ran = spawnSync('redis-cli', ['-p', String(server.port), ...words], { encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout.trim();
}

/** Three masters of a cluster. */
async function startCluster(more = []) {
  const masters = [];
  for (const bus of await freePorts(3))
    masters.push(await Redis.start(['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-node-timeout', '2000', ...more]));
  const made = spawnSync('redis-cli', ['--cluster', 'create', ...addressesOf(masters), '--cluster-yes'], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stdout + made.stderr);
  await eventually(() => masters.every((each) => cli(each, 'CLUSTER', 'INFO').includes('cluster_state:ok')), 'the cluster', { within: 20_000 });
  return masters;
}

const addressesOf = (masters) => masters.map((each) => `127.0.0.1:${each.port}`);

describe('a site in a Redis Cluster', () => {
  let masters = [];
  let engine;
  let burst;
  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  before(async () => {
    masters = await startCluster();
    engine = await Engine.start({ store: { redis: { cluster: addressesOf(masters).slice(0, 2), site: 'shop', node: 'only', copy: 'copy/kindred.db', lease: '2s' } } });
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

describe('a large site in a Redis Cluster', () => {
  const mails = 190;
  const letters = 45_000;
  let masters = [];
  let engine;
  let second;
  const store = (node) => ({ redis: { cluster: addressesOf(masters), site: 'large', node, copy: 'copy/kindred.db', lease: '2s' } });
  const keysOf = (each) => cli(each, 'KEYS', 'kindred:{large/*').split('\n').filter((key) => key !== '');
  const status = (of) => {
    const ran = spawnSync(binary, ['cluster', 'status', '--config', join(of.folder, 'kindred.yaml'), '--json'], { encoding: 'utf8' });
    assert.notEqual(ran.stdout, '', ran.stderr);
    return JSON.parse(ran.stdout);
  };
  const count = async (of) => {
    const found = await (await of.login('sam')).tickets({ limit: 200 });
    return found.length;
  };
  const sign = new Signer();
  const mail = async (of, number) => {
    // Nothing that could be compressed, so that there are many pieces.
    const text = randomBytes(letters).toString('base64').replace(/.{76}/g, '$&\n');
    return (await of.anyone.deliver(sign.mailgun({ from: `c${number}@mail.example`, subject: 'Long', text }))).status;
  };
  before(async () => {
    masters = await startCluster(['--cluster-require-full-coverage', 'no']);
    engine = await Engine.start();
    for (let number = 1; number <= mails; number += 1) assert.equal(await mail(engine, number), 200);
    await engine.stop();
    await engine.reconfigure((settings) => { settings.store = store('first'); });
    const config = join(engine.folder, 'kindred.yaml');
    const moved = spawnSync(binary, ['migrate', '--from', `sqlite:${join(engine.folder, 'store/kindred.db')}`, '--to', `redis:${config}`], { encoding: 'utf8' });
    assert.equal(moved.status, 0, moved.stderr);
  });
  after(async () => {
    await second?.dispose();
    await engine?.dispose();
    for (const each of masters) await each.dispose();
  });

  it('has the pieces of its snapshot with several masters, and a node that has nothing begins with them', { timeout: 120_000 }, async (t) => {
    const spread = masters.map((each) => keysOf(each).length);
    t.diagnostic(`pieces with each master: ${spread}`);
    assert.ok(spread.filter((here) => here > 0).length > 1);
    await engine.begin();
    assert.equal(await count(engine), mails);
    const said = status(engine);
    assert.equal(said.snapshot_pieces, spread.reduce((sum, here) => sum + here));
    assert.equal(said.snapshot_pieces_lacking, 0);
  });

  it('goes on while a master is away that has pieces, and a node that needs them waits until it is back', { timeout: 180_000 }, async () => {
    const slot = cli(masters[0], 'CLUSTER', 'KEYSLOT', 'kindred:{large}:log');
    const away = masters.find((each) => keysOf(each).length > 0 && Number(cli(each, 'CLUSTER', 'COUNTKEYSINSLOT', slot)) === 0);
    await away.kill();
    second = await Engine.prepared({ doubles: engine.doubles, store: store('second') });
    second.launch();
    await eventually(async () => second.logs.includes('Redis does not answer'), 'the node to say what it lacks', { within: 60_000 });
    await eventually(async () => (await mail(engine, 'late')) === 200, 'a mail to be taken in', { within: 30_000 });
    assert.equal(status(engine).snapshot_pieces_lacking, null);
    await away.begin();
    await second.ready(60_000);
    // Where the cluster takes nothing for longer than a lease, either of them leads afterwards.
    const isThere = ({ leader, followers }) => leader?.node === 'second' || followers.some((each) => each.node === 'second' && each.batches_behind === 0);
    await eventually(() => isThere(status(engine)), 'it to follow, or lead', { within: 60_000 });
    assert.equal(await engine.stop(), 0);
    await second.leads(60_000);
    assert.equal(await count(second), mails + 1);
  });

  it('gets another snapshot where a master has lost a piece', { timeout: 120_000 }, async () => {
    const has = masters.find((each) => keysOf(each).length > 0);
    cli(has, 'DEL', keysOf(has)[0]);
    assert.equal(status(second).snapshot_pieces_lacking, 1);
    await engine.begin();
    await second.stop();
    await engine.leads(60_000);
    await eventually(async () => status(engine).snapshot_pieces_lacking === 0, 'another snapshot', { within: 90_000 });
    assert.equal(await engine.metric('kindred_site_snapshots_broken_total'), 1);
    assert.equal(await count(engine), mails + 1);
  });
});
