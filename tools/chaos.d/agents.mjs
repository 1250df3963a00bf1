import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { Caller, request } from './calls.mjs';

const WebSocket = createRequire(new URL('../../tests/e2e/', import.meta.url))('ws');
const silence = 3000;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** An agent at a desk that is found wherever there is one: accepts what is offered, answers, resolves, and comes back. */
export class Agent {
  #on = true;
  #socket = null;
  #busy = new Map();
  #last;
  #token = null;
  /** Gaps in the numbers of the desk's frames. */
  gaps = [];

  constructor(login, nodes, history) {
    this.login = login;
    this.history = history;
    this.caller = new Caller(nodes, history);
    this.running = this.#work();
  }

  async #work() {
    while (this.#on) {
      await this.#shift().catch(() => {});
      await pause(100);
    }
  }

  /** From one connection to its end. */
  async #shift() {
    if (!this.#token) await this.#logIn();
    const { node } = this.caller;
    const socket = await this.#connect(node);
    const closed = new Promise((resolve) => { socket.once('close', resolve); });
    const watch = this.#watch(socket);
    await this.#be('available');
    await closed;
    clearInterval(watch);
    this.#socket = null;
  }

  async #logIn() {
    const body = JSON.stringify({ login: this.login, password: `secret-${this.login}`, bearer: true });
    const answer = await this.caller.until({ kind: 'login', id: this.login },
      (node, signal) => request(`${node.url}/api/v1/login`, { headers: { 'Content-Type': 'application/json' }, body }, signal));
    this.#token = answer.body.token;
    this.id ??= answer.body.agent.id;
  }

  async #connect(node) {
    const after = this.#last === undefined ? '' : `?after=${this.#last}`;
    const opened = await this.caller.once({ kind: 'desk', id: this.login }, (at) => new Promise((resolve, reject) => {
      const socket = new WebSocket(`${at.url.replace(/^http/, 'ws')}/api/v1/desk${after}`, { headers: { Authorization: `Bearer ${this.#token}` }, handshakeTimeout: 3000 });
      socket.on('message', (data) => this.#arrived(JSON.parse(data.toString())));
      socket.once('open', () => resolve({ status: 101, socket }));
      socket.once('unexpected-response', (_, answer) => resolve({ status: answer.statusCode }));
      socket.on('error', reject);
    }));
    if (opened.status === 401) this.#token = null;
    if (!opened.socket) throw new Error('no desk');
    this.#socket = opened.socket;
    return opened.socket;
  }

  /** Leaves a node that says nothing any more: it may be stopped, or cut off. */
  #watch(socket) {
    let heard = Date.now();
    socket.on('pong', () => { heard = Date.now(); });
    return setInterval(() => {
      if (Date.now() - heard > silence) socket.terminate();
      else socket.ping();
    }, 500);
  }

  #arrived(frame) {
    if (typeof frame.seq === 'number') {
      const restarts = frame.type === 'snapshot' || frame.type === 'reset';
      if (this.#last !== undefined && !restarts && frame.seq !== this.#last + 1) this.gaps.push(`${this.login}: ${frame.seq} (${frame.type}) follows ${this.#last}`);
      this.#last = frame.seq;
    }
    if (frame.type === 'offer') this.#begin(frame.offer.ticket.id, frame.offer);
    if (frame.type !== 'snapshot') return;
    for (const offer of frame.offers) this.#begin(offer.ticket.id, offer);
    for (const ticket of frame.tickets) this.#begin(ticket.id, null);
  }

  #begin(ticket, offer) {
    if (offer) this.history.saw(this.id, offer.id, ticket);
    if (!offer && this.#busy.has(ticket)) return;
    // One after the other: a customer who writes again may bring back a ticket before we heard that it is resolved.
    const next = (this.#busy.get(ticket) ?? Promise.resolve()).then(() => this.#serve(ticket, offer))
      .catch((problem) => this.gaps.push(`${this.login}, ticket ${ticket}: ${problem.message}`))
      .finally(() => { if (this.#busy.get(ticket) === next) this.#busy.delete(ticket); });
    this.#busy.set(ticket, next);
  }

  /** Whatever was not heard of is asked for again, so the outcome of one call does not decide about the next. */
  async #serve(ticket, offer) {
    if (offer) await this.#say('accept', offer.id, ticket, `/api/v1/offers/${offer.id}/accept`, {});
    const held = await this.#do('look', ticket, ticket, `/api/v1/tickets/${ticket}`, undefined, 'GET');
    if (String(held?.body?.ticket?.holder?.id) !== String(this.id)) return;
    const text = `answer ${ticket}.${randomUUID().slice(0, 8)}`;
    await this.#say('reply', text, ticket, `/api/v1/tickets/${ticket}/reply`, { text });
    await this.#say('resolve', randomUUID(), ticket, `/api/v1/tickets/${ticket}/resolve`, {});
  }

  #say(kind, id, ticket, path, content) {
    return this.#do(kind, id, ticket, path, content, 'POST');
  }

  async #do(kind, id, ticket, path, content, method) {
    const headers = content === undefined ? {} : { 'Content-Type': 'application/json', 'Idempotency-Key': `${kind}-${id}` };
    const body = content === undefined ? undefined : JSON.stringify(content);
    const answer = await this.caller.until({ kind, id, ticket, agent: this.id }, (node, signal) => request(node.url + path, { method, headers, body, token: this.#token }, signal));
    if (answer?.status === 401) {
      this.#token = null;  // whoever is sent out logs in again
      this.#socket?.terminate();
    }
    return answer;
  }

  #be(state) {
    return this.#do('presence', this.login, null, '/api/v1/agents/me/presence', { state }, 'PUT');
  }

  /** Looks what there is anew: a desk that lost nothing shows the same. */
  refresh() {
    this.#last = undefined;
    this.#socket?.terminate();
  }

  async end() {
    this.#on = false;
    this.caller.given_up = true;
    this.#socket?.terminate();
    await this.running;
  }
}
