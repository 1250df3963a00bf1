import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../tests/e2e/support/ports.mjs';
import { Redis } from '../../tests/e2e/support/redis.mjs';
import { eventually } from '../../tests/e2e/support/wait.mjs';
import { withClock } from './clock.mjs';
import { ask } from './resp.mjs';

const masterName = 'mymaster';

/** A real sentinel that watches one master. */
export class Sentinel {
  #process = null;

  static async start(master, quorum, place) {
    const made = new Sentinel();
    made.place = place;
    made.folder = await mkdtemp(join(tmpdir(), 'kindred-sentinel-'));
    [made.port] = await freePorts(1);
    const { host } = master.place;
    const file = join(made.folder, 'sentinel.conf');
    await writeFile(file, [`port ${made.port}`, `bind ${place.host}`, `bind-source-addr ${place.host}`, 'protected-mode no', `dir ${made.folder}`, 'logfile log',
      `sentinel monitor ${masterName} ${host} ${master.port} ${quorum}`, `sentinel down-after-milliseconds ${masterName} 1000`,
      `sentinel failover-timeout ${masterName} 2000`, `sentinel parallel-syncs ${masterName} 2`, ''].join('\n'));
    const [program, ...words] = [...place.within, 'redis-sentinel', file];
    made.#process = spawn(program, words, { stdio: 'ignore' });
    await eventually(async () => await ask(made.at, ['PING']) === 'PONG', 'redis-sentinel', { within: 15_000 });
    return made;
  }

  get at() {
    return { host: this.place.host, port: this.port };
  }

  async dispose() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = new Promise((resolve) => { this.#process.once('exit', resolve); });
      this.#process.kill('SIGKILL');
      await gone;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A master, its replicas, and sentinels where there are to be some. */
export class Servers {
  servers = [];
  sentinels = [];

  static async start(network, { replicas, sentinels, serverClocks = [] }) {
    const made = new Servers();
    const more = ['--repl-timeout', '10', '--repl-ping-replica-period', '1', '--busy-reply-threshold', '500'];
    const place = (at) => withClock(network.place(), serverClocks[at]);
    const first = await Redis.start(more, place(0));
    made.servers.push(first);
    for (let count = 0; count < replicas; count += 1)
      made.servers.push(await Redis.start([...more, '--replicaof', first.place.host, String(first.port)], place(count + 1)));
    for (let count = 0; count < sentinels; count += 1) made.sentinels.push(await Sentinel.start(first, Math.floor(sentinels / 2) + 1, network.place()));
    await made.replicated(first, replicas);
    if (sentinels > 0) await made.#watched(replicas);
    return made;
  }

  at(server) {
    return { host: server.place.host, port: server.port };
  }

  /** Waits until so many replicas follow this server. */
  replicated(server, replicas, within = 30_000) {
    return eventually(async () => (await ask(this.at(server), ['ROLE']))[2].filter(Array.isArray).length >= replicas, 'the replicas', { within });
  }

  /** Waits until every sentinel knows the replicas and its colleagues: only then can they agree on another master. */
  #watched(replicas) {
    const knows = async ({ at }) => (await ask(at, ['SENTINEL', 'replicas', masterName])).length === replicas &&
      (await ask(at, ['SENTINEL', 'sentinels', masterName])).length === this.sentinels.length - 1;
    return eventually(async () => (await Promise.all(this.sentinels.map(knows))).every(Boolean), 'the sentinels to know each other', { within: 60_000 });
  }

  /** Whom the sentinels, or else the configuration, name as the master. */
  async master() {
    if (this.sentinels.length === 0) return this.servers[0];
    for (const { at } of this.sentinels) {
      const said = await ask(at, ['SENTINEL', 'get-master-addr-by-name', masterName]).catch(() => null);
      if (said) return this.servers.find((one) => one.place.host === said[0] && one.port === Number(said[1]));
    }
    throw new Error('no sentinel answers');
  }

  /** Waits until the sentinels name another master than this, which says so itself. */
  async promoted(before, within = 30_000) {
    return eventually(async () => {
      const now = await this.master();
      return now !== before && (await ask(this.at(now), ['ROLE']))[0] === 'master' ? now : null;
    }, 'another master', { within });
  }

  /** Waits until the sentinels name a master that so many replicas follow: on a busy machine they may change their minds. */
  settled(replicas) {
    return eventually(async () => {
      const now = await this.master();
      const [role, , followers] = await ask(this.at(now), ['ROLE']);
      return role === 'master' && followers.length >= replicas && now;
    }, 'a master with its replicas', { within: 60_000 });
  }

  failOver() {
    return ask(this.sentinels[0].at, ['SENTINEL', 'FAILOVER', masterName]);
  }

  /** What a node's configuration says of them. */
  get settings() {
    if (this.sentinels.length === 0) return { server: `${this.servers[0].place.host}:${this.servers[0].port}` };
    return { sentinels: this.sentinels.map(({ at }) => `${at.host}:${at.port}`), master: masterName };
  }

  get places() {
    return [...this.servers, ...this.sentinels].map(({ place }) => place);
  }

  async dispose() {
    await Promise.all([...this.sentinels, ...this.servers].map((one) => one.dispose()));
  }
}
