import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../tests/e2e/support/wait.mjs';
import { Agent } from './agents.mjs';
import { judge, lossKinds, missing, sentAgain } from './checker.mjs';
import { Customers } from './customers.mjs';
import { History } from './history.mjs';
import { Loopback, Namespaces } from './network.mjs';
import { Site } from './site.mjs';

const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });

/** Small, and the same for the same seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * One run: a site is started, customers write and agents work, the fault happens and ends, everybody finishes, and the judge
 * looks at what there is. `longest` bounds the seconds that a fault chooses by itself. As many replicas as there are have to
 * confirm: with fewer, a failover may promote one that did not.
 */
export async function runOnce(fault, { seed, nodes = 2, waits = fault.topology.replicas, before = 1.5, after = 2, longest = Infinity, rest = 60, keep } = {}) {
  const random = randomFrom(seed);
  const between = (least, most) => least + random() * (Math.max(least, Math.min(most, longest)) - least);
  const network = fault.namespaces ? new Namespaces() : new Loopback();
  const history = new History();
  const mayLose = waits < fault.topology.replicas;
  let site;
  try {
    site = await Site.start(network, { nodes, waits, ...fault.topology });
    const began = Date.now();
    const agents = ['ann', 'bo'].map((login) => new Agent(login, site.nodes, history));
    const customers = new Customers(site.nodes, history, { rest, letters: fault.letters });
    await pause(before + random());
    const broken = Date.now();
    await fault.run(site, between);
    const mended = Date.now();
    await pause(after);
    await customers.end(60_000);
    const quiet = Date.now();
    const open = await finished(site, agents, history, mayLose);
    await Promise.all(agents.map((agent) => agent.end()));
    const end = { dumps: await site.dumps(), received: site.received, log: await site.log() };
    const found = judge(history, end);
    found.left_open = open;
    found.not_taken = [...history.asked('contact')].filter((id) => !history.acknowledged('contact').has(id));
    found.refused = customers.refused;
    found.desk_gaps = agents.flatMap(({ gaps }) => gaps);
    found.replay_differs = await site.replayed();
    found.providers_complain = site.doubles.all.flatMap(({ complaints }) => complaints);
    const verdict = {
      seed, waits, may_lose: mayLose, found, contacts: history.acknowledged('contact').size, calls: history.calls.length,
      work: ['accept', 'reply', 'resolve'].reduce((sum, kind) => sum + history.acknowledged(kind).size, 0),
      sent_again: sentAgain(end.received), ended: site.ended, broken_s: (mended - broken) / 1000,
      silent_s: history.longestPause(began, quiet) / 1000,
    };
    if (keep && (process.env.KINDRED_KEEP || convicts(verdict).length > 0)) await keepEvidence(keep, site, history, end, verdict);
    return verdict;
  } catch (problem) {
    if (keep && site) await keepEvidence(keep, site, history, {}, { problem: problem.stack });
    throw problem;
  } finally {
    await site?.dispose();
    network.dispose();
  }
}

/**
 * Kinds of which something was found; where not all replicas had to confirm, what was lost is counted and convicts nobody, nor does
 * the order: what Redis lost and a node takes in again comes behind what was taken in since.
 */
export function convicts({ found, may_lose: mayLose }) {
  const counted = mayLose ? [...lossKinds, 'out_of_order'] : [];
  return Object.keys(found).filter((kind) => found[kind].length > 0 && !counted.includes(kind));
}

/**
 * Waits until agents have resolved everything and every answer has left. What did not come to its end; where something may be lost,
 * without what was, which the judge counts.
 */
async function finished(site, agents, history, mayLose) {
  let open = [];
  let gone = [];
  const done = async () => {
    const [lines] = (await site.dumps()).values();
    open = lines.filter(({ type, status }) => type === 'ticket' && status !== 'resolved').map(({ id, status }) => `ticket ${id} is ${status}`);
    // What is acknowledged is in the inbox, and decided a moment later.
    gone = missing(history, lines).map((id) => `${id} is not on record`);
    const sent = site.received;
    for (const text of history.acknowledged('reply').keys()) if (!sent.some((one) => one.text.includes(text))) gone.push(`${text} is not sent`);
    return open.length + gone.length === 0;
  };
  await eventually(done, 'the end of all work', { within: mayLose ? 45_000 : 90_000, every: 500 }).catch(() => {});
  if (open.length + gone.length === 0) return [];
  for (const agent of agents) agent.refresh();
  await eventually(done, 'the end of all work', { within: 15_000, every: 500 }).catch(() => {});
  return mayLose ? open : [...open, ...gone];
}

async function keepEvidence(folder, site, history, end, verdict) {
  await mkdir(folder, { recursive: true });
  const write = (name, content) => writeFile(join(folder, name), content);
  await write('verdict.json', JSON.stringify(verdict, null, 2));
  await write('calls.ndjson', history.calls.map((call) => JSON.stringify(call)).join('\n'));
  for (const node of site.nodes) await write(`${node.name}.log`, node.fullLogs);
  for (const [name, lines] of end.dumps ?? []) await write(`${name}.ndjson`, lines.map((line) => JSON.stringify(line)).join('\n'));
  if (end.log) await write('log.ndjson', end.log.map((entry) => JSON.stringify(entry)).join('\n'));
}
