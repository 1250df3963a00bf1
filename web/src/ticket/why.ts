import type { Decision, Ticket } from '@/api/types';

export interface WhyStep {
  /** A key of the words, or the name of a dimension of segments. */
  label: string;
  value: string;
  kind: 'channel' | 'segment' | 'stage' | 'route' | 'queue' | 'priority';
  pinned: boolean;
}

/** Why a ticket is where it is: channel, segments, stage, route and what it gives, queue. */
export function whySteps(ticket: Partial<Ticket>, decision?: Decision | null): WhyStep[] {
  const pinned = new Set(decision?.pinned ?? []);
  const segments = Object.entries(ticket.segments ?? decision?.segments ?? {});
  const steps: (Omit<WhyStep, 'value' | 'pinned'> & { value: string | undefined })[] = [
    { kind: 'channel', label: 'channel', value: ticket.channel },
    ...segments.map(([dimension, value]) => ({ kind: 'segment' as const, label: dimension, value })),
    { kind: 'stage', label: 'stage', value: ticket.stage ?? decision?.stage },
    { kind: 'route', label: 'route', value: ticket.route ?? decision?.route },
    { kind: 'priority', label: 'priority', value: ticket.priority },
    { kind: 'queue', label: 'queue', value: ticket.queue },
  ];
  return steps.flatMap((each) => (each.value ? [{ ...each, value: each.value, pinned: pinned.has(each.label) }] : []));
}

/** "concierge 7, language es": what the step in force asks of an agent. */
export function requirementsText(requirements: Record<string, unknown> | undefined): string {
  return Object.entries(requirements ?? {})
    .map(([skill, level]) => `${skill} ${level !== null && typeof level === 'object' ? Object.values(level).join(' ') : String(level)}`)
    .join(', ');
}
