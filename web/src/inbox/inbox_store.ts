import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { api, type TicketFilter } from '@/api/calls';
import type { Id, Queue, Ticket } from '@/api/types';
import { calmed } from '@/common/calmed';
import { askListening } from '@/live/told_meanwhile';
import { useSession } from '@/session/session_store';
import { useNews } from '@/shell/news_store';
import { useTickets } from '@/ticket/ticket_store';
import { useMentions } from './mentions_store';
import { inOrder, sortOrders, type SortOrder } from './sorting';

export type View = { kind: 'mine' | 'mentions' | 'waiting' | 'snoozed' | 'all' | 'resolved' } | { kind: 'queue'; queue: string } | { kind: 'search'; words: string };

const page = 100;
const quietFor = 1_500;
const drawnEvery = 150;
const keptSort = 'kindred.sort';

/** The list beside the conversation: one view of the tickets, in one order, fetched as far as somebody looks. */
export const useInbox = defineStore('inbox', () => {
  const view = shallowRef<View>({ kind: 'mine' });
  const order = ref<SortOrder>(sortOrders.find((each) => each === localStorage.getItem(keptSort)) ?? 'latest');
  const fetched = shallowRef<Ticket[]>([]);
  const next = ref<string | null>(null);
  const loading = ref(false);
  const queues = shallowRef<Queue[]>([]);
  const chosen = ref(new Set<Id>());
  let asked: AbortController | null = null;
  let refreshing: ReturnType<typeof setTimeout> | null = null;

  const isMine = computed(() => view.value.kind === 'mine');
  /** Views whose tickets are here already; the others are fetched. */
  const isHere = computed(() => isMine.value || view.value.kind === 'mentions');
  const mine = calmed(() => useTickets().mine, drawnEvery);
  const tickets = computed(() => {
    if (isHere.value) return inOrder(isMine.value ? [...mine.value.values()] : useMentions().tickets, order.value);
    // How high a priority of the centre's own is, the engine knows: its order stays.
    return order.value === 'priority' && orderOf(view.value) ? fetched.value : inOrder(fetched.value, order.value);
  });
  const myQueues = computed(() => {
    const names = useSession().me?.queues;
    return names ? queues.value.filter((each) => names.includes(each.name)) : queues.value;
  });

  function filterOf(shown: View): TicketFilter {
    switch (shown.kind) {
      case 'queue': return { status: 'open', queue: shown.queue };
      case 'search': return { q: shown.words };
      case 'waiting': return { status: 'waiting' };
      case 'snoozed': return { status: 'snoozed', agent: 'me' };
      case 'resolved': return { status: 'resolved' };
      default: return { status: 'open' };
    }
  }

  /** What is found by words, or is over, has no such order. */
  function orderOf(shown: View): TicketFilter['order'] {
    return shown.kind === 'search' || shown.kind === 'resolved' ? undefined : order.value;
  }

  function show(wanted: View): void {
    view.value = wanted;
    chosen.value = new Set();
    fetched.value = [];
    next.value = null;
    void fetchFrom(null);
  }

  function sort(wanted: SortOrder): void {
    order.value = wanted;
    localStorage.setItem(keptSort, wanted);
    if (!isHere.value && orderOf(view.value)) show(view.value);
  }

  async function fetchFrom(cursor: string | null): Promise<void> {
    if (isHere.value) return;
    asked?.abort();
    const mine = asked = new AbortController();
    loading.value = true;
    try {
      const { answer, told } = await askListening(() => api.tickets({ ...filterOf(view.value), order: orderOf(view.value), limit: page, cursor }, mine.signal));
      if (asked !== mine) return;
      const found = answer.tickets.map((each) => told.get(each.id) ?? each).filter((each) => belongs(each, view.value));
      const known = new Set(answer.tickets.map((each) => each.id));
      fetched.value = cursor === null ? found : [...fetched.value.filter((each) => !known.has(each.id)), ...found];
      next.value = answer.next;
    } catch (problem) {
      if (!mine.signal.aborted) useNews().refused(problem);
    } finally {
      if (asked === mine) loading.value = false;
    }
  }

  /** The end of what is fetched comes into sight. */
  function more(): void {
    if (next.value !== null && !loading.value) void fetchFrom(next.value);
  }

  /** Fetches the head of the list again, soon and not more often than it can be read. */
  function refresh(): void {
    if (isHere.value || refreshing) return;
    refreshing = setTimeout(async () => {
      refreshing = null;
      if (fetched.value.length <= page && !loading.value) await fetchFrom(null);
    }, quietFor);
  }

  /** A ticket has changed: it is shown as it is now, or goes where it no longer belongs here. */
  function put(ticket: Ticket): void {
    useMentions().put(ticket);
    if (isHere.value) return;
    const at = fetched.value.findIndex((each) => each.id === ticket.id);
    if (at < 0) return;
    fetched.value = belongs(ticket, view.value)
      ? fetched.value.with(at, ticket)
      : fetched.value.toSpliced(at, 1);
  }

  function putQueues(all: Queue[]): void {
    const before = new Map(queues.value.map((each) => [each.name, each.open]));
    queues.value = all;
    refresh();
    // The clock of a queue stands while it is closed: what is left of targets was told before.
    const moved = new Set(all.filter((each) => before.has(each.name) && before.get(each.name) !== each.open).map((each) => each.name));
    if (moved.size > 0) void useTickets().tellTargets(moved);
  }

  function choose(id: Id, on: boolean): void {
    const nextChosen = new Set(chosen.value);
    if (on) nextChosen.add(id);
    else nextChosen.delete(id);
    chosen.value = nextChosen;
  }

  /** The ticket before or after this one, in the order that is shown. */
  function neighbour(id: Id | null, step: 1 | -1): Id | null {
    const list = tickets.value;
    const at = list.findIndex((each) => each.id === id);
    if (at < 0) return list.at(step > 0 ? 0 : -1)?.id ?? null;
    return list[at + step]?.id ?? null;
  }

  return { view, order, tickets, next, loading, queues, myQueues, chosen, show, sort, more, refresh, put, putQueues, choose, neighbour };
});

/** Whether a ticket as it is now still belongs to a view. A search keeps what it has found. */
export function belongs(ticket: Ticket, view: View): boolean {
  switch (view.kind) {
    case 'waiting': return ticket.status === 'waiting';
    case 'snoozed': return ticket.status === 'snoozed';
    case 'resolved': return ticket.status === 'resolved';
    case 'queue': return ticket.status !== 'resolved' && ticket.queue === view.queue;
    case 'all': return ticket.status !== 'resolved';
    default: return true;
  }
}
