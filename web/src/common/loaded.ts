import { onMounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { reasonOf } from '@/shell/news_store';

export interface Loaded<Value> {
  value: ShallowRef<Value | null>;
  /** Why there is nothing new; empty when there is. */
  problem: Ref<string>;
  busy: Ref<boolean>;
  load(): Promise<void>;
}

/** What a screen shows once the engine has told it: asked for when the screen opens and by `load`; the latest question wins. */
export function useLoaded<Value>(ask: () => Promise<Value>): Loaded<Value> {
  const value = shallowRef<Value | null>(null);
  const problem = ref('');
  const busy = ref(false);
  let asked = 0;

  async function load(): Promise<void> {
    const question = ++asked;
    busy.value = true;
    try {
      const answer = await ask();
      if (question !== asked) return;
      value.value = answer;
      problem.value = '';
    } catch (reason) {
      if (question === asked) problem.value = reasonOf(reason);
    } finally {
      if (question === asked) busy.value = false;
    }
  }

  onMounted(() => void load());
  return { value, problem, busy, load };
}
