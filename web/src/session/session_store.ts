import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { api } from '@/api/calls';
import { Refusal } from '@/api/client';
import type { Me, Permission, PresenceState } from '@/api/types';
import { useNews } from '@/shell/news_store';
import { roleNews } from './role_news';

/** Who is logged in. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null);
  /** Nobody knows yet, nobody, somebody, or somebody whose session has ended while the desk was open. */
  const state = ref<'unknown' | 'out' | 'in' | 'expired'>('unknown');
  const permissions = computed(() => new Set<Permission>(me.value?.permissions ?? []));

  /** Whether this person may do all of it. The engine asks besides; this is for what the screen offers. */
  const may = (...all: readonly Permission[]): boolean => all.every((each) => permissions.value.has(each));

  function changeMe(part: Partial<Me>): void {
    me.value = { ...(me.value ?? ({} as Me)), ...part } as Me;
  }

  /** What the engine says of this person now. Who may do something else than before is told so, in words. */
  function heard(part: Partial<Me>): void {
    const before = me.value;
    changeMe(part);
    const told = before?.permissions && part.permissions ? roleNews(before, me.value!) : '';
    if (told !== '') useNews().tell(told, 'plain', 'stays');
  }

  async function restore(): Promise<void> {
    try {
      me.value = await api.me();
      state.value = 'in';
    } catch (problem) {
      state.value = 'out';
      if (!(problem instanceof Refusal) || problem.status !== 401) throw problem;
    }
  }

  async function logIn(login: string, password: string): Promise<void> {
    const before = me.value?.login;
    await api.login(login, password);
    const someone = await api.me();
    // Somebody else's screen must not show through.
    if (state.value === 'expired' && before !== undefined && before !== someone.login) {
      location.reload();
      return;
    }
    me.value = someone;
    state.value = 'in';
  }

  async function logOut(): Promise<void> {
    await api.logout().catch(() => {});
    location.assign('/');
  }

  /** Asks whether the session still stands; says so where it has ended. */
  async function check(): Promise<void> {
    if (state.value !== 'in') return;
    try {
      heard(await api.me());
    } catch {
      // An ended session is heard of by expire(); anything else the live line tells.
    }
  }

  /** The engine knows our session no more. */
  function expire(): void {
    if (state.value === 'in') state.value = 'expired';
  }

  async function setPresence(next: PresenceState): Promise<void> {
    const before = me.value?.presence;
    changeMe({ presence: { ...before, state: next } });
    try {
      changeMe({ presence: await api.setPresence(next) });
    } catch (problem) {
      changeMe({ presence: before });
      useNews().refused(problem);
    }
  }

  return { me, state, may, changeMe, heard, restore, logIn, logOut, check, expire, setPresence };
});
