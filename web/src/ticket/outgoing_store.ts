import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { api } from '@/api/calls';
import { newKey } from '@/api/client';
import type { Macro } from '@/api/desk_calls';
import type { Id } from '@/api/types';
import { reasonOf, useNews } from '@/shell/news_store';
import { keepDraft } from './drafts';
import { carryOut } from './macros';
import { useTickets } from './ticket_store';
import { translate } from '@/words';

export interface Attachment {
  id: Id;
  name: string;
}

export interface Outgoing {
  key: string;
  ticket: Id;
  text: string;
  /** Uploaded files that go with it. */
  files: Attachment[];
  /** When it leaves; null once it is on its way and cannot be taken back. */
  leavesAt: number | null;
  /** What is done with the ticket once the reply has left. */
  macro?: Macro;
}

const kept = 'kindred.undo';
/** Seconds in which a reply can be taken back; 0 sends at once. */
export const undoSeconds = (): number => Number(localStorage.getItem(kept) ?? 5);
export const setUndoSeconds = (seconds: number): void => localStorage.setItem(kept, String(seconds));

const idsOf = (item: Outgoing): Id[] => item.files.map((each) => each.id);

/** Replies that were sent off but can still be taken back. */
export const useOutgoing = defineStore('outgoing', () => {
  const items = ref<Outgoing[]>([]);
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const undoable = computed(() => items.value.filter((each) => each.leavesAt !== null));

  /** Sends after the time for second thoughts. */
  function send(ticket: Id, text: string, files: Attachment[] = [], macro?: Macro): void {
    const wait = undoSeconds() * 1000;
    const item: Outgoing = { key: newKey(), ticket, text, files, leavesAt: Date.now() + wait, macro };
    items.value = [...items.value, item];
    timers.set(item.key, setTimeout(() => void leave(item.key), wait));
  }

  /** Takes back the latest reply, of this ticket where one is named; gives it to be written on. */
  function undo(ticket?: Id): Outgoing | undefined {
    const found = undoable.value.filter((each) => ticket === undefined || each.ticket === ticket).at(-1);
    if (found) remove(found.key);
    return found;
  }

  /** Sends what waits for this ticket now: the ticket is about to be resolved or handed on. False when that failed. */
  async function flush(ticket: Id): Promise<boolean> {
    const waiting = undoable.value.filter((each) => each.ticket === ticket);
    const sent = await Promise.all(waiting.map((each) => leave(each.key)));
    return sent.every(Boolean);
  }

  /** The page is going away: what waits leaves with it. */
  function leaveWithPage(): void {
    for (const each of undoable.value) void api.reply(each.ticket, each.text, each.key, true, idsOf(each)).catch(() => {});
  }

  async function leave(key: string): Promise<boolean> {
    const item = items.value.find((each) => each.key === key);
    if (!item || item.leavesAt === null) return true;
    clearTimeout(timers.get(key));
    items.value = items.value.map((each) => (each.key === key ? { ...each, leavesAt: null } : each));
    try {
      await api.reply(item.ticket, item.text, key, false, idsOf(item));
      if (item.macro) await finish(item.macro, item.ticket);
      if (useTickets().openId === item.ticket) await useTickets().refreshOpen();
      remove(key);
      return true;
    } catch (problem) {
      remove(key);
      keepDraft(item.ticket, item.text, 'reply');  // nothing that was written is lost
      useNews().tell(reasonOf(problem), 'bad');
      return false;
    }
  }

  /** Does what a macro does beside its words; where that is refused, says why. */
  async function finish(macro: Macro, ticket: Id): Promise<void> {
    try {
      const changed = await carryOut(macro, ticket);
      if (changed) useTickets().put(changed);
      useNews().tell(translate('macro.done', { name: macro.name, id: ticket }));
    } catch (problem) {
      useNews().tell(translate('macro.refused', { name: macro.name, reason: reasonOf(problem) }), 'bad');
    }
  }

  function remove(key: string): void {
    clearTimeout(timers.get(key));
    timers.delete(key);
    items.value = items.value.filter((each) => each.key !== key);
  }

  return { items, undoable, send, undo, flush, finish, leaveWithPage };
});
