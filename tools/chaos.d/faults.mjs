import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from './resp.mjs';
import { leaseSeconds } from './site.mjs';

const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });

const pair = { replicas: 1, sentinels: 0 };
const watched = { replicas: 2, sentinels: 3 };
const clustered = { cluster: 3, replicas: 1 };
const skew = 30;

/** The node that leads is paused beyond its lease, twice, so that the lead goes to the other one and comes back. */
const clocks = (what, seconds) => ({
  what, topology: { ...pair, clocks: [seconds, 0] },
  async run(site, between) {
    for (let times = 0; times < 2; times += 1) {
      const leader = await site.leader();
      leader.signal('SIGSTOP');
      await pause(between(leaseSeconds * 1.2, leaseSeconds * 3));
      leader.signal('SIGCONT');
      await site.leader();
      await pause(between(0.5, 2));
    }
  },
});

/** Lets something happen to the leader's packets for a while. */
const partition = (what, cut, topology = pair) => ({
  what, topology, namespaces: true,
  async run(site, between) {
    const leader = await site.leader();
    await cut(site, leader);
    await pause(between(leaseSeconds, 4 * leaseSeconds));
    site.network.heal();
  },
});

/** Each breaks something under load and mends it again; what it leaves behind has to come right by itself. */
export const faults = {
  'none': { what: 'nothing happens: what is wrong here is wrong with the load or the judge', topology: pair, run: () => pause(3) },
  'master-kill': {
    what: 'Redis is killed (SIGKILL) and comes back', topology: pair,
    async run({ servers: { servers: [master] } }, between) {
      await master.kill();
      await pause(between(0.2, 4));
      await master.begin();
    },
  },
  'master-stop': {
    what: 'Redis is stopped (SIGSTOP) for 1 to 30 s', topology: pair,
    async run({ servers: { servers: [master] } }, between) {
      master.freeze();
      await pause(between(1, 30));
      master.thaw();
    },
  },
  'replica-stop': {
    what: 'the replica that has to confirm is stopped', topology: pair,
    async run({ servers: { servers: [, replica] } }, between) {
      replica.freeze();
      await pause(between(1, 10));
      replica.thaw();
    },
  },
  'client-pause': {
    what: 'CLIENT PAUSE ALL on the master', topology: pair,
    async run({ servers }, between) {
      const seconds = between(1, 8);
      await ask(servers.at(servers.servers[0]), ['CLIENT', 'PAUSE', Math.round(seconds * 1000), 'ALL']);
      await pause(seconds);
    },
  },
  'busy-script': {
    what: 'somebody else\'s script that does not end, until it is killed', topology: pair,
    async run({ servers }, between) {
      const at = servers.at(servers.servers[0]);
      const endless = ask(at, ['EVAL', 'while true do end', 0], 60_000).catch(() => {});
      await pause(between(1, 8));
      await ask(at, ['SCRIPT', 'KILL'], 5000);
      await endless;
    },
  },
  'maxmemory': {
    what: 'Redis has no memory left (maxmemory with noeviction)', topology: pair,
    async run({ servers }, between) {
      const at = servers.at(servers.servers[0]);
      await ask(at, ['CONFIG', 'SET', 'maxmemory', '1mb']);
      await pause(between(1, 8));
      await ask(at, ['CONFIG', 'SET', 'maxmemory', '0']);
    },
  },
  'empty-restart': {
    what: 'Redis comes back with nothing, and later with its append-only file', topology: pair,
    async run({ servers: { servers: [master] } }, between) {
      const files = join(master.folder, 'appendonlydir');
      await master.kill();
      await rename(files, `${files}.kept`);
      await master.begin();
      await pause(between(1, 5));
      await master.kill();
      await rm(files, { recursive: true });
      await rename(`${files}.kept`, files);
      await master.begin();
    },
  },
  'failover': {
    what: 'a sentinel is told to make a replica the master, in mid-commit', topology: watched,
    async run({ servers }) {
      const before = await servers.master();
      // Sentinels give up what takes them too long on a busy machine.
      for (let done = null; !done;) {
        await servers.failOver().catch(() => {});
        done = await servers.promoted(before, 5000).catch(() => null);
      }
    },
  },
  'master-lost': {
    what: 'the master is killed, sentinels promote a replica, the old one comes back as a replica', topology: watched,
    async run({ servers }, between) {
      const before = await servers.master();
      await before.kill();
      await servers.promoted(before);
      await pause(between(0, 2));
      await before.begin();
    },
  },
  'master-hangs': {
    what: 'the master is stopped until sentinels have promoted a replica, then goes on as if nothing had been', topology: watched,
    async run({ servers }, between) {
      const before = await servers.master();
      before.freeze();
      await servers.promoted(before);
      await pause(between(0, 3));
      before.thaw();
    },
  },
  'two-failovers': {
    what: 'the master is lost, and the next one soon after', topology: watched,
    async run({ servers }, between) {
      const first = await servers.master();
      await first.kill();
      await servers.promoted(first);
      await first.begin();
      const second = await servers.settled(2);
      await pause(between(0, 2));
      await second.kill();
      await servers.promoted(second, 60_000);
      await second.begin();
    },
  },
  'slot-migration': {
    what: 'in a cluster the slot of the site moves from master to master, key by key, four times', topology: clustered, letters: 20_000,
    async run({ servers }, between) {
      // Now and then a key takes its time: whoever writes then is told TRYAGAIN for long.
      for (let moves = 0; moves < 4; moves += 1) {
        await servers.moveSlot(() => (between(0, 1) < 0.1 ? between(0.5, 3) : between(0, 0.1)));
        await pause(between(0.2, 1));
      }
    },
  },
  'cluster-failover': {
    what: 'in a cluster the replica of the master that has the site takes its place: CLUSTER FAILOVER, FORCE, TAKEOVER', topology: clustered,
    async run({ servers }, between) {
      for (const how of ['', 'FORCE', 'TAKEOVER']) {
        const before = await servers.master();
        const replica = await servers.replicaOf(before);
        for (let done = null; !done;) {
          await servers.failOver(replica, how).catch(() => {});
          done = await servers.promoted(before, 5000).catch(() => null);
        }
        await servers.whole();
        await pause(between(0.2, 1));
      }
    },
  },
  'cluster-master-lost': {
    what: 'in a cluster the master that has the site is killed, its replica is elected, the old one comes back as a replica', topology: clustered,
    async run({ servers }, between) {
      const before = await servers.master();
      await before.kill();
      await servers.promoted(before, 60_000);
      await pause(between(0, 2));
      await before.begin();
      await servers.whole();
    },
  },
  'clock-ahead': clocks('the clock of one node is 30 s ahead, and whoever leads is stopped beyond its lease, twice', skew),
  'clock-behind': clocks('the clock of one node is 30 s behind, and whoever leads is stopped beyond its lease, twice', -skew),
  'clock-of-redis': {
    what: 'a replica whose clock is 30 s ahead, or behind, becomes the master, and the node that leads is killed', topology: { ...watched, serverClocks: [0, skew, -skew] },
    async run(site, between) {
      const before = await site.servers.master();
      await before.kill();
      await site.servers.promoted(before);
      await before.begin();
      await site.servers.settled(2);
      const leader = await site.leader();
      await site.kill(leader);
      await pause(between(leaseSeconds, 2 * leaseSeconds));
      site.launch(leader);
    },
  },
  'node-kill': {
    what: 'the node that leads is killed (SIGKILL) and started again', topology: pair,
    async run(site, between) {
      const leader = await site.leader();
      await site.kill(leader);
      await pause(between(0.1, 2 * leaseSeconds));
      site.launch(leader);
    },
  },
  'node-drain': {
    what: 'the node that leads is asked to end (SIGTERM) and started again, four times', topology: pair,
    async run(site, between) {
      for (let times = 0; times < 4; times += 1) {
        const leader = await site.leader();
        await site.drain(leader);
        await pause(between(0.1, leaseSeconds));
        site.launch(leader);
        await site.followed(leader);
      }
    },
  },
  'node-stop': {
    what: 'the node that leads is stopped beyond its lease and goes on: two that think they lead', topology: pair,
    async run(site, between) {
      const leader = await site.leader();
      leader.signal('SIGSTOP');
      await pause(between(leaseSeconds * 1.2, leaseSeconds * 4));
      leader.signal('SIGCONT');
    },
  },
  'partition': partition('the node that leads is cut off from Redis', (site, leader) => site.network.cut(leader.place, site.servers.places)),
  'partition-deaf': partition('the node that leads hears nothing of Redis, which hears it', (site, leader) => site.network.cut(leader.place, site.servers.places, { to: false })),
  'partition-mute': partition('Redis hears nothing of the node that leads', (site, leader) => site.network.cut(leader.place, site.servers.places, { from: false })),
  'partition-loss': partition('30 of 100 packets between the nodes and Redis are lost', (site) => {
    for (const { place } of site.nodes) site.network.cut(place, site.servers.places, { percent: 30 });
  }),
  'partition-minority': partition('the old master and the node that leads are on one side, all else on the other', async (site, leader) => {
    const master = await site.servers.master();
    const side = [leader.place, master.place];
    const others = [...site.servers.places, ...site.nodes.map(({ place }) => place)].filter((place) => !side.includes(place));
    for (const place of side) site.network.cut(place, others);
    await site.servers.promoted(master);
  }, watched),
  'link-down': {
    what: 'the cable of the node that leads is pulled out', topology: pair, namespaces: true,
    async run(site, between) {
      const { place } = await site.leader();
      site.network.link(place, 'down');
      await pause(between(leaseSeconds, 4 * leaseSeconds));
      site.network.link(place, 'up');
    },
  },
};
