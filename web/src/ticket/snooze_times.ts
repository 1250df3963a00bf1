/** Times that people put something aside until. */
export const snoozes = ['hour', 'threeHours', 'tomorrow', 'monday'] as const;
export type Snooze = (typeof snoozes)[number];

const morning = 9;

/** When that is, seen from `now`; days begin at nine in the agent's own time. */
export function snoozedUntil(wanted: Snooze, now: Date): Date {
  const at = new Date(now);
  if (wanted === 'hour') at.setHours(at.getHours() + 1);
  else if (wanted === 'threeHours') at.setHours(at.getHours() + 3);
  else {
    const days = wanted === 'tomorrow' ? 1 : ((8 - at.getDay()) % 7) || 7;
    at.setDate(at.getDate() + days);
    at.setHours(morning, 0, 0, 0);
  }
  return at;
}

/** What a field of a form wants for this moment: "2026-11-28T09:00", in the agent's own time. */
export function fieldOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
