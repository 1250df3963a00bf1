import type { Ticket } from '@/api/types';

export interface Countdown {
  name: NonNullable<Ticket['target']>['name'];
  /** Seconds until the target is missed; negative since. */
  left: number;
  /** The queue is closed, and its clock stands. */
  stands: boolean;
  tone: 'calm' | 'near' | 'missed';
}

/** From here on a target is near, and says so in colour and words. */
const near = 120;

/** How much time is left of a ticket's nearest target; null where nothing is promised. */
export function countdownOf(ticket: Pick<Ticket, 'target'>, now: number): Countdown | null {
  const { target } = ticket;
  if (!target) return null;
  const at = target.at === undefined ? NaN : new Date(target.at).getTime();
  const stands = Number.isNaN(at);
  const left = stands ? target.left_s : (at - now) / 1000;
  return { name: target.name, left, stands, tone: left < 0 ? 'missed' : left <= near && !stands ? 'near' : 'calm' };
}
