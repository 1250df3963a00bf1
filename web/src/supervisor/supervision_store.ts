import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { api } from '@/api/calls';
import type { Agent, PresenceState, Queue, Ticket } from '@/api/types';
import { useNews } from '@/shell/news_store';
import { translate } from '@/words';

export interface Escalation {
  name: string;
  ticket: Ticket;
  at: number;
}

const every = 2_000;
const mostKept = 50;

/** What a supervisor watches: queues, agents, and tickets of which somebody wanted to be told. */
export const useSupervision = defineStore('supervision', () => {
  const agents = shallowRef<Agent[]>([]);
  const queues = shallowRef<Queue[]>([]);
  const escalations = ref<Escalation[]>([]);
  const updatedAt = ref<number | null>(null);
  let watchers = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  async function refresh(): Promise<void> {
    try {
      [agents.value, queues.value] = await Promise.all([api.agents(), api.queues()]);
      updatedAt.value = Date.now();
    } catch (problem) {
      useNews().refused(problem);
    }
  }

  /** Keeps the figures fresh until the answer is called. */
  function watch(): () => void {
    watchers += 1;
    if (watchers === 1) void again();
    return () => {
      watchers -= 1;
      if (watchers === 0 && timer) clearTimeout(timer);
    };
  }

  async function again(): Promise<void> {
    if (document.visibilityState === 'visible' || updatedAt.value === null) await refresh();
    if (watchers > 0) timer = setTimeout(() => void again(), every);
  }

  async function setPresence(agent: Agent, state: PresenceState): Promise<void> {
    try {
      await api.setPresence(state, undefined, agent.id);
      await refresh();
    } catch (problem) {
      useNews().refused(problem);
    }
  }

  function escalated(name: string, ticket: Ticket): void {
    escalations.value = [{ name, ticket, at: Date.now() }, ...escalations.value].slice(0, mostKept);
    useNews().tell(translate('wall.escalated', { name, ticket: ticket.id, queue: ticket.queue }), 'bad');
  }

  return { agents, queues, escalations, updatedAt, refresh, watch, setPresence, escalated };
});
