import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { api } from '@/api/calls';
import type { Agent, PresenceState, Queue, Ticket } from '@/api/types';
import { reportApi } from '@/api/report_calls';
import { useNews } from '@/shell/news_store';
import { translate } from '@/words';
import { serviceLevels, type ServiceLevel } from './service_level';
import { questionOf, usual, type WallChoice } from './wall_choice';

export interface Escalation {
  name: string;
  ticket: Ticket;
  at: number;
}

const every = 2_000;
/** Reports are made one at a time for everybody, and of hours at least: a minute more or less does not show. */
const serviceEvery = 60_000;
const mostKept = 50;

/** What a supervisor watches: queues, agents, and tickets of which somebody wanted to be told. */
export const useSupervision = defineStore('supervision', () => {
  const agents = shallowRef<Agent[]>([]);
  const queues = shallowRef<Queue[]>([]);
  const escalations = ref<Escalation[]>([]);
  const updatedAt = ref<number | null>(null);
  const service = shallowRef<ReadonlyMap<string, ServiceLevel>>(new Map());
  const choice = ref<WallChoice>({ ...usual });
  let choiceKnown = false;
  let serviceAt = 0;
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

  async function refreshService(): Promise<void> {
    if (Date.now() - serviceAt < serviceEvery) return;
    serviceAt = Date.now();
    try {
      if (!choiceKnown) choice.value = await reportApi.wall();
      choiceKnown = true;
      const asked = { ...choice.value };
      const report = await reportApi.ask(questionOf(asked, Date.now()));
      if (asked.within_s === choice.value.within_s && asked.period_h === choice.value.period_h) service.value = serviceLevels(report);
    } catch {
      // Somebody else's report is being made, or the engine is away, which the wall says: soon again.
      serviceAt = Date.now() - serviceEvery + 5_000;
    }
  }

  /** Measures by something else from now on, here and wherever one looks next. */
  async function choose(wanted: WallChoice): Promise<void> {
    const before = choice.value;
    choice.value = wanted;
    choiceKnown = true;
    try {
      await reportApi.keepWall(wanted);
    } catch (problem) {
      choice.value = before;
      useNews().refused(problem);
    }
    serviceAt = 0;
    await refreshService();
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
    if (document.visibilityState === 'visible' || updatedAt.value === null) await Promise.all([refresh(), refreshService()]);
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

  return { agents, queues, service, choice, choose, escalations, updatedAt, refresh, watch, setPresence, escalated };
});
