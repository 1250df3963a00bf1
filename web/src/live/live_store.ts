import { defineStore } from 'pinia';
import { ref } from 'vue';
import { useInbox } from '@/inbox/inbox_store';
import { useMentions } from '@/inbox/mentions_store';
import { useOffers } from '@/offers/offers_store';
import { useSession } from '@/session/session_store';
import { useSupervision } from '@/supervisor/supervision_store';
import { useCompany } from '@/ticket/company_store';
import { useTickets } from '@/ticket/ticket_store';
import type { Frame } from '@/api/types';
import { DeskSocket, type LiveState } from './socket';
import { heard } from './told_meanwhile';

/** How true what is on the screen is, and the one way in which news of the engine reach it. */
export const useLive = defineStore('live', () => {
  const state = ref<LiveState>('connecting');
  const retryAt = ref<number | null>(null);
  const staleSince = ref<number | null>(null);

  const socket = new DeskSocket({
    frame: apply,
    state(next, at) {
      if (next !== 'live' && state.value === 'live') staleSince.value = Date.now();
      if (next === 'live') {
        if (staleSince.value !== null) useInbox().refresh();
        staleSince.value = null;
      }
      const isBack = next === 'live' && state.value !== 'live';
      state.value = next;
      retryAt.value = at;
      if (isBack) useCompany().connected((frame) => socket.say(frame));
    },
    refused: () => void useSession().check(),
  });

  function apply(frame: Frame): void {
    const session = useSession();
    const offers = useOffers();
    const tickets = useTickets();
    const inbox = useInbox();
    switch (frame.type) {
      case 'snapshot':
        session.heard(frame.agent);
        offers.replace(frame.offers);
        tickets.replaceMine(frame.tickets);
        inbox.putQueues(frame.queues);
        void tickets.refreshOpen();
        if (session.may('tickets.read')) void useMentions().load();
        break;
      case 'reset':
        offers.replace([]);
        break;
      case 'offer':
        if (frame.offer) offers.arrived(frame.offer);
        break;
      case 'offer_closed':
        offers.closed(frame.offer, frame.ticket, frame.outcome);
        break;
      case 'ticket':
        heard(frame.ticket);
        tickets.put(frame.ticket);
        break;
      case 'entry':
        tickets.addEntry(frame.ticket, frame.entry);
        break;
      case 'mention':
        useMentions().arrived({ ticket: frame.ticket, entry: frame.entry, by: frame.by, at: new Date().toISOString() });
        if (tickets.openId === frame.ticket.id) void tickets.refreshOpen();
        break;
      case 'lookers':
        useCompany().lookers(frame.ticket, frame.agents);
        break;
      case 'typing':
        useCompany().visitorTyped(frame.ticket);
        break;
      case 'presence':
        session.changeMe({ presence: frame.presence, used: frame.used, capacity: frame.capacity });
        break;
      case 'role':
        session.heard({ role: frame.role, permissions: frame.permissions });
        if (session.may('tickets.read')) {
          inbox.refresh();
          void tickets.refreshOpen();
        }
        break;
      case 'queues':
        inbox.putQueues(frame.queues);
        break;
      case 'escalation':
        useSupervision().escalated(frame.escalation, frame.ticket);
        break;
    }
  }

  function start(): void {
    socket.start();
    addEventListener('online', wakeUp);
    document.addEventListener('visibilitychange', lookAgain);
  }

  function stop(): void {
    socket.stop();
    removeEventListener('online', wakeUp);
    document.removeEventListener('visibilitychange', lookAgain);
    state.value = 'connecting';
    staleSince.value = null;
  }

  const wakeUp = () => socket.retryNow();
  function lookAgain(): void {
    if (document.visibilityState === 'visible' && state.value === 'stale') socket.retryNow();
  }

  return { state, retryAt, staleSince, start, stop, retryNow: () => socket.retryNow(), apply };
});
