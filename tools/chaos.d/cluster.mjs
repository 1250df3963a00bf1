import { spawnSync } from 'node:child_process';
import { freePorts } from '../../tests/e2e/support/ports.mjs';
import { Redis } from '../../tests/e2e/support/redis.mjs';
import { eventually } from '../../tests/e2e/support/wait.mjs';
import { ask } from './resp.mjs';

const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });

/** A Redis Cluster: masters with one replica each, of which one has the site's slot. The same questions as Servers has. */
export class Cluster {
  servers = [];
  #slot;

  static async start(network, { cluster: masters, key }) {
    const made = new Cluster();
    for (const bus of await freePorts(2 * masters)) {
      const place = network.place();
      made.servers.push(await Redis.start(['--repl-timeout', '10', '--repl-ping-replica-period', '1', '--busy-reply-threshold', '500', '--cluster-enabled', 'yes',
        '--cluster-port', String(bus), '--cluster-announce-ip', place.host, '--cluster-node-timeout', '2000'], place));
    }
    const all = made.servers.map((each) => `${each.place.host}:${each.port}`);
    const created = spawnSync('redis-cli', ['--cluster', 'create', ...all, '--cluster-replicas', '1', '--cluster-yes'], { encoding: 'utf8', timeout: 120_000 });
    if (created.status !== 0) throw new Error(`redis-cli made no cluster: ${created.stdout}${created.stderr}`);
    made.#slot = await ask(made.at(made.servers[0]), ['CLUSTER', 'KEYSLOT', key]);
    await made.whole();
    return made;
  }

  at(server) {
    return { host: server.place.host, port: server.port };
  }

  /** Waits until every server finds that all slots are served, and each master has its replica. */
  whole(within = 60_000) {
    const fine = async (server) => {
      const [info, role] = [await ask(this.at(server), ['CLUSTER', 'INFO']), await ask(this.at(server), ['ROLE'])];
      return info.includes('cluster_state:ok') && (role[0] === 'master' ? role[2].length === 1 : role[3] === 'connected');
    };
    return eventually(async () => (await Promise.all(this.servers.map(fine))).every(Boolean), 'the cluster', { within, every: 100 });
  }

  /** What a server says of itself: {id, flags, master, epoch, slots}; null where it does not answer. */
  async #self(server) {
    const said = await ask(this.at(server), ['CLUSTER', 'NODES']).catch(() => '');
    const line = said.split('\n').find((each) => each.includes('myself'));
    if (!line) return null;
    const [id, , flags, master, , , epoch, , ...slots] = line.split(' ');
    return { id, server, master, flags: flags.split(','), epoch: Number(epoch), slots };
  }

  async #selves() {
    return (await Promise.all(this.servers.map((server) => this.#self(server)))).filter(Boolean);
  }

  #has({ flags, slots }) {
    const within = ([first, last = first]) => this.#slot >= Number(first) && this.#slot <= Number(last);
    return flags.includes('master') && slots.some((range) => !range.startsWith('[') && within(range.split('-')));
  }

  /** The master that has the site's slot: of those that say so, the one that was elected last. */
  master() {
    return eventually(async () => {
      const [latest] = (await this.#selves()).filter((self) => this.#has(self)).sort((one, other) => other.epoch - one.epoch);
      return latest?.server;
    }, 'a master with the slot', { within: 30_000 });
  }

  replicaOf(server) {
    return eventually(async () => {
      const selves = await this.#selves();
      const { id } = selves.find((self) => self.server === server);
      return selves.find(({ master }) => master === id).server;
    }, 'a replica', { within: 30_000 });
  }

  /** Waits until another master than this has the slot. */
  promoted(before, within = 30_000) {
    return eventually(async () => {
      const now = await this.master();
      return now !== before && now;
    }, 'another master', { within });
  }

  /** Has a replica take its master's place: with its consent ('' as how), without ('FORCE'), or without that of the others ('TAKEOVER'). */
  failOver(replica, how) {
    return ask(this.at(replica), ['CLUSTER', 'FAILOVER', ...(how ? [how] : [])], 5000);
  }

  /** Moves the site's slot to the next master, key by key, with so many seconds (a function) after each. How many keys there were. */
  async moveSlot(rest) {
    const selves = await eventually(async () => {
      const all = (await this.#selves()).filter(({ flags, slots }) => flags.includes('master') && slots.length > 0);
      return all.length === this.servers.length / 2 && all;
    }, 'all masters', { within: 30_000 });
    const at = selves.findIndex((self) => this.#has(self));
    const [from, to] = [selves[at], selves[(at + 1) % selves.length]];
    const say = ({ server }, words) => ask(this.at(server), words, 20_000);
    await say(to, ['CLUSTER', 'SETSLOT', this.#slot, 'IMPORTING', from.id]);
    await say(from, ['CLUSTER', 'SETSLOT', this.#slot, 'MIGRATING', to.id]);
    let moved = 0;
    for (;;) {
      const [key] = await say(from, ['CLUSTER', 'GETKEYSINSLOT', this.#slot, 1]);
      if (key === undefined) break;
      await say(from, ['MIGRATE', to.server.place.host, to.server.port, '', 0, 15_000, 'KEYS', key]);
      moved += 1;
      await pause(rest());
    }
    const others = selves.filter((self) => self !== to && self !== from);
    for (const each of [to, from, ...others]) await say(each, ['CLUSTER', 'SETSLOT', this.#slot, 'NODE', to.id]);
    return moved;
  }

  get settings() {
    return { cluster: this.servers.slice(0, 3).map((each) => `${each.place.host}:${each.port}`) };
  }

  get places() {
    return this.servers.map(({ place }) => place);
  }

  async dispose() {
    await Promise.all(this.servers.map((one) => one.dispose()));
  }
}
