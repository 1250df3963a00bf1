import type { Id, Ticket } from '@/api/types';

/** The questions whose answers are on their way, each with the tickets that the socket told of meanwhile. */
const underWay = new Set<Map<Id, Ticket>>();

/** The socket told how a ticket is now. */
export function heard(ticket: Ticket): void {
  for (const told of underWay) told.set(ticket.id, ticket);
}

/**
 * Asks the engine, and gives with the answer what the socket told until it came. Answers and frames travel apart: what
 * was told meanwhile may be newer than the answer, and where it is older the next frame says so.
 */
export async function askListening<Answer>(ask: () => Promise<Answer>): Promise<{ answer: Answer; told: ReadonlyMap<Id, Ticket> }> {
  const told = new Map<Id, Ticket>();
  underWay.add(told);
  try {
    return { answer: await ask(), told };
  } finally {
    underWay.delete(told);
  }
}
