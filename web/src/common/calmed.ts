import { shallowRef, watch, type ShallowRef } from 'vue';

/**
 * What `source` gives, at once after a quiet time and then no more often than every `pause` milliseconds; the last word
 * is always shown. For lists that would be sorted and drawn anew with each of fifty changes a second.
 */
export function calmed<Value>(source: () => Value, pause: number): ShallowRef<Value> {
  const shown = shallowRef(source()) as ShallowRef<Value>;
  let waiting: ReturnType<typeof setTimeout> | null = null;
  let latest: Value;
  watch(source, (value) => {
    latest = value;
    if (waiting) return;
    shown.value = value;
    waiting = setTimeout(function next() {
      waiting = shown.value === latest ? null : setTimeout(next, pause);
      shown.value = latest;
    }, pause);
  }, { flush: 'sync' });
  return shown;
}
