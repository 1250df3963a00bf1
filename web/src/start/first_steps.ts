import type { Account, Queue, Ticket } from '@/api/types';

export const steps = ['rules', 'people', 'present', 'contact', 'accept', 'answer'] as const;
export type Step = (typeof steps)[number];

/** What a new site has so far. */
export interface Site {
  rules: boolean;
  people: readonly Account[];
  queues: readonly Queue[];
  tickets: readonly Ticket[];
  answered: boolean;
}

/** Whoever has one of the engine's roles that are not for those who answer. */
const leaders = new Set(['supervisor', 'admin', 'read-only']);

/** Which steps from an empty site to the first answered contact are done. */
export function doneOf(site: Site): Record<Step, boolean> {
  const served = new Set(site.people.filter((each) => !leaders.has(each.role)).flatMap((each) => each.queues ?? []));
  return {
    rules: site.rules,
    people: site.queues.some((each) => served.has(each.name)),
    present: site.queues.some((each) => (each.agents_present ?? 0) > 0),
    contact: site.tickets.length > 0,
    accept: site.tickets.some((each) => each.holder !== null),
    answer: site.answered,
  };
}

/** The first that is not done; null when all are. */
export const nextOf = (done: Record<Step, boolean>): Step | null => steps.find((each) => !done[each]) ?? null;
