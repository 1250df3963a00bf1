import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame } from '@/api/types';
import { DeskSocket, type LiveState } from './socket';

/** An engine's side of the socket: numbers frames without gaps and tells after `after` what is missed. */
class FakeEngine {
  log: Frame[] = [];
  sockets: FakeSocket[] = [];
  keptFrom = 1;

  say(frame: { type: 'queues'; queues: [] }): void {
    const numbered = { ...frame, seq: this.log.length + 1 } as Frame;
    this.log.push(numbered);
    for (const each of this.sockets.filter((one) => one.readyState === 1)) each.deliver(numbered);
  }

  open(after: number | null): WebSocket {
    const made = new FakeSocket();
    this.sockets.push(made);
    queueMicrotask(() => {
      if (made.readyState !== 0) return;
      made.readyState = 1;
      made.dispatchEvent(new Event('open'));
      if (after === null) made.deliver({ type: 'snapshot', seq: Math.max(1, this.log.length), agent: {}, offers: [], tickets: [], queues: [] } as unknown as Frame);
      else for (const each of this.log.slice(after)) made.deliver(each);
    });
    return made as unknown as WebSocket;
  }
}

class FakeSocket extends EventTarget {
  readyState = 0;
  sent: string[] = [];

  deliver(frame: Frame): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }

  send(text: string): void { this.sent.push(text); }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

describe('the desk socket', () => {
  let engine: FakeEngine;
  let seen: number[];
  let states: LiveState[];
  let refused: number;
  let now: number;
  let socket: DeskSocket;

  beforeEach(() => {
    vi.useFakeTimers();
    engine = new FakeEngine();
    seen = [];
    states = [];
    refused = 0;
    now = 1_000_000;
    socket = new DeskSocket({
      frame: (frame) => seen.push(frame.type === 'snapshot' ? -frame.seq : frame.seq ?? 0),
      state: (state) => states.push(state),
      refused: () => { refused += 1; },
    }, { open: (after) => engine.open(after), now: () => now, random: () => 0.5 });
    socket.start();
  });
  afterEach(() => {
    socket.stop();
    vi.useRealTimers();
  });

  const settle = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

  it('begins with everything, then takes what is new', async () => {
    await settle();
    engine.say({ type: 'queues', queues: [] });
    engine.say({ type: 'queues', queues: [] });
    expect(seen).toEqual([-1, 2]);
    expect(states.at(-1)).toBe('live');
  });

  it('misses nothing and shows nothing twice when it is cut a hundred times', async () => {
    await settle();
    engine.say({ type: 'queues', queues: [] });
    for (let cut = 0; cut < 100; cut += 1) {
      engine.say({ type: 'queues', queues: [] });
      engine.sockets.at(-1)?.close();
      expect(states.at(-1)).toBe('stale');
      for (let missed = 0; missed < cut % 4; missed += 1) engine.say({ type: 'queues', queues: [] });
      await settle(20_000);
      expect(states.at(-1)).toBe('live');
    }
    const numbers = seen.filter((each) => each > 0);
    expect(numbers).toEqual(Array.from({ length: engine.log.length - 1 }, (_, at) => at + 2));
  });

  it('asks for everything anew where a number is missing', async () => {
    await settle();
    for (let count = 0; count < 3; count += 1) engine.say({ type: 'queues', queues: [] });
    engine.log.push({ type: 'queues', seq: 4, queues: [] });
    engine.say({ type: 'queues', queues: [] });
    await settle();
    expect(seen.at(-1)).toBe(-5);
    expect(states.at(-1)).toBe('live');
  });

  it('is live again after a cut in which nothing was said', async () => {
    await settle();
    engine.sockets[0]?.close();
    await settle(1_000);
    expect(states.at(-1)).toBe('live');
  });

  it('is stale while the node that it is connected to looks for another one, on the same line', async () => {
    await settle();
    engine.sockets[0]?.deliver({ type: 'reconnecting' });
    expect(states.at(-1)).toBe('stale');
    engine.sockets[0]?.deliver({ type: 'reconnected' });
    expect(states.at(-1)).toBe('live');
    engine.say({ type: 'queues', queues: [] });
    engine.say({ type: 'queues', queues: [] });
    expect(seen.at(-1)).toBe(2);
    expect(engine.sockets).toHaveLength(1);
  });

  it('comes back at once after the machine has slept', async () => {
    await settle();
    now += 3_600_000;
    await settle(5_000);
    expect(engine.sockets).toHaveLength(2);
    expect(engine.sockets[0]?.readyState).toBe(3);
  });

  it('asks about the session when it is turned away again and again', async () => {
    await settle();
    engine.open = () => {
      const made = new FakeSocket();
      queueMicrotask(() => made.close());
      return made as unknown as WebSocket;
    };
    engine.sockets[0]?.close();
    await settle(30_000);
    expect(refused).toBeGreaterThan(0);
    expect(states.at(-1)).toBe('stale');
  });

  it('keeps the connection open', async () => {
    await settle();
    now += 26_000;
    await settle(5_000);
    expect(engine.sockets[0]?.sent).toEqual(['{"type":"ping"}']);
  });
});
