import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Id } from '@/api/types';
import { useSession } from '@/session/session_store';
import { useTickets } from './ticket_store';

export interface Looker {
  id: Id;
  name: string;
  typing: boolean;
}

const typesFor = 4_000;
const sayEvery = 2_500;

/** Who else is with the open ticket: colleagues who look at it or write in it, and the visitor who types. */
export const useCompany = defineStore('company', () => {
  const told = shallowRef<{ ticket: Id; agents: Looker[] } | null>(null);
  const visitorTypes = ref<Id | null>(null);
  let say: (frame: object) => void = () => {};
  let visitorStops: ReturnType<typeof setTimeout> | undefined;
  let weStop: ReturnType<typeof setTimeout> | undefined;
  let saidAt = 0;
  const others = computed(() => (told.value?.ticket === useTickets().openId ? told.value?.agents.filter((each) => each.id !== useSession().me?.id) ?? [] : []));

  /** The way to the engine, and what we look at: told anew with each connection. */
  function connected(send: (frame: object) => void): void {
    say = send;
    look(useTickets().openId);
  }

  function look(ticket: Id | null, typing = false): void {
    if (!typing) {
      clearTimeout(weStop);
      saidAt = 0;
    }
    say({ type: 'looking', ticket: ticket ?? '', typing });
  }

  /** A letter was written in the open ticket; `toVisitor`: as a reply to somebody who sees us type. */
  function typed(ticket: Id, toVisitor: boolean): void {
    clearTimeout(weStop);
    weStop = setTimeout(() => look(useTickets().openId), typesFor);
    const now = Date.now();
    if (now - saidAt < sayEvery) return;
    saidAt = now;
    say({ type: 'looking', ticket, typing: true });
    if (toVisitor) say({ type: 'typing', ticket });
  }

  const read = (ticket: Id, entry: number): void => say({ type: 'read', ticket, entry });

  function lookers(ticket: Id, agents: Looker[]): void {
    told.value = { ticket, agents };
  }

  function visitorTyped(ticket: Id): void {
    visitorTypes.value = ticket;
    clearTimeout(visitorStops);
    visitorStops = setTimeout(() => { visitorTypes.value = null; }, typesFor);
  }

  return { others, visitorTypes, connected, look, typed, read, lookers, visitorTyped };
});
