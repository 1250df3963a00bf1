import { api } from '@/api/calls';
import { reasonOf } from '@/shell/news_store';

const page = 200;

/** `YYYY-MM-DDTHH:mm` of a moment as people write it where they are, as fields want it. */
export function localMinute(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export interface Moved {
  done: number;
  left: number;
  reason: string;
}

/** Gives whoever waits in a queue to another, one after the other; who comes meanwhile too. Those that refuse stay. */
export async function moveAllWaiting(from: string, to: string, told: (done: number) => void = () => {}): Promise<Moved> {
  const refused = new Set<string>();
  const moved: Moved = { done: 0, left: 0, reason: '' };
  for (let cursor: string | null = null; ;) {
    const found: Awaited<ReturnType<typeof api.tickets>> = await api.tickets({ status: 'waiting', queue: from, limit: page, cursor });
    for (const each of found.tickets) {
      if (refused.has(each.id)) continue;
      try {
        await api.transfer(each.id, { queue: to });
        told(moved.done += 1);
      } catch (problem) {
        refused.add(each.id);
        moved.reason ||= reasonOf(problem);
      }
    }
    if (found.next === null) break;
    cursor = found.next;
  }
  moved.left = refused.size;
  return moved;
}
