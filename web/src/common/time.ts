import { onScopeDispose, ref, type Ref } from 'vue';
import { currentLanguage } from '@/words';

/** The language of the desk as people write times where they are. */
function localeOfTimes(): string {
  const language = currentLanguage();
  return navigator.languages.find((each) => each.startsWith(language)) ?? language;
}

const made = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than all that it formats for a list. */
function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = localeOfTimes();
  const key = `${locale} ${JSON.stringify(options)}`;
  let found = made.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options);
    made.set(key, found);
  }
  return found;
}

const ofToday: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const ofBefore: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', ...ofToday };

/** A clock for what counts: ticks twice a second while somebody looks at it. */
export function useNow(every = 500): Ref<number> {
  const now = ref(Date.now());
  const timer = setInterval(() => { now.value = Date.now(); }, every);
  onScopeDispose(() => clearInterval(timer));
  return now;
}

/** "14:05" today, "3 Nov, 14:05" before. */
export function shortTime(text: string | null | undefined, now = Date.now()): string {
  const at = new Date(text ?? NaN);
  if (Number.isNaN(at.getTime())) return '';
  const sameDay = at.toDateString() === new Date(now).toDateString();
  return formatter(sameDay ? ofToday : ofBefore).format(at);
}

export function fullTime(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? '' : formatter({ dateStyle: 'full', timeStyle: 'medium' }).format(at);
}

/** "8 s", "4 min", "2 h", "3 d": as long as it takes to be read at a glance. */
export function span(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** Seconds since then, never negative. */
export function secondsSince(text: string | null | undefined, now: number): number {
  const at = new Date(text ?? NaN).getTime();
  return Number.isNaN(at) ? NaN : Math.max(0, (now - at) / 1000);
}

/** Whole seconds until then, never negative. */
export function secondsUntil(text: string, now: number): number {
  return Math.max(0, Math.ceil((new Date(text).getTime() - now) / 1000));
}
