import type { SortOrder } from '@/inbox/sorting';
import type { RulesDiff, RuleTests } from '@/rules/comparing';
import { call, query } from './client';
import type { Agent, Id, Me, Presence, PresenceState, Queue, RuleProblem, Ticket, TicketDetail } from './types';

export interface TicketFilter {
  status?: string;
  queue?: string;
  customer?: Id;
  agent?: string;
  q?: string;
  order?: SortOrder;
  cursor?: string | null;
  /** With an order: how many come before the first that is wanted. */
  from?: number;
  limit?: number;
}

export interface TicketPage {
  tickets: Ticket[];
  next: string | null;
  /** Of a list in an order: how many it has in all. */
  total?: number;
}

export interface Colleague {
  id: Id;
  login?: string;
  name: string;
  state: PresenceState;
}

export interface RulesSource {
  files?: Record<string, string>;
  version?: string;
}

export interface RulesOverview {
  hash: string;
  rollout?: { hash?: string; mode?: 'shadow' | 'canary'; percent?: number; author?: string; at?: string };
  activations: { hash?: string; author?: string; how?: string; at?: string }[];
  versions: { hash?: string; author?: string; at?: string }[];
}

/** Everything that the desk asks of the engine, by the names of docs/openapi.yaml. */
export const api = {
  login: (login: string, password: string) => call<{ agent: Me }>('POST', '/login', { body: { login, password } }),
  logout: () => call('POST', '/logout', { body: {} }),
  me: async () => (await call<{ agent: Me }>('GET', '/me')).agent,
  setPresence: async (state: PresenceState, reason?: string, agent = 'me') =>
    (await call<{ presence: Presence }>('PUT', `/agents/${agent}/presence`, { body: reason ? { state, reason } : { state } })).presence,

  tickets: (filter: TicketFilter, signal?: AbortSignal) =>
    call<TicketPage>('GET', `/tickets${query({ ...filter })}`, { signal }),
  ticket: (id: Id, signal?: AbortSignal) => call<TicketDetail>('GET', `/tickets/${id}`, { signal }),
  explain: (id: Id) => call<Explanation>('GET', `/tickets/${id}/explain`),
  reply: (id: Id, text: string, key: string, keepalive = false, files: Id[] = []) =>
    call<{ entry: number }>('POST', `/tickets/${id}/reply`, { body: files.length > 0 ? { text, attachments: files } : { text }, key, keepalive }),
  upload: (file: File) =>
    call<{ id: Id; name: string }>('POST', `/attachments${query({ name: file.name, type: file.type || 'application/octet-stream' })}`, { file }),
  note: (id: Id, text: string, key: string) => call<{ entry: number }>('POST', `/tickets/${id}/note`, { body: { text }, key }),
  resolve: async (id: Id, disposition?: string) =>
    (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/resolve`, { body: disposition ? { disposition } : {} })).ticket,
  dispositions: async () => (await call<{ dispositions: string[] }>('GET', '/dispositions')).dispositions,
  reopen: async (id: Id) => (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/reopen`, { body: {} })).ticket,
  endWrapUp: async (id: Id) => (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/wrap-up/end`, { body: {} })).ticket,
  transfer: async (id: Id, to: { queue: string } | { agent: string }) =>
    (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/transfer`, { body: to })).ticket,
  assign: async (id: Id, agent: Id) => (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/assign`, { body: { agent } })).ticket,

  snooze: async (id: Id, until: string) => (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/snooze`, { body: { until } })).ticket,
  consult: async (id: Id, agent: Id) => (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/consult`, { body: { agent } })).ticket,
  endConsult: async (id: Id) => (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/consult/end`, { body: {} })).ticket,
  takeOver: async (id: Id) => (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/consult/take-over`, { body: {} })).ticket,
  merge: async (id: Id, into: Id) => (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/merge`, { body: { into } })).ticket,
  sendAgain: (id: Id, entry: number) => call<{ entry: number; repeated?: boolean }>('POST', `/tickets/${id}/messages/${entry}/send-again`, { body: {} }),
  setHold: (id: Id, onHold: boolean) => call<{ call: 'on_hold' | 'talking' }>('PUT', `/tickets/${id}/hold`, { body: { on_hold: onHold } }),
  setRecording: (id: Id, paused: boolean) => call<{ recording: string }>('PUT', `/tickets/${id}/recording`, { body: { paused } }),
  setPriority: async (id: Id, priority: string) => (await call<{ ticket: Ticket }>('PUT', `/tickets/${id}/priority`, { body: { priority } })).ticket,
  extendWrapUp: async (id: Id, more: string) => (await call<{ ticket: Ticket }>('POST', `/tickets/${id}/wrap-up/extend`, { body: { for: more } })).ticket,

  accept: async (offer: Id) => (await call<{ ticket: Ticket }>('POST', `/offers/${offer}/accept`, { body: {} })).ticket,
  decline: (offer: Id, reason?: string) => call('POST', `/offers/${offer}/decline`, { body: reason ? { reason } : {} }),

  colleagues: async () => (await call<{ colleagues: Colleague[] }>('GET', '/colleagues')).colleagues,
  agents: async () => (await call<{ agents: Agent[] }>('GET', '/agents')).agents,
  queues: async () => (await call<{ queues: Queue[] }>('GET', '/queues')).queues,

  rules: () => call<RulesOverview>('GET', '/rules'),
  ruleFiles: (hash: string) => call<{ hash: string; author: string; at: string; files: Record<string, string> }>('GET', `/rules/${encodeURIComponent(hash)}`),
  checkRules: (from: RulesSource, signal?: AbortSignal) =>
    call<{ ok: boolean; hash?: string; problems: RuleProblem[] }>('POST', '/rules/check', { body: from, signal }),
  explainRules: (from: RulesSource, given: unknown) => call<RulesExplanation>('POST', '/rules/explain', { body: { ...from, given } }),
  diffRules: (from: RulesSource) => call<RulesDiff>('POST', '/rules/diff', { body: from }),
  testRules: (from: RulesSource) => call<RuleTests>('POST', '/rules/test', { body: from }),
  backtestRules: (from: RulesSource, most: number) => call<Record<string, unknown>>('POST', '/rules/backtest', { body: { ...from, most } }),
  activateRules: (source: RulesSource, from: string) => call<{ hash: string }>('POST', '/rules/activate', { body: { ...source, from } }),
  rollbackRules: (to: string, from: string) => call<{ hash: string }>('POST', '/rules/rollback', { body: { to, from } }),
};

/** One thing that rules tried, and where it stands. */
export interface Tried {
  name: string;
  held: boolean;
  held_by?: string;
  failed?: string;
  fact?: string;
  actual?: unknown;
  note?: string;
  file?: string;
  line?: number;
  column?: number;
}

export interface RulesExplanation {
  decision?: Record<string, unknown>;
  trace?: {
    segments?: { dimension: string; chosen: string; pinned?: boolean; tried?: Tried[] }[];
    stage?: { dimension?: string; chosen: string; pinned?: boolean; tried?: Tried[] };
    routes?: Tried[];
    scripts?: Tried[];
    articles?: Tried[];
    [other: string]: unknown;
  };
}

export interface Explanation {
  ticket: Id;
  decided: Record<string, unknown> | null;
  explained_by: string;
  trace: RulesExplanation | null;
  dispatch: Record<string, unknown> | null;
}
