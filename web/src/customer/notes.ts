import type { CustomerNote } from '@/api/types';

/** As they are read: what is pinned first, then the latest. */
export function inReadingOrder(notes: readonly CustomerNote[]): CustomerNote[] {
  return [...notes].sort((one, other) => Number(other.pinned) - Number(one.pinned) || other.at.localeCompare(one.at) || other.number - one.number);
}

/** Whether the engine would let this person change it: whoever wrote it, and supervisors. */
export function mayChange(note: CustomerNote, login: string | undefined, manages: boolean): boolean {
  return manages || (login !== undefined && note.by === `agent:${login}`);
}

/** "agent:ann" as people say it. */
export const authorOf = (by: string | undefined): string => (by ?? '').replace(/^agent:/, '');

/** What was typed as tags, by commas: none twice, none empty. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(',').map((each) => each.trim()).filter((each) => each !== ''))];
}
