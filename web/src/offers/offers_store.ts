import { defineStore } from 'pinia';
import { ref } from 'vue';
import { api } from '@/api/calls';
import { Refusal } from '@/api/client';
import type { Id, Offer } from '@/api/types';
import { useNews } from '@/shell/news_store';
import { useTickets } from '@/ticket/ticket_store';
import { translate } from '@/words';
import { alertOf } from './alerts';

/** Tickets that are tentatively this agent's. */
export const useOffers = defineStore('offers', () => {
  const offers = ref<Offer[]>([]);
  /** Offers whose answer is on its way; what the engine says of them meanwhile is no news. */
  const answered = new Set<Id>();

  function replace(all: Offer[]): void {
    const known = new Set(offers.value.map((each) => each.id));
    offers.value = all;
    for (const each of all) if (!known.has(each.id)) alertOf(each);
  }

  function arrived(offer: Offer): void {
    if (offers.value.some((each) => each.id === offer.id)) return;
    offers.value = [...offers.value, offer];
    alertOf(offer);
  }

  function drop(id: Id): Offer | undefined {
    const found = offers.value.find((each) => each.id === id);
    offers.value = offers.value.filter((each) => each.id !== id);
    return found;
  }

  function closed(id: Id, ticket: Id, outcome: string): void {
    const had = drop(id);
    if (had === undefined || answered.has(id)) return;
    const name = had.ticket.customer?.name || `#${ticket}`;
    if (outcome === 'revoked') useNews().tell(translate('offer.revoked', { name }));
    if (outcome === 'expired') useNews().tell(translate('offer.expired', { name }), 'bad');
  }

  /** Takes the ticket; gives its id when it is ours now. The card goes at once and comes back when nothing came of it. */
  async function accept(offer: Offer): Promise<Id | null> {
    if (answered.has(offer.id)) return null;
    answered.add(offer.id);
    drop(offer.id);
    try {
      useTickets().put(await api.accept(offer.id));
      return offer.ticket.id;
    } catch (problem) {
      failed(offer, problem, 'offer.lost');
      return null;
    } finally {
      answered.delete(offer.id);
    }
  }

  async function decline(offer: Offer, reason?: string): Promise<void> {
    if (answered.has(offer.id)) return;
    answered.add(offer.id);
    drop(offer.id);
    try {
      await api.decline(offer.id, reason);
    } catch (problem) {
      failed(offer, problem, 'offer.gone');
    } finally {
      answered.delete(offer.id);
    }
  }

  function failed(offer: Offer, problem: unknown, gone: string): void {
    const name = offer.ticket.customer?.name || `#${offer.ticket.id}`;
    if (problem instanceof Refusal && [404, 409, 410].includes(problem.status)) {
      useNews().tell(translate(gone, { name, detail: problem.message }), 'bad');
      return;
    }
    // Nobody has it yet: it is still to be answered.
    if (new Date(offer.expires_at).getTime() > Date.now()) offers.value = [...offers.value, offer];
    useNews().refused(problem);
  }

  return { offers, replace, arrived, closed, accept, decline };
});
