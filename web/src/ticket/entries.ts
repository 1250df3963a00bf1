import type { Entry, Id } from '@/api/types';

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
  /** Where the engine gives the bytes, to be saved; a provider's own address is nobody's to open. */
  url: string;
}

const addressOf = (id: string): string => `/api/v1/attachments/${encodeURIComponent(id)}`;

/** The files of what a customer or an agent sent. Those of a contact are numbered within it. */
export function attachmentsOf(entry: Entry, ticket: Id): Attached[] {
  if (entry.kind === 'reply') return (entry.files ?? []).map((each) => ({ name: each.name ?? '', type: each.type ?? '', size: null, url: addressOf(each.id) }));
  const given = entry.record?.attachments;
  if (!Array.isArray(given)) return [];
  return given.map((each, at) => ({ name: each.name ?? '', type: each.type ?? '', size: each.size ?? null, url: addressOf(`${ticket}-${entry.number}-${at + 1}`) }));
}

const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const largestPicture = 10_000_000;

/** Whether a file can be shown where it stands: pictures that run nothing (SVG does), and no giants. */
export const isPicture = (file: Attached): boolean => pictures.has(file.type.toLowerCase()) && (file.size ?? 0) <= largestPicture;

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
