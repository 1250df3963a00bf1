import { Signer } from './sign.mjs';
import { eventually } from './wait.mjs';

const senders = 6;
/** A ticket's view has its last 500 lines: before that somebody else goes on. */
const mostOfOne = 200;

/** Customers who write all the time and remember what was acknowledged. `engine` may be exchanged. */
export class Burst {
  #sign = new Signer();
  #on = false;

  acknowledged = new Map();
  unacknowledged = new Map();

  constructor(engine) {
    this.engine = engine;
  }

  begin(cycle) {
    this.#on = true;
    this.running = Promise.all(Array.from({ length: senders }, (_, at) => this.#write(cycle, at)));
  }

  end() {
    this.#on = false;
    return this.running;
  }

  async #write(cycle, at) {
    for (let count = 0; this.#on; count += 1) {
      const who = at + senders * Math.floor(count / mostOfOne);
      const from = `3469${String(cycle).padStart(4, '0')}${String(who).padStart(3, '0')}`;
      const request = this.#sign.whatsapp({ from, name: from, text: `message ${count} of ${from}`, id: `wamid.${from}.${count}` });
      this.unacknowledged.set(request.id, request);
      await this.#deliver(request);
    }
  }

  async #deliver(request) {
    try {
      const answer = await this.engine.anyone.deliver(request);
      if (answer.status !== 200) return await this.#rest();
      this.unacknowledged.delete(request.id);
      this.acknowledged.set(request.id, request);
    } catch {
      await this.#rest();  // the engine is dead; Meta would try again, and so does resend()
    }
  }

  #rest() {
    return new Promise((resolve) => { setTimeout(resolve, 20); });
  }

  /** Sends again what nobody acknowledged, as providers do. */
  async resend() {
    for (const request of [...this.unacknowledged.values()]) await this.#deliver(request);
  }
}

/** How often each message of the provider is on record. */
export async function recorded(engine) {
  const sam = await engine.login('sam');
  const counts = new Map();
  const perCustomer = new Map();
  for (const { id, customer } of await sam.tickets({ limit: 200 })) {
    perCustomer.set(customer.id, (perCustomer.get(customer.id) ?? 0) + 1);
    for (const { provider_message_id: message } of (await sam.ticket(id)).contacts) counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  return { counts, perCustomer };
}

/**
 * What is wrong with what an engine has on record, against what was acknowledged: nothing, when every list is empty.
 * Looks once everything is on record, for what nodes of a shared site acknowledge is decided a moment later.
 */
export async function judged(engine, burst) {
  const isWhole = async () => {
    const { counts } = await recorded(engine);
    return [...burst.acknowledged.keys()].every((id) => counts.has(id));
  };
  await eventually(isWhole, 'everything acknowledged to be on record', { within: 20_000, every: 200 }).catch(() => {});
  const { counts, perCustomer } = await recorded(engine);
  return {
    lost: [...burst.acknowledged.keys()].filter((id) => !counts.has(id)),
    doubled: [...counts].filter(([, count]) => count > 1),
    unknown: [...counts.keys()].filter((id) => !burst.acknowledged.has(id)),
    split: [...perCustomer].filter(([, count]) => count > 1),
  };
}
