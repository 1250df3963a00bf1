import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { api } from '@/api/calls';
import { Refusal } from '@/api/client';
import type { Me, PresenceState } from '@/api/types';
import { useNews } from '@/shell/news_store';

const ranks = { agent: 0, supervisor: 1, admin: 2 } as const;

/** Who is logged in. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null);
  /** Nobody knows yet, nobody, somebody, or somebody whose session has ended while the desk was open. */
  const state = ref<'unknown' | 'out' | 'in' | 'expired'>('unknown');
  const rank = computed(() => ranks[(me.value?.role as keyof typeof ranks) ?? 'agent'] ?? 0);
  const supervises = computed(() => rank.value >= 1);
  const administers = computed(() => rank.value >= 2);

  const may = (needs: 'supervisor' | 'admin'): boolean => rank.value >= ranks[needs];

  function changeMe(part: Partial<Me>): void {
    me.value = { ...(me.value ?? ({} as Me)), ...part } as Me;
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
      me.value = await api.me();
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

  return { me, state, supervises, administers, may, changeMe, restore, logIn, logOut, check, expire, setPresence };
});
