import { ref, type Ref } from 'vue';
import type { Ticket } from '@/api/types';
import { useNews } from '@/shell/news_store';
import { useTickets } from './ticket_store';

/** Does one thing at a time with a ticket, shows what became of it, and says why where nothing did. */
export function useTicketActs(): { busy: Ref<boolean>; act: (action: () => Promise<Ticket>) => Promise<boolean> } {
  const tickets = useTickets();
  const news = useNews();
  const busy = ref(false);

  async function act(action: () => Promise<Ticket>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      tickets.put(await action());
      return true;
    } catch (problem) {
      news.refused(problem);
      return false;
    } finally {
      busy.value = false;
      void tickets.refreshOpen();
    }
  }

  return { busy, act };
}
