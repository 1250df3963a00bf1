import type { Ticket } from '@/api/types';

export const sortOrders = ['latest', 'oldest', 'longest_wait', 'target', 'priority'] as const;
/** The orders in which the engine has lists of open tickets, so that any page of them is right, however long they are. */
export type SortOrder = (typeof sortOrders)[number];

const ranks: Record<string, number> = { urgent: 0, high: 1, normal: 2, low: 3 };
const never = '9999';

/** The nearest moment by which something is due; what has none comes after everything that has one. */
export function targetOf(ticket: Ticket): string {
  const { target } = ticket;
  if (!target) return never;
  // In a closed queue the clock stands: as if it went on now.
  return target.at ?? new Date(Date.now() + target.left_s * 1000).toISOString();
}

const keys: Record<SortOrder, (ticket: Ticket) => [string | number, string | number]> = {
  latest: (ticket) => [ticket.updated_at, ticket.id],
  oldest: (ticket) => [ticket.created_at, ticket.id],
  longest_wait: (ticket) => [ticket.waiting_since ?? never, ticket.created_at],
  target: (ticket) => [targetOf(ticket), ticket.waiting_since ?? ticket.created_at],
  priority: (ticket) => [ranks[ticket.priority] ?? 2, ticket.created_at],
};

/** Which of two comes first in this order, as sort() wants it. Tickets that are equal in it keep the order of their ids. */
export function comparing(order: SortOrder): (one: Ticket, other: Ticket) => number {
  const key = keys[order];
  const sign = order === 'latest' ? -1 : 1;
  return (one, other) => {
    const [mine, its] = [key(one), key(other)];
    return sign * (compare(mine[0], its[0]) || compare(mine[1], its[1]) || compare(Number(one.id), Number(other.id)));
  };
}

/** Tickets in this order. */
export const inOrder = (tickets: readonly Ticket[], order: SortOrder): Ticket[] => tickets.toSorted(comparing(order));

/** A list in this order and more tickets, as one list in this order; of those that both have, the new ones. */
export function withMore(list: readonly Ticket[], more: readonly Ticket[], order: SortOrder): Ticket[] {
  const first = comparing(order);
  const fresh = new Set(more.map((each) => each.id));
  const coming = inOrder(more, order);
  const made: Ticket[] = [];
  for (const each of list) {
    if (fresh.has(each.id)) continue;
    while (coming.length > 0 && first(coming[0]!, each) < 0) made.push(coming.shift()!);
    made.push(each);
  }
  return [...made, ...coming];
}

function compare(one: string | number, other: string | number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
