import type { Explanation } from '@/api/calls';
import type { Entry, Ticket } from '@/api/types';

/** Who has a ticket, or is offered it, and over whom. */
export interface Chosen {
  how: 'offered' | 'taken' | 'given';
  agent: string;
  /** The next best, at most three of them. */
  over: string[];
  /** How many more could have had it. */
  more: number;
  /** By what its queue chooses: longest_idle, least_loaded, ... */
  by: string | null;
}

/** Why nobody has it: the last thing that somebody fits, and the first that nobody does. */
export interface NobodyYet {
  how: 'nobody';
  /** Something about the ticket itself that stops every offer. */
  held: string | null;
  stage: string;
  passed: number;
  failed: string | null;
}

const nameOf = (value: unknown): string => (value !== null && typeof value === 'object' && 'name' in value ? String(value.name) : '');

/** By the history: the offer that stands or was accepted, or who was given it by hand since. */
export function chosenOf(ticket: Pick<Ticket, 'status'>, entries: readonly Entry[]): Chosen | null {
  if (ticket.status === 'waiting') return null;
  const last = entries.findLast((each) => each.kind === 'accepted' || each.kind === 'assigned' || (each.kind === 'offered' && ticket.status === 'offered'));
  if (!last) return null;
  if (last.kind === 'assigned') return { how: 'given', agent: nameOf(last.agent), over: [], more: 0, by: null };
  const offer = last.kind === 'offered' ? last : entries.findLast((each) => each.kind === 'offered' && each.offer === last.offer);
  const over = Array.isArray(offer?.over) ? offer.over.map(nameOf).filter((each) => each !== '') : [];
  const others = typeof offer?.others === 'number' ? offer.others : 0;
  return {
    how: last.kind === 'offered' ? 'offered' : 'taken', agent: nameOf(last.agent), over, more: Math.max(0, others - over.length),
    by: others > 0 && typeof offer?.choose === 'string' ? offer.choose : null,
  };
}

/** By the funnel of now, of a ticket that waits. */
export function nobodyYet(dispatch: Explanation['dispatch'] | undefined): NobodyYet | null {
  if (!dispatch || !Array.isArray(dispatch.funnel)) return null;
  const stages = dispatch.funnel as { stage: string; agents: number }[];
  const failed = stages.findIndex((each) => each.agents === 0);
  const at = failed < 0 ? stages.length - 1 : Math.max(0, failed - 1);
  const stage = stages[at];
  if (!stage) return null;
  return {
    how: 'nobody', held: typeof dispatch.held_back === 'string' && dispatch.held_back !== '' ? dispatch.held_back : null,
    stage: stage.stage, passed: stage.agents, failed: failed > 0 ? stages[failed]!.stage : null,
  };
}
