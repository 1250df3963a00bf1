import type { Entry, Ticket } from '@/api/types';

export interface CallState {
  state: 'waiting' | 'connecting' | 'talking' | 'wrapping_up' | 'ended';
  /** Since when it is so. */
  since: string | null;
  from: string | null;
}

/** Where a call stands, by what its ticket's history says. */
export function callState(ticket: Ticket, entries: readonly Entry[]): CallState {
  const caller = entries.find((each) => each.kind === 'contact')?.record?.from ?? null;
  const last = (...kinds: string[]) => entries.findLast((each) => kinds.includes(each.kind));
  if (ticket.status === 'resolved') return { state: 'ended', since: null, from: caller };
  if (ticket.status === 'wrapping_up') return { state: 'wrapping_up', since: last('wrap_up', 'call-status')?.at ?? null, from: caller };
  if (ticket.status !== 'held') return { state: 'waiting', since: ticket.waiting_since ?? ticket.created_at, from: caller };
  const status = last('call-status', 'abandoned', 'accepted', 'connecting');
  const word = status?.record?.status ?? (status?.status as string | undefined);
  if (status && (status.kind === 'abandoned' || word === 'completed')) return { state: 'ended', since: status.at, from: caller };
  if (status?.kind === 'connecting') return { state: 'connecting', since: status.at, from: caller };
  return { state: 'talking', since: (last('accepted') ?? status)?.at ?? null, from: caller };
}
