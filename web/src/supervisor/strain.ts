import type { Queue } from '@/api/types';

export type Strain = 'closed' | 'idle' | 'flowing' | 'waiting' | 'nobody';

const longWait = 300;

/** How a queue fares, in a word: said in words as well as by colour. */
export function strainOf(queue: Pick<Queue, 'open' | 'waiting' | 'agents_present' | 'longest_wait_s'>): Strain {
  if (queue.open === false) return 'closed';
  if (queue.waiting > 0 && (queue.agents_present ?? 0) === 0) return 'nobody';
  if (queue.waiting > 0 && (queue.longest_wait_s ?? 0) > longWait) return 'waiting';
  return queue.waiting > 0 ? 'flowing' : 'idle';
}
