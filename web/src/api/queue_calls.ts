import { call } from './client';
import type { Queue } from './types';

const pathOf = (queue: string, what: string) => `/queues/${encodeURIComponent(queue)}/${what}`;

/** What supervisors say of a queue, whatever its calendar says. */
export const queueApi = {
  close: async (queue: string, until: string) => (await call<{ queue: Queue }>('POST', pathOf(queue, 'close'), { body: { until } })).queue,
  open: async (queue: string) => (await call<{ queue: Queue }>('POST', pathOf(queue, 'open'), { body: {} })).queue,
};
