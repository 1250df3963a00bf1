import { reactive } from 'vue';
import { deskApi } from '@/api/desk_calls';
import type { Id } from '@/api/types';

export interface Draft {
  text: string;
  kind: 'reply' | 'note';
  /** When it was written here, in milliseconds. */
  at?: number;
}

const prefix = 'kindred.draft.';
const quietFor = 800;
const drafts = reactive(new Map<Id, Draft>());
/** What waits to be told to the engine, by ticket. */
const telling = new Map<Id, ReturnType<typeof setTimeout>>();

/** What was written for a ticket and not sent: it outlives the page and an ended session. */
export function draftOf(ticket: Id): Draft {
  const known = drafts.get(ticket);
  if (known) return known;
  try {
    const kept = JSON.parse(localStorage.getItem(prefix + ticket) ?? 'null') as Draft | null;
    if (kept && typeof kept.text === 'string') return kept;
  } catch {
    // Not ours, or written by half: as good as none.
  }
  return { text: '', kind: 'reply' };
}

/** Keeps it here at once and at the engine once nobody types for a moment. */
export function keepDraft(ticket: Id, text: string, kind: Draft['kind']): void {
  const before = draftOf(ticket);
  if (before.text === text && (text === '' || before.kind === kind)) return;
  keepHere(ticket, { text, kind, at: Date.now() });
  clearTimeout(telling.get(ticket));
  telling.set(ticket, setTimeout(() => tell(ticket), quietFor));
}

/** The page is going away: what waits is told now. */
export function tellDraftsNow(): void {
  for (const [ticket, timer] of telling) {
    clearTimeout(timer);
    tell(ticket, true);
  }
}

/** Takes what the engine has where it was written later, on another computer perhaps. */
export async function fetchDraft(ticket: Id): Promise<void> {
  const kept = await deskApi.draft(ticket).catch(() => null);
  if (!kept || kept.text === '' || telling.has(ticket)) return;
  const here = draftOf(ticket);
  const at = new Date(kept.at ?? 0).getTime();
  if (here.text === '' ? (here.at ?? 0) < at : (here.at ?? 0) < at && here.text !== kept.text) keepHere(ticket, { text: kept.text, kind: kept.kind, at });
}

function keepHere(ticket: Id, draft: Draft): void {
  drafts.set(ticket, draft);
  if (draft.text === '') localStorage.removeItem(prefix + ticket);
  else localStorage.setItem(prefix + ticket, JSON.stringify(draft));
}

function tell(ticket: Id, leaving = false): void {
  telling.delete(ticket);
  const { text, kind } = draftOf(ticket);
  // What cannot be told stays here, and is told with the next letter.
  void deskApi.keepDraft(ticket, text, kind, leaving).catch(() => {});
}

export const hasDraft = (ticket: Id): boolean => draftOf(ticket).text.trim() !== '';
