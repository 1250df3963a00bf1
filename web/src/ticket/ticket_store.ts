import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { api } from '@/api/calls';
import { Refusal } from '@/api/client';
import { customerApi, type CustomerDetail } from '@/api/customer_calls';
import type { Entry, Id, Ticket, TicketDetail } from '@/api/types';
import { useInbox } from '@/inbox/inbox_store';
import { useMentions } from '@/inbox/mentions_store';
import { askListening } from '@/live/told_meanwhile';
import { useSession } from '@/session/session_store';
import { useNews } from '@/shell/news_store';
import { byNumber, withEntry } from './entries';

export type OpenTicket = Omit<TicketDetail, 'entries'> & { entries: Entry[] };

const mineWhile = new Set(['held', 'snoozed', 'wrapping_up']);
/** What comes with the whole ticket only: what became of messages, script and articles of the latest decision. */
const wantsWhole = new Set(['delivery', 'sent_again', 'contact', 'decision', 'status', 'bounce', 'edit', 'delete', 'reaction']);

/** How long after it failed the open ticket is asked for again, in ms; each further failure doubles it. */
const soonest = 500;
const latest = 15_000;
const mayPass = (reason: unknown): boolean => reason instanceof Refusal && (reason.status === 0 || reason.status >= 500);

/** The agent's own tickets, and the one that is open. */
export const useTickets = defineStore('tickets', () => {
  const mine = shallowRef(new Map<Id, Ticket>());
  const open = shallowRef<OpenTicket | null>(null);
  const customer = shallowRef<CustomerDetail | null>(null);
  const openId = ref<Id | null>(null);
  const problem = ref<unknown>(null);
  const isMine = computed(() => open.value !== null && open.value.ticket.holder?.id === useSession().me?.id);
  let refreshing: ReturnType<typeof setTimeout> | null = null;
  /** The socket goes on where it was and does not tell again what an answer that never came would have told. */
  let again: ReturnType<typeof setTimeout> | null = null;
  let failures = 0;
  /** Told of the ticket that is to be open, before it has come. */
  let early: Entry[] = [];
  let asked = 0;
  let shown = 0;

  function replaceMine(all: Ticket[]): void {
    mine.value = new Map(all.map((each) => [each.id, each]));
  }

  function put(ticket: Ticket): void {
    const next = new Map(mine.value);
    if (mineWhile.has(ticket.status) && ticket.holder?.id === useSession().me?.id) next.set(ticket.id, ticket);
    else next.delete(ticket.id);
    mine.value = next;
    useInbox().put(ticket);
    if (open.value?.ticket.id === ticket.id) open.value = { ...open.value, ticket };
  }

  /** Asks for the targets of one's own tickets in these queues anew. */
  async function tellTargets(queues: ReadonlySet<string>): Promise<void> {
    if (![...mine.value.values()].some((each) => each.target && queues.has(each.queue))) return;
    try {
      const { answer, told } = await askListening(() => api.tickets({ agent: 'me', status: 'open', limit: 200 }));
      for (const each of answer.tickets) put(told.get(each.id) ?? each);
    } catch (reason) {
      useNews().refused(reason);
    }
  }

  /** An entry may arrive twice, as the answer to a call and as a frame. */
  function addEntry(ticket: Id, entry: Entry): void {
    if (openId.value !== ticket) return;
    if (open.value === null) {
      early = withEntry(early, entry);
      return;
    }
    open.value = { ...open.value, entries: withEntry(open.value.entries, entry) };
    if (wantsWhole.has(entry.kind)) refreshSoon();
  }

  function refreshSoon(): void {
    if (refreshing) return;
    refreshing = setTimeout(() => {
      refreshing = null;
      void refreshOpen();
    }, 120);
  }

  async function show(id: Id): Promise<void> {
    if (openId.value !== id) {
      close();
      openId.value = id;
    }
    problem.value = null;
    await refreshOpen();
  }

  function close(): void {
    openId.value = null;
    open.value = null;
    customer.value = null;
    early = [];
    settled();
  }

  function settled(): void {
    if (again) clearTimeout(again);
    again = null;
    failures = 0;
  }

  function tryAgain(): void {
    if (again) clearTimeout(again);
    again = setTimeout(() => void refreshOpen(), Math.min(latest, soonest * 2 ** failures));
    failures += 1;
  }

  async function refreshOpen(): Promise<void> {
    const id = openId.value;
    if (id === null) return;
    const question = ++asked;
    try {
      const { answer: detail, told } = await askListening(() => api.ticket(id));
      if (openId.value !== id) return;  // another one was opened meanwhile
      if (question < shown) return;
      shown = question;
      settled();
      problem.value = null;
      const entries = byNumber(detail.entries as Entry[], open.value?.entries ?? early);
      open.value = { ...detail, entries };
      put(told.get(id) ?? detail.ticket);
      if (told.has(id) || early.some((each) => wantsWhole.has(each.kind))) refreshSoon();
      early = [];
      void useMentions().seen(id);
      void showCustomer(detail.ticket.customer.id);
    } catch (reason) {
      if (openId.value !== id) return;
      if (open.value === null) problem.value = reason;
      if (failures === 0 && !(reason instanceof Refusal && reason.status === 404)) useNews().refused(reason);
      if (question > shown && mayPass(reason)) tryAgain();
    }
  }

  async function showCustomer(id: Id | undefined): Promise<void> {
    if (!id) return;
    try {
      const found = await customerApi.show(id);
      if (open.value?.ticket.customer.id === id) customer.value = found;
    } catch (reason) {
      useNews().refused(reason);
    }
  }

  const refreshCustomer = () => showCustomer(open.value?.ticket.customer.id);

  return { mine, open, openId, customer, problem, isMine, replaceMine, put, tellTargets, addEntry, show, close, refreshOpen, refreshCustomer };
});
