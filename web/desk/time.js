const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** "14:05" today, "3 Nov, 14:05" before. */
export function shortTime(text) {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return '';
  return at.toDateString() === new Date().toDateString() ? clock.format(at) : day.format(at);
}

/** "8 s", "4 min", "2 h". */
export function span(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** Whole seconds until `text`, never negative. */
export function secondsUntil(text) {
  return Math.max(0, Math.ceil((new Date(text).getTime() - Date.now()) / 1000));
}
