const beyond = 6;

/** Which rows are to exist: those in sight and a few around them. `end` is one past the last. */
export function rowsInSight(scrollTop: number, seen: number, height: number, count: number): { first: number; end: number } {
  const first = Math.max(0, Math.floor(scrollTop / height) - beyond);
  const end = Math.min(count, Math.ceil((scrollTop + seen) / height) + beyond);
  return { first: Math.min(first, count), end: Math.max(end, 0) };
}
