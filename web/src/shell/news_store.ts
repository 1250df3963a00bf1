import { defineStore } from 'pinia';
import { ref } from 'vue';
import { Refusal } from '@/api/client';
import { translate } from '@/words';

export interface News {
  id: number;
  text: string;
  kind: 'plain' | 'bad';
}

const shownFor = 7_000;
const most = 4;

/** What the desk tells in passing: seen at the edge of the screen, spoken by screen readers. */
export const useNews = defineStore('news', () => {
  const items = ref<News[]>([]);
  let next = 1;

  /** `stays`: until it is put away by hand. */
  function tell(text: string, kind: News['kind'] = 'plain', stays: 'stays' | '' = ''): void {
    const id = next++;
    items.value = [...items.value.slice(1 - most), { id, text, kind }];
    if (stays === '') setTimeout(() => dismiss(id), kind === 'bad' ? shownFor * 2 : shownFor);
  }

  function dismiss(id: number): void {
    items.value = items.value.filter((each) => each.id !== id);
  }

  /** Says why something did not happen. An ended session is no news: the log-in says it. */
  function refused(problem: unknown): void {
    if (problem instanceof Refusal && problem.status === 401) return;
    tell(reasonOf(problem), 'bad');
  }

  return { items, tell, dismiss, refused };
});

/** Why something did not happen, in words. */
export function reasonOf(problem: unknown): string {
  if (problem instanceof Refusal && problem.status === 0) return translate('problem.unreachable');
  const missing = problem instanceof Refusal ? problem.problem.missing?.[0] : undefined;
  if (missing !== undefined) return translate('problem.missing', { permission: translate(`permission.${missing}`) });
  if (problem instanceof Refusal && problem.status === 403) return translate('problem.forbidden', { detail: problem.message });
  return problem instanceof Error ? problem.message : String(problem);
}
