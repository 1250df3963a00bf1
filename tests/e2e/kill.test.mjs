import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Engine } from './support/engine.mjs';
import { Signer } from './support/sign.mjs';

const cycles = Number(process.env.KINDRED_KILL_CYCLES ?? 20);
const senders = 6;

/** Customers who write all the time and remember what was acknowledged. */
class Burst {
  #sign = new Signer();
  #on = false;

  acknowledged = new Map();
  unacknowledged = new Map();

  constructor(engine) {
    this.engine = engine;
  }

  begin(cycle) {
    this.#on = true;
    const customers = Array.from({ length: senders }, (_, at) => `3469${String(cycle).padStart(4, '0')}${String(at).padStart(3, '0')}`);
    this.running = Promise.all(customers.map((from) => this.#write(from)));
  }

  end() {
    this.#on = false;
    return this.running;
  }

  async #write(from) {
    for (let count = 1; this.#on; count += 1) {
      const request = this.#sign.whatsapp({ from, name: from, text: `message ${count} of ${from}`, id: `wamid.${from}.${count}` });
      this.unacknowledged.set(request.id, request);
      await this.#deliver(request);
    }
  }

  async #deliver(request) {
    try {
      const answer = await this.engine.anyone.deliver(request);
      if (answer.status !== 200) return;
      this.unacknowledged.delete(request.id);
      this.acknowledged.set(request.id, request);
    } catch {
      // The engine is dead. Meta would try again, and so does resend().
    }
  }

  /** Sends again what nobody acknowledged, as providers do. */
  async resend() {
    for (const request of [...this.unacknowledged.values()]) await this.#deliver(request);
  }
}

/** How often each message of the provider is on record. */
async function recorded(engine) {
  const sam = await engine.login('sam');
  const counts = new Map();
  const perCustomer = new Map();
  for (const { id, customer } of await sam.tickets({ limit: 200 })) {
    perCustomer.set(customer.id, (perCustomer.get(customer.id) ?? 0) + 1);
    for (const { provider_message_id: message } of (await sam.ticket(id)).contacts) counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  return { counts, perCustomer };
}

describe('kill -9', () => {
  it(`loses and doubles nothing in ${cycles} cycles`, { timeout: 60_000 + cycles * 10_000 }, async (t) => {
    const engine = await Engine.start();
    try {
      const burst = new Burst(engine);
      for (let cycle = 0; cycle < cycles; cycle += 1) {
        burst.begin(cycle);
        await new Promise((resolve) => { setTimeout(resolve, 50 + Math.random() * 450); });
        await engine.kill();
        await burst.end();
        await engine.begin();
        await burst.resend();
      }
      assert.equal(burst.unacknowledged.size, 0, 'everything was taken at last');
      for (const request of [...burst.acknowledged.values()].slice(-100)) assert.equal((await engine.anyone.deliver(request)).status, 200);
      const { counts, perCustomer } = await recorded(engine);
      const lost = [...burst.acknowledged.keys()].filter((id) => !counts.has(id));
      const doubled = [...counts].filter(([, count]) => count > 1);
      assert.deepEqual(lost, [], 'acknowledged messages that are not there');
      assert.deepEqual(doubled, [], 'messages that are there more than once');
      assert.equal(counts.size, burst.acknowledged.size, 'messages that nobody sent');
      assert.deepEqual([...perCustomer].filter(([, count]) => count > 1), [], 'customers with more than one open ticket');
      t.diagnostic(`${burst.acknowledged.size} messages in ${cycles} cycles`);
    } finally {
      await engine.dispose();
    }
  });
});
