import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../tests/e2e/support/engine.mjs';
import { faults } from './faults.mjs';
import { Namespaces } from './network.mjs';
import { addResult, readResults, remaining, summarise, table } from './results.mjs';

const folder = join(root, 'build/chaos');
/** A run that takes longer hangs. */
const longestRun = 15 * 60_000;

function readArguments(words) {
  const given = { names: [], times: 1, atOnce: 1, nodes: 2, waits: undefined, seed: Math.floor(Math.random() * 2 ** 31), longest: null };
  const numbers = { '--times': 'times', '--at-once': 'atOnce', '--nodes': 'nodes', '--wait': 'waits', '--seed': 'seed', '--longest': 'longest' };
  for (let at = 0; at < words.length; at += 1) {
    const name = numbers[words[at]];
    if (name) {
      given[name] = Number(words[at + 1]);
      if (!(given[name] >= (name === 'atOnce' ? 1 : 0))) throw new Error(`${words[at]} wants a number`);
      at += 1;
    } else if (words[at] === '--results') {
      given.results = words[at + 1];
      if (!given.results) throw new Error('--results wants a file');
      at += 1;
    } else if (words[at] === '--all') given.names.push(...Object.keys(faults));
    else if (words[at] === '--list') given.list = true;
    else if (faults[words[at]]) given.names.push(words[at]);
    else throw new Error(`${words[at]} is no fault: see tools/chaos --list`);
  }
  return given;
}

const shown = ({ contacts, work, broken_s: broken, silent_s: silent, sent_again: again, ended, found, waits, may_lose: mayLose }) => {
  const losses = mayLose ? `, lost with wait_replicas ${waits}: ${found.lost} contacts, ${found.lost_work} others` : '';
  const nodes = ended.length > 0 ? `, nodes ended: ${ended.map(({ node, code }) => `${node} with ${code}`).join(' ')}` : '';
  return `${contacts} contacts and ${work} acts acknowledged, broken for ${broken.toFixed(1)} s, nothing acknowledged for ${silent.toFixed(1)} s, sent again ${again}${losses}${nodes}`;
};

/** A run in a process group of its own, of which nothing stays. */
async function inProcess(given) {
  const child = fork(fileURLToPath(new URL('one.mjs', import.meta.url)), { detached: true });
  const late = setTimeout(() => child.disconnect(), longestRun);
  try {
    child.send(given);
    const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [null])]);
    return answer ?? { failed: 'the run ended without a word, or took too long' };
  } finally {
    clearTimeout(late);
  }
}

async function runFault({ name, number }, { nodes, waits, longest, seed: base, file, tree }) {
  const seed = base + number;
  const keep = join(folder, `${name}-${seed}`);
  const verdict = await inProcess({ name, nodes, waits, seed, keep, ...(longest === null ? {} : { longest }) });
  const { told = [], ...row } = verdict;
  await addResult(file, { at: new Date().toISOString(), tree, fault: name, number, nodes, ...(waits === undefined ? {} : { asked_waits: waits }), seed, ...row });
  if (verdict.failed) {
    console.log(`BAD  ${name} (seed ${seed}): the run itself failed: ${verdict.failed}`);
    return false;
  }
  console.log(`${verdict.wrong.length === 0 ? 'ok  ' : 'BAD '} ${name} (seed ${seed}): ${shown(verdict)}`);
  for (const line of told) console.log(`     ${line}  (${keep})`);
  return verdict.wrong.length === 0;
}

/** Which of the faults this machine can have; it says of the others why not. */
function possible(names) {
  const refused = names.some((name) => faults[name].namespaces) ? Namespaces.refused() : null;
  return names.filter((name) => {
    const skipped = refused && faults[name].namespaces;
    if (skipped) console.log(`SKIPPED ${name}: this machine makes no network namespaces: ${refused}`);
    return !skipped;
  });
}

function treeOf() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

async function main(words) {
  const given = readArguments(words);
  if (given.list || given.names.length === 0) {
    for (const [name, { what, namespaces }] of Object.entries(faults)) console.log(`${name.padEnd(20)} ${what}${namespaces ? ' (wants network namespaces)' : ''}`);
    return 0;
  }
  await mkdir(folder, { recursive: true });
  const file = given.results ?? join(folder, 'results.ndjson');
  const before = await readResults(file);
  const names = possible(given.names);
  const tally = { good: 0, bad: 0, skipped: given.names.length - names.length };
  const waiting = remaining(names, given, given.results ? before : []);
  const tree = treeOf();
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) tally[await runFault(next, { ...given, file, tree }) ? 'good' : 'bad'] += 1;
  };
  await Promise.all(Array(given.atOnce).fill().map(worker));
  const rows = await readResults(file);
  const lines = summarise(given.results ? rows : rows.slice(before.length));
  await writeFile(`${file.replace(/\.ndjson$/, '')}.summary.json`, `${JSON.stringify(lines, null, 2)}\n`);
  console.log(`${table(lines)}\n${tally.good} runs sound, ${tally.bad} not, ${tally.skipped} faults skipped`);
  return tally.bad === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (problem) {
  console.error(`tools/chaos: ${problem.message}`);
  process.exitCode = 2;
}
