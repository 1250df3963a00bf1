import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, shallowRef } from 'vue';
import { calmed } from './calmed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('shows the first change at once, many as few, and the last always', () => {
  const source = shallowRef(0);
  const scope = effectScope();
  const shown = scope.run(() => calmed(() => source.value, 100))!;
  const seen: number[] = [];
  for (let change = 1; change <= 50; change += 1) {
    source.value = change;
    if (seen.at(-1) !== shown.value) seen.push(shown.value);
    vi.advanceTimersByTime(20);
  }
  expect(seen[0]).toBe(1);
  expect(seen.length).toBeLessThanOrEqual(11);
  vi.advanceTimersByTime(200);
  expect(shown.value).toBe(50);
  source.value = 51;
  expect(shown.value).toBe(51);
  scope.stop();
});
