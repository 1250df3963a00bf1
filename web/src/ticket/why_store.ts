import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { api, type Explanation, type Tried } from '@/api/calls';
import type { Id } from '@/api/types';
import { reasonOf } from '@/shell/news_store';

/** Why the open ticket is where it is: what its rules tried, and who could have it now. */
export const useWhy = defineStore('why', () => {
  const told = shallowRef<Explanation | null>(null);
  const problem = shallowRef('');
  let asked = 0;

  async function load(id: Id): Promise<void> {
    const question = ++asked;
    if (told.value?.ticket !== id) told.value = null;
    try {
      const answer = await api.explain(id);
      if (question !== asked) return;
      told.value = answer;
      problem.value = '';
    } catch (reason) {
      if (question === asked) problem.value = reasonOf(reason);
    }
  }

  /** Where the route stands that took the ticket. */
  const route = computed<Tried | null>(() => told.value?.trace?.trace?.routes?.find((each) => each.held && each.file) ?? null);

  return { told, problem, route, load };
});
