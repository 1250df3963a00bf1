import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { deskApi, type Mention } from '@/api/desk_calls';
import type { Id, Ticket } from '@/api/types';
import { useNews } from '@/shell/news_store';
import { translate } from '@/words';

/** Tickets in whose notes somebody named this agent, until they have looked. */
export const useMentions = defineStore('mentions', () => {
  const items = shallowRef<Mention[]>([]);
  const tickets = computed(() => items.value.map((each) => each.ticket));

  async function load(): Promise<void> {
    try {
      items.value = await deskApi.mentions();
    } catch (problem) {
      useNews().refused(problem);
    }
  }

  function arrived(mention: Mention): void {
    items.value = [...items.value.filter((each) => each.ticket.id !== mention.ticket.id), mention];
    useNews().tell(translate('mention.arrived', { name: mention.by.name ?? '', id: mention.ticket.id }));
  }

  /** The ticket has changed; where it stands in the list, it is shown as it is. */
  function put(ticket: Ticket): void {
    if (items.value.some((each) => each.ticket.id === ticket.id)) items.value = items.value.map((each) => (each.ticket.id === ticket.id ? { ...each, ticket } : each));
  }

  async function seen(ticket: Id): Promise<void> {
    if (!items.value.some((each) => each.ticket.id === ticket)) return;
    items.value = items.value.filter((each) => each.ticket.id !== ticket);
    await deskApi.mentionSeen(ticket).catch((problem: unknown) => useNews().refused(problem));
  }

  return { items, tickets, load, arrived, put, seen };
});
