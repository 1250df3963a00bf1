import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lossKinds } from './checker.mjs';

/** The rows of a file of results, each a run; none where there is no file. */
export async function readResults(file) {
  if (!existsSync(file)) return [];
  return (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
}

export async function addResult(file, row) {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(row)}\n`);
}

const sameWay = (row, { nodes, waits }) => row.nodes === nodes && (row.asked_waits ?? undefined) === waits;

/**
 * The runs of these faults that are not made yet, each {name, number}: the first of each fault, then the second, and so on. A run
 * counts as made when the judge has said something about it, sound or not.
 */
export function remaining(names, { times, nodes, waits }, rows) {
  const made = new Set(rows.filter((row) => !row.failed && sameWay(row, { nodes, waits })).map(({ fault, number }) => `${fault} ${number}`));
  const all = [];
  for (let number = 0; number < times; number += 1) for (const name of names) if (!made.has(`${name} ${number}`)) all.push({ name, number });
  return all;
}

const sum = (rows, of) => rows.reduce((all, row) => all + of(row), 0);
const round = (value) => Math.round(value * 10) / 10;

/** One line for each fault and way (nodes, replicas that confirm): what its runs came to. */
export function summarise(rows) {
  const groups = new Map();
  for (const row of rows) {
    const key = `${row.fault} ${row.nodes} ${row.asked_waits ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((all) => {
    const judged = all.filter((row) => !row.failed);
    const silent = judged.map((row) => row.silent_s);
    const found = (kinds) => sum(judged, (row) => sum(kinds, (kind) => row.found[kind] ?? 0));
    return {
      fault: all[0].fault, nodes: all[0].nodes, wait_replicas: all[0].asked_waits ?? 'all', runs: judged.length,
      messages: sum(judged, (row) => row.contacts), acts: sum(judged, (row) => row.work),
      silent_s: judged.length === 0 ? [] : [round(Math.min(...silent)), round(Math.max(...silent))],
      sent_again: sum(judged, (row) => row.sent_again), unsound: judged.filter((row) => row.wrong.length > 0).length,
      out_of_order: judged.filter((row) => row.found.out_of_order > 0).length,
      runs_with_losses: judged.filter((row) => lossKinds.some((kind) => row.found[kind] > 0)).length,
      lost_messages: found(['lost']), lost_acts: found(['lost_work']), nodes_ended: sum(judged, (row) => row.ended.length),
      not_judged: all.length - judged.length, from: all[0].at, until: all.at(-1).at, trees: [...new Set(all.map(({ tree }) => tree))],
    };
  });
}

const columns = [
  ['fault', (line) => line.fault], ['nodes', (line) => line.nodes], ['wait', (line) => line.wait_replicas], ['runs', (line) => line.runs],
  ['messages', (line) => line.messages], ['acts', (line) => line.acts], ['silent, s', (line) => line.silent_s.map((one) => one.toFixed(1)).join(' to ')],
  ['sent again', (line) => line.sent_again], ['unsound', (line) => line.unsound], ['of it order', (line) => line.out_of_order],
  ['runs that lost', (line) => line.runs_with_losses], ['lost', (line) => `${line.lost_messages}+${line.lost_acts}`],
  ['nodes ended', (line) => line.nodes_ended], ['not judged', (line) => line.not_judged],
];

/** The summary for people. */
export function table(lines) {
  const cells = [columns.map(([name]) => name), ...lines.map((line) => columns.map(([, of]) => String(of(line))))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  return cells.map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ').trimEnd()).join('\n');
}
