import { call } from '@/api/client';
import type { components } from '@/api/schema';
import type { Id } from '@/api/types';

export type Incident = components['schemas']['incident'];
export interface IncidentChange {
  incident: Incident;
  done: number;
  passed_over: number;
}

const change = (id: Id, what: string, body: unknown, key?: string) => call<IncidentChange>('POST', `/incidents/${id}/${what}`, { body, key });

/** One cause behind many tickets, as the engine keeps it. */
export const incidentApi = {
  list: async () => (await call<{ incidents: Incident[] }>('GET', '/incidents')).incidents,
  open: (title: string, tickets: Id[]) => call<IncidentChange>('POST', '/incidents', { body: { title, tickets } }),
  link: (id: Id, tickets: Id[]) => change(id, 'link', { tickets }),
  unlink: (id: Id, tickets: Id[]) => change(id, 'unlink', { tickets }),
  reply: (id: Id, text: string, key: string) => change(id, 'reply', { text }, key),
  resolve: (id: Id, disposition: string) => change(id, 'resolve', disposition ? { disposition } : {}),
};

/** Numbers of tickets as people write them: "12, #13 14". */
export const ticketsIn = (text: string): Id[] => [...new Set(text.match(/\d+/g) ?? [])];
