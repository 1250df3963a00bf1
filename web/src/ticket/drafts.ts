import { reactive } from 'vue';
import type { Id } from '@/api/types';

export interface Draft {
  text: string;
  kind: 'reply' | 'note';
}

const prefix = 'kindred.draft.';
const drafts = reactive(new Map<Id, Draft>());

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

export function keepDraft(ticket: Id, text: string, kind: Draft['kind']): void {
  const draft = { text, kind };
  drafts.set(ticket, draft);
  if (text === '') localStorage.removeItem(prefix + ticket);
  else localStorage.setItem(prefix + ticket, JSON.stringify(draft));
}

export const hasDraft = (ticket: Id): boolean => draftOf(ticket).text.trim() !== '';
