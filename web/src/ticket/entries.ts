import type { Entry } from '@/api/types';

/** The history with one entry more, in order; one that is known already is replaced. */
export function withEntry(entries: readonly Entry[], entry: Entry): Entry[] {
  const last = entries.at(-1);
  if (last === undefined || entry.number > last.number) return [...entries, entry];
  return byNumber([entry], entries);
}

/** Both lists as one, by number; where both know an entry the first list is right. */
export function byNumber(right: readonly Entry[], others: readonly Entry[]): Entry[] {
  const all = new Map(others.map((each) => [each.number, each]));
  for (const each of right) all.set(each.number, each);
  return [...all.values()].sort((one, other) => one.number - other.number);
}

const spoken = new Set(['contact', 'reply', 'note']);

/** Whether somebody said something, rather than that something happened. */
export const isSpoken = (entry: Entry): boolean => spoken.has(entry.kind);

/** A reply's bubble shows what became of it, the line of the decision that its ticket waits. */
export function isToldElsewhere(entry: Entry): boolean {
  return (entry.kind === 'delivery' && entry.entry !== undefined) || (entry.kind === 'queued' && entry.because === 'enqueued');
}

/** What a customer wrote: without what was quoted where that was recognised. */
export function textOf(entry: Entry): string {
  if (entry.kind === 'contact') return entry.record?.stripped_text || entry.record?.text || '';
  return typeof entry.text === 'string' ? entry.text : '';
}

export interface Attached {
  name: string;
  type: string;
  size: number | null;
  url: string | null;
}

export function attachmentsOf(entry: Entry): Attached[] {
  const given = entry.record?.attachments;
  if (!Array.isArray(given)) return [];
  return given.map((each) => ({ name: each.name ?? '', type: each.type ?? '', size: each.size ?? null, url: safeLink(each.url) }));
}

/** A link that may be shown: to a web page, never to a script. */
export function safeLink(url: unknown): string | null {
  if (typeof url !== 'string') return null;
  try {
    return ['http:', 'https:'].includes(new URL(url, location.origin).protocol) ? url : null;
  } catch {
    return null;
  }
}

export type LogLine = { kind: 'said'; entry: Entry } | { kind: 'happened'; entries: Entry[] };

/** The history as it is shown: each thing that was said by itself, and what happened between them together. */
export function linesOf(entries: readonly Entry[]): LogLine[] {
  const lines: LogLine[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (isSpoken(entry)) lines.push({ kind: 'said', entry });
    else if (last?.kind === 'happened') last.entries.push(entry);
    else lines.push({ kind: 'happened', entries: [entry] });
  }
  return lines;
}
