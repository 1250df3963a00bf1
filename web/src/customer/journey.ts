import type { CustomerDetail } from '@/api/customer_calls';
import type { Ticket } from '@/api/types';

/** That a customer is in another segment of a dimension, or at another stage ("stage"), than at the contact before. */
export interface Move {
  dimension: string;
  from: string;
  to: string;
}

export type JourneyStep =
  | { kind: 'met'; at: string }
  | { kind: 'contact'; at: string; ticket: Ticket; stage: string; moves: Move[] }
  | { kind: 'pin'; at: string; dimension: string; value: string; by: string; reason: string };

const placesOf = (ticket: Ticket): Record<string, string> => ({ ...ticket.segments, ...(ticket.stage ? { stage: ticket.stage } : {}) });

/** A customer's way through the funnel, the latest first: each conversation with what had changed since the one before, and pins. */
export function journeyOf({ customer, tickets }: Pick<CustomerDetail, 'customer' | 'tickets'>): JourneyStep[] {
  const steps: JourneyStep[] = [];
  if (customer.created_at) steps.push({ kind: 'met', at: customer.created_at });
  let before: Record<string, string> = {};
  for (const ticket of [...tickets].sort((one, other) => one.created_at.localeCompare(other.created_at))) {
    const now = placesOf(ticket);
    const moves = Object.entries(now).flatMap(([dimension, to]) => {
      const from = before[dimension];
      return from !== undefined && from !== to ? [{ dimension, from, to }] : [];
    });
    steps.push({ kind: 'contact', at: ticket.created_at, ticket, stage: ticket.stage ?? '', moves });
    before = { ...before, ...now };
  }
  for (const pin of customer.pins ?? []) {
    if (pin.at) steps.push({ kind: 'pin', at: pin.at, dimension: pin.dimension ?? '', value: pin.value ?? '', by: pin.by ?? '', reason: pin.reason ?? '' });
  }
  // Whoever is met and writes in the same moment is met first.
  return steps.map((step, place) => ({ step, place })).sort((one, other) => other.step.at.localeCompare(one.step.at) || other.place - one.place).map((each) => each.step);
}
