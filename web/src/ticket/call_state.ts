import type { Entry, Ticket } from '@/api/types';

export interface CallState {
  state: 'waiting' | 'connecting' | 'talking' | 'on_hold' | 'wrapping_up' | 'ended';
  /** Since when it is so. */
  since: string | null;
  from: string | null;
  /** Of a wrap-up: when it ends by itself. */
  until?: string;
}

/** A recording that is ready says nothing of the line. */
const ofTheLine = (entry: Entry): boolean => entry.kind !== 'call-status' || !/^(record|consent)/.test(String(entry.record?.status ?? ''));

/** Where a call stands, by what its ticket's history says. */
export function callState(ticket: Ticket, entries: readonly Entry[]): CallState {
  const caller = entries.find((each) => each.kind === 'contact')?.record?.from ?? null;
  const last = (...kinds: string[]) => entries.findLast((each) => kinds.includes(each.kind) && ofTheLine(each));
  if (ticket.status === 'resolved') return { state: 'ended', since: null, from: caller };
  if (ticket.status === 'wrapping_up') {
    // One that is extended is told anew, with its new end.
    const until = last('wrap_up')?.until;
    return { state: 'wrapping_up', since: last('wrap_up', 'call-status')?.at ?? null, from: caller, ...(typeof until === 'string' ? { until } : {}) };
  }
  if (ticket.status !== 'held') return { state: 'waiting', since: ticket.waiting_since ?? ticket.created_at, from: caller };
  const status = last('call-status', 'abandoned', 'accepted', 'connecting');
  const word = status?.record?.status ?? (status?.status as string | undefined);
  if (status && (status.kind === 'abandoned' || word === 'completed')) return { state: 'ended', since: status.at, from: caller };
  const hold = last('hold');
  // Whoever is put through anew is on hold no more.
  if (hold?.call === 'on_hold' && hold.number > (last('connecting')?.number ?? 0)) return { state: 'on_hold', since: hold.at, from: caller };
  if (status?.kind === 'connecting') return { state: 'connecting', since: status.at, from: caller };
  return { state: 'talking', since: (last('accepted') ?? status)?.at ?? null, from: caller };
}

/** Whether we called the customer: of such a call providers do not name the leg that would be put on hold. */
export const wasPlaced = (entries: readonly Entry[]): boolean => entries.findLast((each) => each.kind === 'connecting')?.call_back === true;

const agreed = (consent: unknown): boolean => consent === 'told' || consent === 'given';

/** Whether the talk is on record now: by who was told or has agreed, and what was ordered since. */
export function recordingOf(call: CallState, entries: readonly Entry[]): 'none' | 'recording' | 'paused' {
  if (call.state !== 'talking' && call.state !== 'connecting') return 'none';
  let now: 'none' | 'recording' | 'paused' = 'none';
  for (const { kind, record, ...entry } of entries) {
    if (kind === 'contact') now = agreed(record?.recording_consent) ? 'recording' : 'none';
    // Somebody whom we call is told or asked anew.
    else if (kind === 'callback' || kind === 'outbound' || (kind === 'queue-result' && record?.customer_answered !== undefined)) now = 'none';
    else if (kind === 'call-status' && record?.recorded_call !== undefined) now = agreed(record.recording_consent) ? 'recording' : 'none';
    else if (kind === 'recording') now = entry.recording === 'paused' ? 'paused' : 'recording';
  }
  return now;
}
