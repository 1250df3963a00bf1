/** What somebody who plans shifts knows of the work of one queue. */
export interface Work {
  queue: string;
  kind: 'phone' | 'chat' | 'email' | 'social' | 'forum' | 'api';
  /** What customers write or want: the rules decide by it where they go. */
  text: string;
  perHour: number;
  handlingMinutes: number;
  /** How long they wait before they give up, on average; 0: for ever. */
  patienceMinutes: number;
  /** How many of these an agent has in hand at once. */
  atOnce: number;
  /** Agents: from so many to so many. */
  from: number;
  to: number;
  share: number;
  withinSeconds: number;
}

export interface SimulationAsked {
  traffic: string;
  sweep: { row: string; from: number; to: number };
  goal: string;
}

/** Contacts of all runs together: well within what the engine takes, and known to a few per cent. */
const contacts = 400_000;
const row = 'agents';

/** Simulated hours: as many as the runs have contacts to spend, and a day at least. */
export function hoursOf(work: Work): number {
  const runs = Math.max(1, work.to - work.from + 1);
  return Math.max(24, Math.min(2_000, Math.floor(contacts / (runs * Math.max(1, work.perHour)))));
}

/** Units of capacity that each kind takes, unless rules say otherwise (docs/rules.md, costs). */
const costs: Record<Work['kind'], number> = { phone: 10, chat: 3, social: 3, email: 1, forum: 1, api: 1 };

const seconds = (minutes: number): string => `${Math.max(1, Math.round(minutes * 60))}s`;

/** The work as a traffic file (JSON, which is YAML) for `kindred simulate`. */
export function trafficOf(work: Work): string {
  return JSON.stringify({
    hours: hoursOf(work),
    arrivals: [{ per_hour: work.perHour, channel: { name: work.kind, kind: work.kind }, ...(work.text ? { text: work.text } : {}) }],
    handling: { exponential: seconds(work.handlingMinutes) },
    ...(work.patienceMinutes > 0 ? { patience: { exponential: seconds(work.patienceMinutes) } } : {}),
    roster: [{ name: row, agents: work.from, queues: [work.queue], capacity: costs[work.kind] * work.atOnce }],
    service_level: [`${work.withinSeconds}s`],
  }, null, 2);
}

export function askedOf(work: Work, traffic: string): SimulationAsked {
  return { traffic, sweep: { row, from: work.from, to: work.to }, goal: `${work.share}%/${work.withinSeconds}s` };
}

interface Figures {
  arrived: number;
  mean_wait_s: number | null;
  service_level: Record<string, number | null>;
  abandoned_share: number | null;
  occupancy: number | null;
}

export interface Simulated {
  runs: { agents: number; line_grows: boolean; queues: Record<string, Figures> }[];
  goal?: { smallest?: number | null };
}

export interface StaffingRow {
  agents: number;
  service: number | null;
  wait: number | null;
  gaveUp: number | null;
  busy: number | null;
  grows: boolean;
  enough: boolean;
}

/** One line for each number of agents, of one queue; none where nobody came into it. */
export function rowsOf(told: Simulated, work: Work): StaffingRow[] {
  return told.runs.filter((run) => (run.queues[work.queue]?.arrived ?? 0) > 0).map((run) => {
    const of = run.queues[work.queue]!;
    const service = of.service_level[`${work.withinSeconds}s`] ?? Object.values(of.service_level)[0] ?? null;
    return {
      agents: run.agents, service, wait: of.mean_wait_s, gaveUp: of.abandoned_share, busy: of.occupancy, grows: run.line_grows,
      enough: !run.line_grows && service !== null && service >= work.share / 100,
    };
  });
}

/** Where the contacts went instead, by the rules: the queues into which most came first. */
export function othersOf(told: Simulated, work: Work): string[] {
  const queues: Record<string, Figures> = told.runs[0]?.queues ?? {};
  return Object.entries(queues).filter(([name, of]) => name !== work.queue && of.arrived > 0).sort(([, one], [, other]) => other.arrived - one.arrived).map(([name]) => name);
}
