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

/** Tickets in this order. Tickets that are equal in it keep the order of their ids. */
export function inOrder(tickets: readonly Ticket[], order: SortOrder): Ticket[] {
  const keyed = tickets.map((ticket) => ({ ticket, key: keys[order](ticket) }));
  keyed.sort((one, other) => compare(one.key[0], other.key[0]) || compare(one.key[1], other.key[1])
    || compare(Number(one.ticket.id), Number(other.ticket.id)));
  if (order === 'latest') keyed.reverse();
  return keyed.map((each) => each.ticket);
}

function compare(one: string | number, other: string | number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
