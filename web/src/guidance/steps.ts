import type { Block } from './markdown';

export type ScriptPart = { kind: 'words'; blocks: Block[] } | { kind: 'step'; number: number; blocks: Block[] };

/** A script as what is to be read and what is to be done: each item of a list is a step to tick off. */
export function stepsOf(blocks: readonly Block[]): ScriptPart[] {
  const parts: ScriptPart[] = [];
  let number = 0;
  for (const block of blocks) {
    if (block.kind === 'list') {
      for (const item of block.items) parts.push({ kind: 'step', number: ++number, blocks: [{ kind: 'paragraph', text: item }] });
      continue;
    }
    const last = parts.at(-1);
    if (last?.kind === 'words') last.blocks.push(block);
    else parts.push({ kind: 'words', blocks: [block] });
  }
  return parts;
}

const prefix = 'kindred.steps.';

/** The steps that this agent has ticked off for this ticket; they outlive the page. */
export function tickedOf(ticket: string, script: string): number[] {
  try {
    const kept = JSON.parse(localStorage.getItem(prefix + ticket) ?? 'null') as { script: string; done: number[] } | null;
    return kept?.script === script && Array.isArray(kept.done) ? kept.done : [];
  } catch {
    return [];
  }
}

export function keepTicked(ticket: string, script: string, done: number[]): void {
  localStorage.setItem(prefix + ticket, JSON.stringify({ script, done }));
}
