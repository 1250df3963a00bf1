import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { api, type RulesOverview } from '@/api/calls';
import { Refusal } from '@/api/client';
import type { RuleProblem } from '@/api/types';
import { reasonOf, useNews } from '@/shell/news_store';
import { translate } from '@/words';
import { placeInRules } from './places';

const restBeforeCheck = 450;

/** Rules as files: those in force, what was changed in them here, and what is wrong with that. */
export const useRules = defineStore('rules', () => {
  const overview = shallowRef<RulesOverview | null>(null);
  /** The hash that the files here were made from. */
  const base = ref('');
  const original = shallowRef<Record<string, string>>({});
  const files = shallowRef<Record<string, string>>({});
  const problems = shallowRef<RuleProblem[]>([]);
  const checking = ref(false);
  const sound = ref(true);
  const busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | null = null;
  let asked: AbortController | null = null;

  /** Problems of a file, however the engine names its folder. */
  const problemsOf = (path: string): RuleProblem[] => problems.value.filter((each) => placeInRules(each.file ?? '') === path);
  const paths = computed(() => Object.keys(files.value).sort(byPlace));
  const changed = computed(() => new Set([...Object.keys(files.value), ...Object.keys(original.value)].filter((each) => files.value[each] !== original.value[each])));
  const errors = computed(() => problems.value.filter((each) => each.severity === 'error'));

  async function load(hash?: string): Promise<void> {
    overview.value = await api.rules();
    const wanted = hash ?? overview.value.hash;
    const kept = await api.ruleFiles(wanted);
    base.value = overview.value.hash;
    // An older version is shown as a change of what is in force.
    original.value = wanted === base.value ? kept.files : (await api.ruleFiles(base.value)).files;
    files.value = kept.files;
    await check();
  }

  function write(path: string, text: string): void {
    if (files.value[path] === text) return;
    files.value = { ...files.value, [path]: text };
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void check(), restBeforeCheck);
  }

  function add(path: string, text = ''): void {
    files.value = { ...files.value, [path]: text };
    void check();
  }

  function remove(path: string): void {
    const { [path]: _, ...others } = files.value;
    files.value = others;
    void check();
  }

  function revert(path: string): void {
    const before = original.value[path];
    if (before === undefined) remove(path);
    else write(path, before);
  }

  async function check(): Promise<void> {
    asked?.abort();
    const mine = asked = new AbortController();
    checking.value = true;
    try {
      const said = await api.checkRules({ files: files.value }, mine.signal);
      if (asked !== mine) return;
      problems.value = said.problems;
      sound.value = said.ok;
    } catch (problem) {
      if (!mine.signal.aborted) useNews().refused(problem);
    } finally {
      if (asked === mine) checking.value = false;
    }
  }

  /** Has the files here take over; says so where others are in force by now. */
  async function activate(): Promise<void> {
    await act(async () => {
      const { hash } = await api.activateRules({ files: files.value }, base.value);
      useNews().tell(translate('rules.activated', { hash: hash.slice(0, 12) }));
      await load();
    });
  }

  async function rollback(to: string): Promise<void> {
    await act(async () => {
      await api.rollbackRules(to, base.value);
      useNews().tell(translate('rules.rolledBack', { hash: to.slice(0, 12) }));
      await load();
    });
  }

  async function act(action: () => Promise<void>): Promise<void> {
    busy.value = true;
    try {
      await action();
    } catch (problem) {
      if (problem instanceof Refusal && problem.status === 409) useNews().tell(translate('rules.overtaken', { detail: problem.message }), 'bad');
      else if (problem instanceof Refusal && Array.isArray(problem.problem.problems)) {
        problems.value = problem.problem.problems as RuleProblem[];
        useNews().tell(reasonOf(problem), 'bad');
      } else useNews().refused(problem);
    } finally {
      busy.value = false;
    }
  }

  return { problemsOf, overview, base, original, files, problems, errors, checking, sound, busy, paths, changed, load, write, add, remove, revert, check, activate, rollback };
});

/** Files of the folder first, then its folders. */
function byPlace(one: string, other: string): number {
  return Number(one.includes('/')) - Number(other.includes('/')) || (one < other ? -1 : 1);
}
