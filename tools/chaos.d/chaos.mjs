import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tests/e2e/support/engine.mjs';
import { faults } from './faults.mjs';
import { Namespaces } from './network.mjs';
import { convicts, runOnce } from './run.mjs';

const folder = join(root, 'build/chaos');

function readArguments(words) {
  const given = { names: [], times: 1, nodes: 2, waits: undefined, seed: Math.floor(Math.random() * 2 ** 31), longest: Infinity };
  const numbers = { '--times': 'times', '--nodes': 'nodes', '--wait': 'waits', '--seed': 'seed', '--longest': 'longest' };
  for (let at = 0; at < words.length; at += 1) {
    if (numbers[words[at]]) {
      given[numbers[words[at]]] = Number(words[at + 1]);
      if (!(given[numbers[words[at]]] >= 0)) throw new Error(`${words[at]} wants a number`);
      at += 1;
    } else if (words[at] === '--all') given.names.push(...Object.keys(faults));
    else if (words[at] === '--list') given.list = true;
    else if (faults[words[at]]) given.names.push(words[at]);
    else throw new Error(`${words[at]} is no fault: see tools/chaos --list`);
  }
  return given;
}

const shown = ({ contacts, work, broken_s: broken, silent_s: silent, sent_again: again, ended, found, waits, may_lose: mayLose }) => {
  const losses = mayLose ? `, lost with wait_replicas ${waits}: ${found.lost.length} contacts, ${found.lost_work.length} others` : '';
  const nodes = ended.length > 0 ? `, nodes ended: ${ended.map(({ node, code }) => `${node} with ${code}`).join(' ')}` : '';
  return `${contacts} contacts and ${work} acts acknowledged, broken for ${broken.toFixed(1)} s, nothing acknowledged for ${silent.toFixed(1)} s, sent again ${again}${losses}${nodes}`;
};

async function runFault(name, given, number) {
  const seed = given.seed + number;
  const keep = join(folder, `${name}-${seed}`);
  const verdict = await runOnce(faults[name], { ...given, seed, keep });
  const wrong = convicts(verdict);
  const counts = Object.fromEntries(Object.entries(verdict.found).map(([kind, list]) => [kind, list.length]));
  await appendFile(join(folder, 'results.ndjson'), `${JSON.stringify({ at: new Date().toISOString(), fault: name, nodes: given.nodes, ...verdict, found: counts, wrong })}\n`);
  console.log(`${wrong.length === 0 ? 'ok  ' : 'BAD '} ${name} (seed ${seed}): ${shown(verdict)}`);
  for (const kind of wrong) console.log(`     ${kind}: ${verdict.found[kind].length}: ${verdict.found[kind].slice(0, 3).join('; ')}${keep ? `  (${keep})` : ''}`);
  return wrong.length === 0;
}

async function main(words) {
  const given = readArguments(words);
  if (given.list || given.names.length === 0) {
    for (const [name, { what, namespaces }] of Object.entries(faults)) console.log(`${name.padEnd(20)} ${what}${namespaces ? ' (wants network namespaces)' : ''}`);
    return 0;
  }
  await mkdir(folder, { recursive: true });
  const refused = given.names.some((name) => faults[name].namespaces) ? Namespaces.refused() : null;
  const tally = { good: 0, bad: 0, skipped: 0 };
  for (const name of given.names) {
    for (let number = 0; number < given.times; number += 1) {
      if (refused && faults[name].namespaces) {
        console.log(`SKIPPED ${name}: this machine makes no network namespaces: ${refused}`);
        tally.skipped += 1;
        break;
      }
      const good = await runFault(name, given, number).catch((problem) => {
        console.log(`BAD  ${name} (seed ${given.seed + number}): the run itself failed: ${problem.stack}`);
        return false;
      });
      tally[good ? 'good' : 'bad'] += 1;
    }
  }
  console.log(`${tally.good} runs sound, ${tally.bad} not, ${tally.skipped} faults skipped`);
  return tally.bad === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (problem) {
  console.error(`tools/chaos: ${problem.message}`);
  process.exitCode = 2;
}
