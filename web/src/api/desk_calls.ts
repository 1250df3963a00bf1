import { call, query } from './client';
import type { components } from './schema';
import type { Guidance, Id, Ticket } from './types';

export type Macro = components['schemas']['macro'];
export type CoverageCell = components['schemas']['coverage_cell'];

export interface KeptDraft {
  text: string;
  kind: 'reply' | 'note';
  at?: string;
}

export interface Mention {
  ticket: Ticket;
  entry: number;
  by: { id?: Id; name?: string };
  at: string;
}

export interface Coverage {
  ruleset: string;
  dimension: string;
  dimensions: string[];
  cells: CoverageCell[];
}

/** What the desk asks of the engine beside tickets and customers: articles, macros, an agent's drafts and mentions. */
export const deskApi = {
  findArticles: async (q: string, ticket: Id, signal?: AbortSignal) =>
    (await call<{ articles: Guidance[] }>('GET', `/articles${query({ q, ticket })}`, { signal })).articles,
  macros: async (ticket: Id) => (await call<{ macros: Macro[] }>('GET', `/macros${query({ ticket })}`)).macros,
  draft: (ticket: Id) => call<KeptDraft>('GET', `/tickets/${ticket}/draft`),
  keepDraft: (ticket: Id, text: string, kind: KeptDraft['kind'], keepalive = false) =>
    call('PUT', `/tickets/${ticket}/draft`, { body: { text, kind }, keepalive }),
  mentions: async () => (await call<{ mentions: Mention[] }>('GET', '/mentions')).mentions,
  mentionSeen: (ticket: Id) => call('DELETE', `/mentions/${ticket}`),
  coverage: (dimension?: string) => call<Coverage>('GET', `/coverage${query({ dimension })}`),
};
