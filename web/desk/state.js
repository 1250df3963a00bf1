const mine = new Set(['held', 'wrapping_up', 'snoozed']);

/** What the desk knows. Frames and answers change it; views read it. */
export class DeskState extends EventTarget {
  me = null;
  offers = new Map();
  tickets = new Map();
  queues = [];
  open = null;

  /** Forgets everything: somebody logged out, or a snapshot follows. */
  clear() {
    this.offers.clear();
    this.tickets.clear();
    this.queues = [];
    this.#changed('offers', 'tickets', 'queues');
  }

  setMe(agent) {
    this.me = agent;
    this.#changed('me');
  }

  /** Applies one frame of the desk socket; kinds that a newer engine may add are left aside. */
  apply(frame) {
    const apply = {
      snapshot: () => this.#snapshot(frame),
      reset: () => this.clear(),
      offer: () => this.#offered(frame.offer),
      offer_closed: () => this.#offerClosed(frame),
      ticket: () => this.putTicket(frame.ticket),
      entry: () => this.addEntry(frame.ticket, frame.entry),
      presence: () => this.setMe({ ...this.me, presence: frame.presence, used: frame.used, capacity: frame.capacity }),
      queues: () => { this.queues = frame.queues; this.#changed('queues'); },
    }[frame.type];
    apply?.();
  }

  putTicket(ticket) {
    if (mine.has(ticket.status) && ticket.holder?.id === this.me?.id) this.tickets.set(ticket.id, ticket);
    else this.tickets.delete(ticket.id);
    if (this.open?.ticket.id === ticket.id) {
      this.open.ticket = ticket;
      this.#changed('open');
    }
    this.#changed('tickets');
  }

  openTicket(detail) {
    this.open = detail;
    this.#changed('open', 'tickets', 'guidance');
  }

  /** An entry may arrive twice, as the answer to a call and as a frame. */
  addEntry(ticket, entry) {
    if (this.open?.ticket.id !== ticket) return;
    if (this.open.entries.some((known) => known.number === entry.number)) return;
    this.open.entries.push(entry);
    this.open.entries.sort((one, other) => one.number - other.number);
    this.#changed('open');
  }

  dropOffer(id) {
    if (this.offers.delete(id)) this.#changed('offers');
  }

  #snapshot(frame) {
    this.offers = new Map(frame.offers.map((offer) => [offer.id, offer]));
    this.tickets = new Map(frame.tickets.map((ticket) => [ticket.id, ticket]));
    this.queues = frame.queues;
    this.me = { ...this.me, ...frame.agent };
    this.#changed('me', 'offers', 'tickets', 'queues');
  }

  #offered(offer) {
    this.offers.set(offer.id, offer);
    this.#changed('offers');
    this.dispatchEvent(new CustomEvent('offered', { detail: offer }));
  }

  #offerClosed(frame) {
    this.dropOffer(frame.offer);
    this.dispatchEvent(new CustomEvent('offer_closed', { detail: frame }));
  }

  #changed(...parts) {
    for (const part of parts) this.dispatchEvent(new Event(part));
  }
}
