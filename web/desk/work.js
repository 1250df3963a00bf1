import { byId, element, fill } from './dom.js';
import { secondsUntil, shortTime, span } from './time.js';
import { requirementsText, whyStrip } from './why.js';

/** The left side: offers, the agent's tickets, queue figures. */
export function showWork(state, actions) {
  const drawOffers = () => fill(byId('offers'), offersOf(state, actions));
  const drawTickets = () => fill(byId('tickets'), ticketsOf(state, actions));
  state.addEventListener('offers', drawOffers);
  state.addEventListener('tickets', drawTickets);
  state.addEventListener('queues', () => byId('queues').replaceChildren(...state.queues.map(queueRow)));
  setInterval(countDown, 500);
  drawOffers();
  drawTickets();
}

function offersOf(state, actions) {
  if (state.offers.size === 0) {
    const waiting = state.me?.presence?.state === 'available' ? 'The next offer appears here.' : 'Become available to get offers.';
    return [element('li.empty', {}, waiting)];
  }
  return [...state.offers.values()].map((offer) => offerCard(offer, actions));
}

function offerCard(offer, actions) {
  const { ticket, why } = offer;
  const wanted = requirementsText(why?.requirements);
  return element('li.card.offer', {},
    element('p.head', {}, element('span.kind', {}, ticket.channel_kind), element('strong', {}, ticket.customer?.name || 'unknown'),
      element('span.countdown', { 'data-until': offer.expires_at, 'aria-hidden': 'true' }, `${secondsUntil(offer.expires_at)} s`)),
    element('p.subject', {}, ticket.subject || '(no subject)'),
    whyStrip({ ...ticket, ...(why ?? {}) }),
    wanted && element('p.quiet', {}, `asks for ${wanted}`),
    element('p.buttons', {},
      element('button.primary', { type: 'button', 'data-key': `accept-${offer.id}`, on: { click: () => actions.accept(offer) } }, 'Accept'),
      element('button', { type: 'button', 'data-key': `decline-${offer.id}`, on: { click: () => actions.decline(offer) } }, 'Decline')));
}

function countDown() {
  for (const shown of document.querySelectorAll('[data-until]')) {
    const left = secondsUntil(shown.dataset.until);
    shown.textContent = `${left} s`;
    shown.classList.toggle('late', left <= 5);
  }
}

function ticketsOf(state, actions) {
  if (state.tickets.size === 0) return [element('li.empty', {}, 'None at the moment.')];
  return [...state.tickets.values()]
    .sort((one, other) => String(other.updated_at).localeCompare(String(one.updated_at)))
    .map((ticket) => element('li', {},
      element('button.card.ticket', {
        type: 'button', 'data-key': `ticket-${ticket.id}`,
        'aria-current': state.open?.ticket.id === ticket.id ? 'true' : false,
        on: { click: () => actions.open(ticket.id) },
      },
      element('span.head', {}, element('span.kind', {}, ticket.channel_kind), element('strong', {}, ticket.customer?.name || 'unknown'),
        element('time', { datetime: ticket.updated_at }, shortTime(ticket.updated_at))),
      element('span.subject', {}, ticket.subject || '(no subject)'),
      element('span.quiet', {}, `#${ticket.id} · ${ticket.queue} · ${ticket.status.replaceAll('_', ' ')}`))));
}

function queueRow(queue) {
  return element('tr', { class: queue.open === false ? 'closed' : false },
    element('th', { scope: 'row' }, queue.name, queue.open === false && element('span.quiet', {}, ' closed')),
    element('td', {}, queue.waiting),
    element('td', {}, queue.waiting > 0 ? span(queue.longest_wait_s) : '–'),
    element('td', {}, queue.agents_present ?? '–'));
}
