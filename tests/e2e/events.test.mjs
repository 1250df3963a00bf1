import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshNumber, Signer } from './support/sign.mjs';
import { eventually, Mailbox } from './support/wait.mjs';

const run = promisify(execFile);
const secret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** A system of the centre's own: checks what arrives with the library of Standard Webhooks. */
class Listener {
  #server;
  #answers = [];
  #taken = new Mailbox();
  faults = [];
  attempts = [];

  static async start(...secrets) {
    const made = new Listener();
    made.hooks = secrets.map((each) => new Webhook(each));
    made.#server = createServer((request, response) => made.#serve(request, response));
    await new Promise((resolve) => { made.#server.listen(0, '127.0.0.1', resolve); });
    made.url = `http://127.0.0.1:${made.#server.address().port}/events`;
    return made;
  }

  /** The next requests get these answers: {status, headers}. */
  answerNext(...answers) {
    this.#answers.push(...answers);
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const id = request.headers['webhook-id'];
    this.attempts.push(id);
    for (const hook of this.hooks) {
      try {
        hook.verify(body, request.headers);
      } catch (wrong) {
        this.faults.push(wrong.message);
      }
    }
    const { status, headers = {} } = this.#answers.shift() ?? { status: 204 };
    response.writeHead(status, headers);
    response.end();
    if (status < 300) this.#taken.put({ id, ...JSON.parse(body) });
  }

  next(fits = () => true, what = 'an event', within = undefined) {
    return this.#taken.take(fits, what, within);
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => { this.#server.close(resolve); });
  }
}

describe("Events to the centre's own systems", () => {
  const sign = new Signer();
  const [fresh, old, single] = [secret(), secret(), secret()];
  let engine;
  let ann;
  let root;
  let crm;
  let closing;
  before(async () => {
    crm = await Listener.start(fresh, old);
    closing = await Listener.start(single);
    engine = await Engine.start({ events: [
      { name: 'crm', url: crm.url, secret: [fresh, old] },
      { name: 'closing', url: closing.url, secret: single, types: ['ticket.resolved'] },
    ] });
    ann = await Agent.arrive(engine, 'ann');
    root = await engine.login('root');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await crm?.stop();
    await closing?.stop();
  });
  const of = (number) => (ticket) => ticket.customer.name === `W ${number}`;
  const write = (from) => engine.anyone.deliver(sign.whatsapp({ from, name: `W ${from}`, text: 'hello' }));
  const about = (type, ticket) => (event) => event.type === type && event.data.ticket === ticket.id;
  const kindred = (...args) => run(binary, [...args, '--config', join(engine.folder, 'kindred.yaml'), '--token', root.token]);

  it('tell what happens to tickets, signed with both secrets, once each', async () => {
    const from = freshNumber();
    await write(from);
    const ticket = await ann.take(of(from));
    const contact = await crm.next(about('ticket.contact', ticket));
    assert.equal(contact.data.entry.record.text, 'hello');
    assert.equal(contact.data.channel, 'whatsapp');
    await ann.resolve(ticket, 'solved');
    const resolved = await crm.next(about('ticket.resolved', ticket));
    assert.equal(resolved.data.entry.disposition, 'solved');
    const same = await closing.next(about('ticket.resolved', ticket));
    assert.equal(same.id, resolved.id);
    assert.deepEqual([crm.faults, closing.faults], [[], []]);
    assert.equal(crm.attempts.filter((id) => id === resolved.id).length, 1);
    assert.equal(new Set(closing.attempts).size, 1, 'only the types that were asked for');
  });

  it('are tried again under the same id, and do not hold up later ones', async () => {
    const from = freshNumber();
    closing.answerNext({ status: 500 });
    await write(from);
    const first = await ann.take(of(from));
    await ann.resolve(first);
    await eventually(async () => (await root.expect(200, 'GET', '/api/v1/events')).subscriptions.find((each) => each.name === 'closing').retried === 1, 'the event to wait');
    const [second] = [await (async () => { const other = freshNumber(); await write(other); return ann.take(of(other)); })()];
    await ann.resolve(second);
    await closing.next(about('ticket.resolved', second));
    const late = await closing.next(about('ticket.resolved', first), 'the second attempt', 15_000);
    assert.equal(closing.attempts.filter((id) => id === late.id).length, 2);
    assert.deepEqual(closing.faults, [], 'the second attempt is signed at its own time');
  });

  it('survive the end of the process', async () => {
    const from = freshNumber();
    closing.answerNext({ status: 503 });
    await write(from);
    const ticket = await ann.take(of(from));
    await ann.resolve(ticket);
    await eventually(async () => (await root.expect(200, 'GET', '/api/v1/events')).subscriptions.find((each) => each.name === 'closing').retried === 1, 'the event to wait');
    await engine.kill();
    await engine.begin();
    await closing.next(about('ticket.resolved', ticket), 'the event after a crash', 20_000);
    await ann.desk.close();
    ann = await Agent.arrive(engine, 'ann');
    root = await engine.login('root');
  });

  it('stop at 410, are listed as dead and can be replayed', async () => {
    const from = freshNumber();
    closing.answerNext({ status: 410 });
    await write(from);
    const ticket = await ann.take(of(from));
    await ann.resolve(ticket);
    const off = async () => (await root.expect(200, 'GET', '/api/v1/events')).subscriptions.find((each) => each.name === 'closing');
    await eventually(async () => (await off()).off, 'the subscription to be off');
    const { dead } = await root.expect(200, 'GET', '/api/v1/events/closing/dead');
    assert.deepEqual([dead.length, dead[0].reason, dead[0].event.data.ticket], [1, 'answered 410', ticket.id]);
    const listed = await kindred('events', 'list');
    assert.match(listed.stdout, /closing .* dead 1 {2}off: it answered 410/);
    assert.match((await kindred('events', 'dead', 'closing')).stdout, /ticket\.resolved .* answered 410/);
    await assert.rejects(kindred('events', 'replay', 'closing', 'closing/1-1'), /there is no dead event/);
    await kindred('events', 'replay', 'closing', dead[0].id);
    const again = await closing.next(about('ticket.resolved', ticket), 'the replayed event');
    assert.equal(again.id, dead[0].webhook_id);
    await eventually(async () => !(await off()).off, 'the subscription to be on again');
    assert.equal((await root.expect(200, 'GET', '/api/v1/events/closing/dead')).dead.length, 0);
    await root.expect(404, 'GET', '/api/v1/events/nobody/dead');
    assert.equal((await ann.client.get('/api/v1/events')).status, 403);
  });
});
