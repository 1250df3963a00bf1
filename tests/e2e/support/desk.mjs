import WebSocket from 'ws';
import { eventually, Mailbox } from './wait.mjs';

/** The desk's socket as a program sees it. A gap in the numbers is an error of the engine and fails the next wait. */
export class Desk {
  #socket;
  #frames = new Mailbox();
  #fault = null;

  last = null;

  static async connect(client, { after, headers = {} } = {}) {
    const desk = new Desk();
    await desk.#open(client, after, headers);
    return desk;
  }

  async #open(client, after, headers) {
    const url = `${client.url.replace(/^http/, 'ws')}/api/v1/desk${after === undefined ? '' : `?after=${after}`}`;
    this.#socket = new WebSocket(url, { headers: client.token ? { Authorization: `Bearer ${client.token}`, ...headers } : headers });
    if (after !== undefined) this.last = after;
    this.#socket.on('message', (data) => this.#arrived(JSON.parse(data.toString())));
    await new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('unexpected-response', (_, answer) => reject(Object.assign(new Error(`the desk answered ${answer.statusCode}`), { status: answer.statusCode })));
      this.#socket.once('error', reject);
    });
    this.#socket.on('error', () => {});
  }

  #arrived(frame) {
    if (typeof frame.seq === 'number') {
      const restarts = frame.type === 'snapshot' || frame.type === 'reset';
      if (this.last !== null && !restarts && frame.seq !== this.last + 1) this.#fault ??= `seq ${frame.seq} (${frame.type}) follows ${this.last}`;
      this.last = frame.seq;
    }
    this.#frames.put(frame);
  }

  /** The first frame of the type that fits and that nobody took yet. `within` is in milliseconds. */
  async next(type, fits = () => true, what = type, within = undefined) {
    const frame = await this.#frames.take((one) => one.type === type && fits(one), `a desk frame: ${what}`, within);
    if (this.#fault) throw new Error(this.#fault);
    return frame;
  }

  get left() {
    return this.#frames.left;
  }

  send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  /** Ends the connection without a word, as a lost network does. */
  cut() {
    this.#socket.terminate();
  }

  async close() {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => { this.#socket.once('close', resolve); });
    this.#socket.close();
    await closed;
  }
}

/** An agent at work: the desk's socket, and what the desk's buttons do. */
export class Agent {
  static async arrive(engine, login) {
    const agent = new Agent();
    agent.login = login;
    agent.client = await engine.login(login);
    agent.desk = await Desk.connect(agent.client);
    agent.snapshot = await agent.desk.next('snapshot');
    agent.id = agent.snapshot.agent.id;
    await agent.presence('available');
    return agent;
  }

  presence(state, reason) {
    return this.client.expect(200, 'PUT', '/api/v1/agents/me/presence', reason ? { state, reason } : { state });
  }

  /** The next offer whose ticket fits. */
  async offer(fits = () => true, what = 'an offer') {
    const { offer } = await this.desk.next('offer', (frame) => fits(frame.offer.ticket), `${what} for ${this.login}`);
    return offer;
  }

  async accept(offer) {
    return (await this.client.expect(200, 'POST', `/api/v1/offers/${offer.id}/accept`, {})).ticket;
  }

  decline(offer, reason) {
    return this.client.expect(200, 'POST', `/api/v1/offers/${offer.id}/decline`, reason ? { reason } : {});
  }

  async reply(ticket, text) {
    return (await this.client.expect(201, 'POST', `/api/v1/tickets/${ticket.id}/reply`, { text })).entry;
  }

  async note(ticket, text) {
    return (await this.client.expect(201, 'POST', `/api/v1/tickets/${ticket.id}/note`, { text })).entry;
  }

  async resolve(ticket, disposition) {
    return (await this.client.expect(200, 'POST', `/api/v1/tickets/${ticket.id}/resolve`, disposition ? { disposition } : {})).ticket;
  }

  /** Takes the next ticket that fits. */
  async take(fits, what) {
    return this.accept(await this.offer(fits, what));
  }

  /** Waits until the reply has left, as the ticket shows it. */
  async delivered(ticket, entry, state = 'sent') {
    return eventually(async () => {
      const { deliveries } = await this.client.ticket(ticket.id);
      return deliveries.find((one) => one.entry === entry && one.state === state);
    }, `the delivery of entry ${entry} of ticket ${ticket.id} to be ${state}`);
  }

  /** Waits until the provider has said that a message of ours did not arrive. */
  async bounced(ticket) {
    return eventually(async () => (await this.client.ticket(ticket.id)).entries.find((entry) =>
      (entry.kind === 'delivery' && entry.state === 'failed') || (['bounce', 'status'].includes(entry.kind) && (entry.record ?? entry).status === 'failed')),
    `the failed delivery to be on record in ticket ${ticket.id}`);
  }

  async leave() {
    await this.presence('offline').catch(() => {});
    await this.desk.close();
  }
}
