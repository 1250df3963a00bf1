import { randomBytes } from 'node:crypto';
import { Signer } from '../../tests/e2e/support/sign.mjs';
import { Caller, request } from './calls.mjs';

const messagesOfOne = 4;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/**
 * Customers of two providers who write on and on. Each message is delivered again, under its id and at whichever node, until
 * it is acknowledged, and only then comes the next: so they must be on record in order. `letters`: how many a mail has, of text
 * that does not compress.
 */
export class Customers {
  #sign = new Signer();
  #on = true;
  #callers = [];
  #count = 0;
  /** What was turned away for good, as no webhook of theirs may be. */
  refused = [];

  constructor(nodes, history, { chats = 4, mails = 2, rest = 60, letters = 0 } = {}) {
    this.rest = rest;
    this.letters = letters;
    const one = (write) => {
      const caller = new Caller(nodes, history);
      this.#callers.push(caller);
      return this.#live(caller, write);
    };
    this.running = Promise.all([...Array(chats).fill((sender, count) => this.#chat(sender, count)),
      ...Array(mails).fill((sender, count) => this.#mail(sender, count))].map(one));
  }

  async #live(caller, write) {
    while (this.#on) {
      this.#count += 1;
      const sender = this.#count;
      for (let count = 1; count <= messagesOfOne && this.#on; count += 1) {
        const { id, channel, path, headers, body } = write(sender, count);
        const done = await caller.until({ kind: 'contact', id, channel }, (node, signal) => request(node.url + path, { headers, body }, signal));
        if (done?.result === 'fail') this.refused.push(`${path} refused ${id}: ${done.status} ${JSON.stringify(done.body)}`);
        await pause(this.rest * (0.5 + Math.random()));
      }
    }
  }

  #chat(sender, count) {
    const from = `34690${String(process.pid % 1000).padStart(3, '0')}${String(sender).padStart(5, '0')}`;
    return { channel: 'whatsapp', ...this.#sign.whatsapp({ from, name: `Customer ${sender}`, text: `message ${count} of ${sender}`, id: `wamid.${sender}.${count}` }) };
  }

  #mail(sender, count) {
    const from = `customer${sender}@mail.example`;
    const text = `message ${count} of ${sender}\n${randomBytes(this.letters / 2).toString('hex').replace(/.{70}/g, '$&\n')}`.trimEnd();
    const made = this.#sign.mailgun({ from, subject: `Question ${count}`, text, messageId: `<m${sender}.${count}@mail.example>` });
    return { channel: 'mail', id: made.messageId, ...made };
  }

  /** Nobody writes anything new; what is under way is delivered, within this time. How many were not. */
  async end(within) {
    this.#on = false;
    const late = setTimeout(() => { for (const caller of this.#callers) caller.given_up = true; }, within);
    await this.running;
    clearTimeout(late);
  }
}
