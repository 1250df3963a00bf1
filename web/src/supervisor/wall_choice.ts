/** By what a wall measures the service level: answered within so many seconds, of the last so many hours. */
export interface WallChoice {
  within_s: number;
  period_h: number;
}

export const usual: WallChoice = { within_s: 20, period_h: 24 };
const limits = [10, 20, 30, 60, 120, 300, 900, 3_600];
const periods = [1, 4, 8, 24, 168, 744];

/** What can be chosen, and what is chosen now, which may be something else: the engine takes more. */
const including = (known: readonly number[], now: number): number[] => [...new Set([...known, now])].sort((one, other) => one - other);
export const limitsToChoose = (now: WallChoice): number[] => including(limits, now.within_s);
export const periodsToChoose = (now: WallChoice): number[] => including(periods, now.period_h);

/** What the report of service levels is asked for. */
export const questionOf = (chosen: WallChoice, now: number) => ({ name: 'service-level', by: 'queue', within: `${chosen.within_s}s`, from: new Date(now - chosen.period_h * 3_600_000).toISOString() });

/** A number of seconds in its largest whole unit: what is chosen is round. */
export function spanOf(seconds: number): { count: number; unit: 'second' | 'minute' | 'hour' | 'day' } {
  if (seconds % 86_400 === 0 && seconds > 86_400) return { count: seconds / 86_400, unit: 'day' };
  if (seconds % 3_600 === 0) return { count: seconds / 3_600, unit: 'hour' };
  return seconds % 60 === 0 ? { count: seconds / 60, unit: 'minute' } : { count: seconds, unit: 'second' };
}

/** The same in words of a language: "20 seconds". */
export function spanText(seconds: number, language: string): string {
  const { count, unit } = spanOf(seconds);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
