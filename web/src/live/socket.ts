import type { Frame } from '@/api/types';

export type LiveState = 'connecting' | 'live' | 'stale';

export interface SocketHandlers {
  frame(frame: Frame): void;
  /** `since` is when what is shown was last known to be true; `retryAt` when the next attempt comes. */
  state(state: LiveState, retryAt: number | null): void;
  /** Several attempts in a row came to nothing: perhaps the session has ended. */
  refused(): void;
}

/** What the socket needs of the world, so that tests can cut it. */
export interface SocketWorld {
  open(after: number | null): WebSocket;
  now(): number;
  random(): number;
}

const slowest = 15_000;
const pingEvery = 25_000;
/** A clock that jumps further than this between two ticks has slept: the connection is old news. */
const asleepAfter = 60_000;
const tick = 5_000;

/**
 * The desk's socket. It comes back by itself and asks for what it has missed: frames are numbered without gaps per
 * agent, so nothing is shown twice and nothing is lost.
 */
export class DeskSocket {
  #last: number | null = null;
  #tries = 0;
  #socket: WebSocket | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #clock: ReturnType<typeof setInterval> | null = null;
  #lastTick = 0;
  #lastPing = 0;
  #running = false;

  constructor(private readonly handlers: SocketHandlers, private readonly world: SocketWorld = browserWorld) {}

  /** The number of the last frame that was applied. */
  get last(): number | null {
    return this.#last;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#lastTick = this.world.now();
    this.#clock = setInterval(() => this.#ticked(), tick);
    this.#open();
  }

  stop(): void {
    this.#running = false;
    this.#last = null;
    this.#tries = 0;
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#clock) clearInterval(this.#clock);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** Says something in passing: what cannot be said now is not said. */
  say(frame: object): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  /** Tries again at once, e.g. because the network is back or somebody asked for it. */
  retryNow(): void {
    if (!this.#running) return;
    if (this.#retry) clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#open();
  }

  #open(): void {
    this.handlers.state(this.#last === null && this.#tries === 0 ? 'connecting' : 'stale', null);
    const socket = this.world.open(this.#last);
    this.#socket = socket;
    socket.addEventListener('message', (event: MessageEvent<string>) => this.#arrived(socket, event.data));
    socket.addEventListener('open', () => {
      // Without anything missed no frame follows a resumption: the open connection alone says that all is told.
      if (socket === this.#socket && this.#last !== null) this.#isLive();
    });
    socket.addEventListener('close', () => this.#closed(socket));
  }

  #isLive(): void {
    this.#tries = 0;
    this.#lastPing = this.world.now();
    this.handlers.state('live', null);
  }

  #arrived(socket: WebSocket, data: string): void {
    if (socket !== this.#socket) return;
    let frame: Frame;
    try {
      frame = JSON.parse(data) as Frame;
    } catch {
      return;
    }
    // The node that this socket leads to looks for the one that decides now, or has found it: what was missed follows.
    if (frame.type === 'reconnecting') return this.handlers.state('stale', null);
    if (frame.type === 'reconnected') return this.#isLive();
    const restarts = frame.type === 'snapshot' || frame.type === 'reset' || this.#last === null;
    if (typeof frame.seq === 'number') {
      if (!restarts && frame.seq <= this.#last!) return;
      if (!restarts && frame.seq !== this.#last! + 1) {
        this.#last = null;  // a gap: only everything anew can be trusted
        this.retryNow();
        return;
      }
      this.#last = frame.seq;
    }
    if (this.#tries > 0 || frame.type === 'snapshot') this.#isLive();
    this.handlers.frame(frame);
  }

  #closed(socket: WebSocket): void {
    if (socket !== this.#socket || !this.#running) return;
    this.#socket = null;
    this.#tries += 1;
    if (this.#tries % 3 === 0) this.handlers.refused();
    const wait = Math.min(slowest, 250 * 2 ** Math.min(this.#tries - 1, 6)) * (0.5 + this.world.random() / 2);
    this.handlers.state('stale', this.world.now() + wait);
    this.#retry = setTimeout(() => this.#open(), wait);
  }

  #ticked(): void {
    const now = this.world.now();
    const slept = now - this.#lastTick > asleepAfter;
    this.#lastTick = now;
    if (slept) {
      this.retryNow();
    } else if (this.#socket?.readyState === 1 && now - this.#lastPing >= pingEvery) {
      this.#lastPing = now;
      this.#socket.send('{"type":"ping"}');
    }
  }
}

const browserWorld: SocketWorld = {
  open(after) {
    const url = new URL('/api/v1/desk', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    if (after !== null) url.searchParams.set('after', String(after));
    return new WebSocket(url);
  },
  now: () => Date.now(),
  random: () => Math.random(),
};
