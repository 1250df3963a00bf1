import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Doubles } from '../../tests/e2e/support/doubles/doubles.mjs';
import { binary, Engine } from '../../tests/e2e/support/engine.mjs';
import { eventually } from '../../tests/e2e/support/wait.mjs';
import { withClock } from './clock.mjs';
import { Cluster } from './cluster.mjs';
import { Servers } from './servers.mjs';
import { ask } from './resp.mjs';

const run = promisify(execFile);
const siteName = 'chaos';
const key = (name) => `kindred:{${siteName}}:${name}`;
export const leaseSeconds = 2;
/** As systemd starts again what ended. */
const restartAfter = 500;

/** A site: its Redis servers, the nodes that share it, and the providers' doubles, all real but the last. */
export class Site {
  nodes = [];
  /** How often a node ended that nobody had ended: {node, code, said}. */
  ended = [];
  #down = new Set();
  #closing = false;

  /** `cluster`: how many masters one has, instead of sentinels; `clocks`, `serverClocks`: seconds by which each one's is wrong. */
  static async start(network, { nodes = 2, replicas = 1, sentinels = 0, waits = 1, cluster = 0, clocks = [], serverClocks = [] }) {
    const site = new Site();
    site.network = network;
    site.doubles = await Doubles.start({ host: network.host });
    site.servers = cluster > 0 ? await Cluster.start(network, { cluster, key: key('head') }) : await Servers.start(network, { replicas, sentinels, serverClocks });
    for (let number = 1; number <= nodes; number += 1) await site.#add(`node${number}`, waits, clocks[number - 1]);
    await site.#serving();
    return site;
  }

  async #add(name, waits, clock) {
    const redis = { ...this.servers.settings, site: siteName, node: name, copy: 'copy/kindred.db', lease: `${leaseSeconds}s`, wait_replicas: waits };
    const node = await Engine.prepared({ doubles: this.doubles, place: withClock(this.network.place(), clock), store: { redis } });
    node.name = name;
    this.nodes.push(node);
    this.launch(node);
  }

  launch(node) {
    this.#down.delete(node);
    node.launch();
    node.ended.then(({ code, signal }) => {
      if (this.#closing || this.#down.has(node)) return;
      this.ended.push({ node: node.name, code: code ?? signal, said: node.logs.trim().split('\n').at(-1) });
      setTimeout(() => { if (!this.#closing) this.launch(node); }, restartAfter);
    });
  }

  /** Ends a node for good, until launch(). */
  async kill(node) {
    this.#down.add(node);
    await node.kill();
  }

  /** Asks a node to end, and to say by 0 that it handed everything on; until launch(). */
  async drain(node) {
    this.#down.add(node);
    const code = await node.stop();
    if (code !== 0) throw new Error(`${node.name} ended with ${code}: ${node.logs.trim().split('\n').at(-1)}`);
  }

  /** Waits until that node follows, so that it could lead next. */
  followed(node) {
    return eventually(async () => (await ask(this.servers.at(await this.servers.master()), ['HEXISTS', key('nodes'), node.name])) === 1, `${node.name} to follow`, { within: 30_000 });
  }

  #serving() {
    return eventually(async () => (await Promise.all(this.nodes.map((node) => this.serves(node)))).some(Boolean), 'a node that serves', { within: 60_000 });
  }

  async serves(node) {
    const asked = await fetch(`${node.adminUrl}/readyz`, { signal: AbortSignal.timeout(500) }).catch(() => null);
    return asked?.status === 200;
  }

  /** The node whose lease the master has. */
  leader() {
    return eventually(async () => {
      const [owner] = await ask(this.servers.at(await this.servers.master()), ['HMGET', key('head'), 'owner']);
      return this.nodes.find(({ name }) => name === owner);
    }, 'a leader', { within: 30_000 });
  }

  /** The site's log as it is in Redis at the end, without what the batches contain. */
  async log() {
    const script = "local all = {} for _, x in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do all[#all + 1] = {x[1], x[2][2], x[2][4], x[2][6]} end return all";
    const rows = await ask(this.servers.at(await this.servers.master()), ['EVAL', script, 1, key('log')], 30_000);
    return rows.map(([id, epoch, before, batch]) => ({ seq: Number(id.split('-')[0]), epoch: Number(epoch), before, id: batch }));
  }

  /** What every node has on record, once they all have the same: a node may be a moment behind. */
  async dumps() {
    const all = async () => new Map(await Promise.all(this.nodes.map(async (node) => [node.name, await exported(node)])));
    let last;
    for (let tries = 0; tries < 20; tries += 1) {
      last = await all();
      const [first, ...others] = [...last.values()].map((lines) => JSON.stringify(lines));
      if (others.every((other) => other === first)) return last;
      await new Promise((resolve) => { setTimeout(resolve, 500); });
    }
    return last;
  }

  /** Tells a new dispatcher everything that the journal has: whether it comes to the state that is stored, per node. */
  async replayed() {
    const wrong = [];
    for (const { name, folder } of this.nodes) {
      await run(binary, ['replay', '--store', join(folder, 'copy/kindred.db')]).catch((failed) => wrong.push(`${name}: ${failed.stdout}${failed.stderr}`.trim()));
    }
    return wrong;
  }

  /** What the providers were sent: the text, and the key by which they know it again. */
  get received() {
    const { graph, mailgun } = this.doubles;
    return [...graph.received.map(({ text, key }) => ({ text: text ?? '', key })),
      ...mailgun.received.map(({ text, messageId }) => ({ text: text ?? '', key: messageId }))];
  }

  async dispose() {
    this.#closing = true;
    for (const node of this.nodes) if (node.running) node.signal('SIGCONT');
    await Promise.all(this.nodes.map((node) => (node.running ? node.kill() : null)));
    await Promise.all(this.nodes.map((node) => node.dispose()));
    await this.servers.dispose();
    await this.doubles.stop();
  }
}

async function exported(node) {
  const { stdout } = await run(binary, ['export', '--config', join(node.folder, 'kindred.yaml')], { maxBuffer: 1 << 30 });
  return stdout.trim().split('\n').map((line) => JSON.parse(line));
}
