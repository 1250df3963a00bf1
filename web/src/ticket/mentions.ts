import type { Colleague } from '@/api/calls';
import type { Entry, Id } from '@/api/types';

const begun = /(?:^|[^\p{L}\p{N}._-])@([\p{L}\p{N}._-]*)$/u;

/** What stands behind the "@" that somebody is writing at the end of a text; null where there is none. */
export function nameBegun(text: string): string | null {
  return begun.exec(text)?.[1] ?? null;
}

/** The text with the name that was begun made whole. */
export const withName = (text: string, login: string): string => text.replace(/@[\p{L}\p{N}._-]*$/u, `@${login} `);

const most = 6;

/** Colleagues whose log-in or a part of whose name begins like this. */
export function fittingColleagues(all: readonly Colleague[], words: string, me: Id | undefined): Colleague[] {
  const wanted = words.toLowerCase();
  return all.filter((each) => each.login && each.id !== me
    && (each.login.toLowerCase().startsWith(wanted) || each.name.toLowerCase().split(/\s+/).some((part) => part.startsWith(wanted)))).slice(0, most);
}

/** Whether a note names this agent. */
export const names = (entry: Entry, who: Id | undefined): boolean => who !== undefined && Array.isArray(entry.mentions) && entry.mentions.includes(who);
