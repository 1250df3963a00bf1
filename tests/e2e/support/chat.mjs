import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { Mailbox } from './wait.mjs';

/** A visitor of the web chat, with the habits of web/chat.js: what is not acknowledged is sent again. */
export class Visitor {
  #frames = new Mailbox();
  #socket = null;

  visitor = null;
  name = undefined;
  /** A token signed by the page that says who this is. */
  identity = undefined;
  last = 0;
  unsent = [];
  /** How often the node that it is connected to had to look for another one that leads. */
  moves = 0;
  #welcomed = false;

  static async arrive(engine, channel = 'webchat') {
    const visitor = new Visitor();
    visitor.address = `${engine.url.replace(/^http/, 'ws')}/chat/${channel}`;
    await visitor.connect();
    return visitor;
  }

  /** Connects, or comes back; gives the history that the engine tells. */
  async connect() {
    const query = new URLSearchParams({ ...(this.visitor ? { visitor: this.visitor } : {}), ...(this.last > 0 ? { after: this.last } : {}) });
    this.#welcomed = false;
    this.#socket = new WebSocket(`${this.address}?${query}`);
    this.#socket.on('message', (data) => this.#arrived(JSON.parse(data.toString())));
    await new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
    });
    this.#socket.on('error', () => {});
    const welcome = await this.#frames.take((frame) => frame.type === 'welcome', 'the chat\'s welcome');
    this.#welcome(welcome);
    return welcome.history;
  }

  #welcome({ visitor, history }) {
    this.#welcomed = true;
    this.visitor = visitor;
    for (const line of history) this.#seen(line.number);
    for (const message of this.unsent) this.#send(message);
  }

  #arrived(frame) {
    if (frame.type === 'reconnecting') this.moves += 1;
    // The same socket, on its way to another node: what was said meanwhile is in the history.
    if (frame.type === 'welcome' && this.#welcomed) {
      this.#welcome(frame);
      for (const line of frame.history) if (line.from === 'agent') this.#frames.put({ type: 'message', ...line });
      return;
    }
    if (frame.type === 'ack') this.unsent = this.unsent.filter((message) => message.id !== frame.id);
    if (frame.type === 'message') {
      this.#seen(frame.number);
      this.#send({ type: 'received', number: frame.number });
    }
    this.#frames.put(frame);
  }

  #seen(number) {
    if (number > this.last) this.last = number;
  }

  #send(frame) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Writes without waiting; the message stays in `unsent` until it is acknowledged. */
  write(text, id = randomUUID()) {
    const message = { type: 'message', id, text, name: this.name, identity: this.identity };
    this.unsent.push(message);
    this.#send(message);
    return id;
  }

  /** Writes and waits for the acknowledgement. */
  async say(text, id) {
    const sent = this.write(text, id);
    return this.acknowledged(sent);
  }

  acknowledged(id) {
    return this.#frames.take((frame) => frame.type === 'ack' && frame.id === id, `the acknowledgement of ${id}`);
  }

  sendRaw(text) {
    this.#socket.send(text);
  }

  answer(fits = () => true) {
    return this.#frames.take((frame) => frame.type === 'message' && fits(frame), 'a message of an agent');
  }

  refusal() {
    return this.#frames.take((frame) => frame.type === 'refused', 'a refusal');
  }

  get left() {
    return this.#frames.left;
  }

  cut() {
    this.#socket.terminate();
  }

  closed() {
    if (this.#socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => { this.#socket.once('close', (code) => resolve(code)); });
  }
}
