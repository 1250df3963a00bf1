import { defineStore } from 'pinia';
import { computed, ref, shallowRef, triggerRef, watch } from 'vue';
import { api, type TicketFilter, type TicketPage } from '@/api/calls';
import type { Id, Queue, Ticket } from '@/api/types';
import { calmed } from '@/common/calmed';
import { askListening } from '@/live/told_meanwhile';
import { useSession } from '@/session/session_store';
import { useNews } from '@/shell/news_store';
import { useTickets } from '@/ticket/ticket_store';
import { LongList, shownOf, type Shown, type Stretch } from './long_list';
import { useMentions } from './mentions_store';
import { inOrder, sortOrders, withMore, type SortOrder } from './sorting';

export type View = { kind: 'mine' | 'mentions' | 'waiting' | 'snoozed' | 'all' | 'resolved' } | { kind: 'queue'; queue: string } | { kind: 'search'; words: string };

const page = 100;
/** Rows beside those in sight that are to be here before somebody scrolls to them. */
const aside = 20;
/** Rows that are surely seen before the list has told which are. */
const screenful = 20;
const asksEvery = 60;
const quietFor = 1_500;
const drawnEvery = 150;
const keptSort = 'kindred.sort';

/** The list beside the conversation: one view of the tickets, in one order, fetched where somebody looks. */
export const useInbox = defineStore('inbox', () => {
  const view = shallowRef<View>({ kind: 'mine' });
  const order = ref<SortOrder>(sortOrders.find((each) => each === localStorage.getItem(keptSort)) ?? 'latest');
  /** Of a view that the engine has in our order: what is here of it. */
  const line = shallowRef(new LongList());
  /** Of a view that the engine has by number: its pages so far, in our order. */
  const found = shallowRef<Ticket[]>([]);
  const next = ref<string | null>(null);
  const loading = ref(false);
  const queues = shallowRef<Queue[]>([]);
  const chosen = ref(new Set<Id>());
  let sight: Stretch = { first: 0, end: screenful };
  let asked: AbortController | null = null;
  let asking: Stretch | null = null;
  let looking: ReturnType<typeof setTimeout> | null = null;
  let refreshing: ReturnType<typeof setTimeout> | null = null;
  /** Where the open ticket stood when it was last in the list: the next one is the one that has its place now. */
  let stood: { id: Id; at: number } | null = null;

  const isMine = computed(() => view.value.kind === 'mine');
  /** Views whose tickets are here already; the others are fetched. */
  const isHere = computed(() => isMine.value || view.value.kind === 'mentions');
  const isLine = computed(() => !isHere.value && orderOf(view.value) !== undefined);
  const mine = calmed(() => useTickets().mine, drawnEvery);
  const shown = computed<Shown>(() => {
    if (isHere.value) return shownOf(inOrder(isMine.value ? [...mine.value.values()] : useMentions().tickets, order.value));
    if (!isLine.value) return shownOf(found.value);
    const list = line.value;
    // A value of its own for each change: the list itself stays the same object.
    return { count: list.count, at: (index) => list.at(index), indexOf: (id) => list.indexOf(id) };
  });
  const openAt = computed(() => shown.value.indexOf(useTickets().openId));
  watch(openAt, (at) => { if (at >= 0) stood = { id: useTickets().openId!, at }; }, { flush: 'sync' });
  const myQueues = computed(() => {
    const names = useSession().me?.queues;
    return names ? queues.value.filter((each) => names.includes(each.name)) : queues.value;
  });

  function filterOf(of: View): TicketFilter {
    switch (of.kind) {
      case 'queue': return { status: 'open', queue: of.queue };
      case 'search': return { q: of.words };
      case 'waiting': return { status: 'waiting' };
      case 'snoozed': return { status: 'snoozed', agent: 'me' };
      case 'resolved': return { status: 'resolved' };
      default: return { status: 'open' };
    }
  }

  /** What is found by words, or is over, has no such order. */
  function orderOf(of: View): TicketFilter['order'] {
    return of.kind === 'search' || of.kind === 'resolved' ? undefined : order.value;
  }

  function show(wanted: View): void {
    view.value = wanted;
    chosen.value = new Set();
    line.value = new LongList();
    found.value = [];
    next.value = null;
    sight = { first: 0, end: screenful };
    stood = null;
    fetchHead();
  }

  function sort(wanted: SortOrder): void {
    order.value = wanted;
    localStorage.setItem(keptSort, wanted);
    if (isLine.value) show(view.value);
    else found.value = inOrder(found.value, wanted);
  }

  function fetchHead(): void {
    if (isHere.value) return;
    if (isLine.value) void fetchLine({ first: 0, end: page });
    else void fetchFound(null);
  }

  /** Asks for one page at a time: what is asked later is what somebody sees now. False: nothing came. */
  async function fetchPage(filter: TicketFilter, take: (answer: TicketPage, told: ReadonlyMap<Id, Ticket>) => void): Promise<boolean> {
    asked?.abort();
    const mine = asked = new AbortController();
    loading.value = true;
    try {
      const { answer, told } = await askListening(() => api.tickets({ ...filterOf(view.value), ...filter }, mine.signal));
      if (asked !== mine) return false;
      take(answer, told);
      return true;
    } catch (problem) {
      if (!mine.signal.aborted) useNews().refused(problem);
      return false;
    } finally {
      if (asked === mine) loading.value = false;
    }
  }

  async function fetchLine(wanted: Stretch): Promise<void> {
    asking = wanted;
    const length = wanted.end - wanted.first;
    await fetchPage({ order: order.value, from: wanted.first, limit: length }, (answer, told) => {
      asking = null;
      const tickets = answer.tickets.map((each) => told.get(each.id) ?? each);
      line.value.fill(wanted.first, length, tickets, answer.total ?? tickets.length);
      for (const each of [...tickets, ...told.values()]) if (!belongs(each, view.value)) line.value.remove(each.id);
      triggerRef(line);
      lookSoon();
      // Something had moved between two answers: the next one has it all.
      if (line.value.lacks(sight)) refresh();
    });
    if (asking === wanted) asking = null;
  }

  async function fetchFound(cursor: string | null): Promise<void> {
    const came = await fetchPage({ limit: page, cursor }, (answer, told) => {
      const tickets = answer.tickets.map((each) => told.get(each.id) ?? each).filter((each) => belongs(each, view.value));
      found.value = withMore(cursor === null ? [] : found.value, tickets, order.value);
      next.value = answer.next;
    });
    if (came) lookOn();
  }

  /** A search looks through some thousands at a time: it goes on until what is in sight is full, or all was looked at. */
  function lookOn(): void {
    if (view.value.kind === 'search' && sight.end >= found.value.length && next.value !== null && !loading.value) void fetchFound(next.value);
  }

  /** What comes into sight is fetched where it is not here yet. */
  function look(at: Stretch): void {
    sight = at;
    if (isLine.value) lookSoon();
    else if (!isHere.value && at.end >= found.value.length && next.value !== null && !loading.value) void fetchFound(next.value);
  }

  /** Whoever drags the list past thousands is not answered for each of them. */
  function lookSoon(): void {
    if (looking || !line.value.missing(around(sight))) return;
    looking = setTimeout(() => {
      looking = null;
      const missing = isLine.value ? line.value.missing(around(sight)) : null;
      if (missing === null || (asking && asking.first <= missing.first && asking.end >= missing.end)) return;
      // The rest of a page is what comes next in the direction of scrolling.
      const more = Math.max(0, page - (missing.end - missing.first));
      const first = missing.first > sight.first ? missing.first : Math.max(0, missing.first - more);
      void fetchLine({ first, end: Math.max(missing.end, first + page) });
    }, asksEvery);
  }

  const around = ({ first, end }: Stretch): Stretch => ({ first: Math.max(0, first - aside), end: end + aside });

  /** Fetches what is in sight again, soon and not more often than it can be read. */
  function refresh(): void {
    if (isHere.value || refreshing) return;
    refreshing = setTimeout(() => {
      refreshing = null;
      if (isHere.value) return;
      // What is on its way may have been made before what is to be shown now.
      if (loading.value) refresh();
      else if (isLine.value) {
        line.value.doubt();
        // Twice as much as is seen on either side: the row that is looked at is found where it has moved to.
        const first = Math.max(0, sight.first - Math.floor(page - (sight.end - sight.first) / 2));
        void fetchLine({ first, end: first + (first === 0 && sight.end < page ? page : 2 * page) });
      } else if (found.value.length <= page) {
        void fetchFound(null);
      }
    }, quietFor);
  }

  /** A ticket has changed: it is shown as it is now, or goes where it no longer belongs here. */
  function put(ticket: Ticket): void {
    useMentions().put(ticket);
    if (isHere.value || shown.value.indexOf(ticket.id) < 0) return;
    const stays = belongs(ticket, view.value);
    if (isLine.value) {
      if (stays) line.value.replace(ticket);
      else line.value.remove(ticket.id);
      triggerRef(line);
      // Where it stands now, the engine knows.
      refresh();
    } else {
      found.value = stays ? withMore(found.value, [ticket], order.value) : found.value.filter((each) => each.id !== ticket.id);
    }
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

  /** The ticket before or after this one, in the order that is shown; nothing where it is not here yet. */
  function neighbour(id: Id | null, step: 1 | -1): Id | null {
    const list = shown.value;
    let at = list.indexOf(id);
    if (at < 0 && stood !== null && stood.id === id) at = step > 0 ? stood.at - 1 : stood.at;
    else if (at < 0) return list.at(step > 0 ? 0 : list.count - 1)?.id ?? null;
    return list.at(at + step)?.id ?? null;
  }

  return { view, order, shown, openAt, next, loading, queues, myQueues, chosen, show, sort, look, refresh, put, putQueues, choose, neighbour };
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
