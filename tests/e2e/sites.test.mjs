import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Burst, judged } from './support/burst.mjs';
import { binary, Engine } from './support/engine.mjs';
import { Redis } from './support/redis.mjs';
import { eventually } from './support/wait.mjs';

const names = ['north', 'south', 'east'];
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

const answers = (engine) => eventually(async () => (await fetch(`${engine.adminUrl}/readyz`)).status === 200, 'readyz', { within: 30_000 });

/** What runs on one machine: `kindred serve --sites`, and the folders of its sites. */
class Node {
  logs = '';

  static async prepared(name, redis) {
    const node = new Node();
    node.folder = await mkdtemp(join(tmpdir(), 'kindred-sites-'));
    node.sites = {};
    for (const site of names) {
      node.sites[site] = await Engine.prepared({ store: { redis: { server: `127.0.0.1:${redis.port}`, site, node: name, copy: 'copy/kindred.db', lease: '2s' } } });
      await symlink(node.sites[site].folder, join(node.folder, site));
    }
    return node;
  }

  launch() {
    this.process = spawn(binary, ['serve', '--sites', this.folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.process, 'exit').then(([code]) => code);
    for (const stream of [this.process.stdout, this.process.stderr]) stream.setEncoding('utf8').on('data', (text) => { this.logs += text; });
  }

  /** The processes of the sites, by name. */
  children() {
    const listed = spawnSync('ps', ['--ppid', String(this.process.pid), '-o', 'pid=,args='], { encoding: 'utf8' }).stdout;
    const found = listed.trim().split('\n').filter(Boolean).map((line) => /^\s*(\d+) .*\/([^/]+)\/kindred\.yaml$/.exec(line));
    return Object.fromEntries(found.filter(Boolean).map(([, pid, site]) => [site, Number(pid)]));
  }

  async stop() {
    this.process.kill('SIGTERM');
    return this.ended;
  }

  async dispose() {
    if (this.process && this.process.exitCode === null) { this.process.kill('SIGKILL'); await this.ended; }
    for (const site of Object.values(this.sites)) await site.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}

describe('many sites on two nodes', () => {
  let redis;
  let first;
  let second;
  before(async () => {
    redis = await Redis.start(['--appendfsync', 'always']);
    first = await Node.prepared('first', redis);
    second = await Node.prepared('second', redis);
  });
  after(async () => {
    await first?.dispose();
    await second?.dispose();
    await redis?.dispose();
  });

  /** Who leads what, as `kindred cluster status` tells it at any of the sites. */
  const leaders = () => {
    const config = join(first.sites.north.folder, 'kindred.yaml');
    const { stdout, stderr } = spawnSync(binary, ['cluster', 'status', '--json', '--config', config], { encoding: 'utf8' });
    assert.notEqual(stdout, '', stderr);
    return Object.fromEntries(JSON.parse(stdout).sites.map(({ site, node }) => [site, node]));
  };
  const counts = () => {
    const led = Object.values(leaders());
    return ['first', 'second'].map((name) => led.filter((each) => each === name).length);
  };

  it('are begun by one command, and spread when another node comes', { timeout: 120_000 }, async () => {
    first.launch();
    await eventually(() => counts()[0] === names.length, 'the first node leads all', { within: 30_000 });
    const engines = names.map((site) => first.sites[site]);
    for (const engine of engines) await answers(engine);
    const bursts = engines.map((engine) => new Burst(engine));
    bursts.forEach((burst) => burst.begin(1));
    second.launch();
    await eventually(() => counts()[1] === 1, 'one of three moves to the second node', { within: 60_000, every: 200 });
    const led = leaders();
    for (const [i, site] of names.entries()) {
      const leads = led[site] === 'first' ? first.sites[site] : second.sites[site];
      await answers(leads);
      bursts[i].engine = leads;
    }
    await pause(300);
    for (const burst of bursts) { await burst.end(); await burst.resend(); }
    for (const [i] of names.entries()) assert.deepEqual(await judged(bursts[i].engine, bursts[i]), { lost: [], doubled: [], unknown: [], split: [] });
    await pause(4000);
    assert.deepEqual(leaders(), led, 'nothing moves any more');
  });

  it('come back when a process dies, and follow the folder at SIGHUP', { timeout: 120_000 }, async () => {
    const { north } = first.children();
    process.kill(north, 'SIGKILL');
    await eventually(() => first.children().north > 0 && first.children().north !== north, 'another process for the site', { within: 30_000 });
    const away = join(first.folder, '..', `${first.folder.split('/').at(-1)}-east`);
    await rename(join(first.folder, 'east'), away);
    first.process.kill('SIGHUP');
    await eventually(() => first.children().east === undefined, 'a site that left the folder has ended', { within: 30_000 });
    await rename(away, join(first.folder, 'east'));
    first.process.kill('SIGHUP');
    await eventually(() => first.children().east > 0, 'it is back', { within: 30_000 });
  });

  it('go to the node that stays, and end with the command that began them', { timeout: 120_000 }, async () => {
    await eventually(() => counts()[0] + counts()[1] === names.length, 'all are led', { within: 30_000 });
    const pids = Object.values(second.children());
    assert.equal(pids.length, names.length);
    second.process.kill('SIGKILL');
    const alive = () => pids.filter((pid) => spawnSync('ps', ['-p', String(pid), '-o', 'stat='], { encoding: 'utf8' }).stdout.trim().replace(/^Z.*/, '') !== '');
    await eventually(() => alive().length === 0, 'its sites end as well', { within: 30_000 });
    await eventually(() => counts()[0] === names.length, 'the first node leads all', { within: 30_000 });
    assert.equal(await first.stop(), 0, first.logs.slice(-2000));
    assert.deepEqual(first.children(), {});
  });

  it('are missed where there are none', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'kindred-sites-'));
    const ran = spawnSync(binary, ['serve', '--sites', empty], { encoding: 'utf8', timeout: 30_000 });
    await rm(empty, { recursive: true });
    assert.equal(ran.status, 1);
    assert.match(ran.stderr, /there is no site \(SITE\/kindred\.yaml\) in/);
    assert.equal(spawnSync(binary, ['serve'], { encoding: 'utf8', timeout: 30_000 }).status, 2);
  });
});
