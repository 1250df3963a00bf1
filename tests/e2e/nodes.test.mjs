import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Burst, judged } from './support/burst.mjs';
import { Caller } from './support/caller.mjs';
import { Visitor } from './support/chat.mjs';
import { Client } from './support/client.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { Redis } from './support/redis.mjs';
import { secrets } from './support/secrets.mjs';
import { freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const nothing = { lost: [], doubled: [], unknown: [], split: [] };
const leaseSeconds = 2;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Several nodes of one site. */
class Nodes {
  all = [];

  static async start(redis, site, count = 3, more = {}) {
    const nodes = new Nodes();
    for (let number = 0; number < count; number += 1) {
      nodes.all.push(await Engine.prepared({
        store: { redis: { server: `127.0.0.1:${redis.port}`, site, node: `node${number}`, copy: 'copy/kindred.db', lease: `${leaseSeconds}s`, ...more } },
      }));
    }
    // As one configuration for all of them: whoever they are called by, providers know them by one address.
    for (const other of nodes.all.slice(1)) await other.reconfigure((settings) => { settings.server.public_url = nodes.all[0].url; });
    await nodes.all[0].begin();
    await nodes.all[0].leads();
    for (const other of nodes.all.slice(1)) other.launch();
    for (const other of nodes.all.slice(1)) await other.ready();
    return nodes;
  }

  get running() {
    return this.all.filter((each) => each.running);
  }

  /** Whoever writes to this writes to one node after the other. */
  inTurns(those = () => this.running) {
    let turn = 0;
    return { get anyone() { turn += 1; const some = those(); return some[turn % some.length].anyone; } };
  }

  sum(name, labels) {
    return Promise.all(this.running.map((each) => each.metric(name, labels))).then((all) => all.reduce((one, other) => one + other, 0));
  }

  async leader(within) {
    return eventually(async () => {
      for (const each of this.running) if ((await each.metric('kindred_node_leads')) === 1) return each;
      return null;
    }, 'a node that leads', { within, every: 10 });
  }

  async dispose() {
    for (const each of this.all) await each.dispose();
  }
}

describe('a site on three nodes', () => {
  let redis;
  let nodes;
  const talked = new Map();
  before(async () => {
    redis = await Redis.start(['--appendfsync', 'always']);
    nodes = await Nodes.start(redis, 'three');
  });
  after(async () => {
    await nodes?.dispose();
    await redis?.dispose();
  });

  it('lets an agent work through one node and a visitor chat through another', { timeout: 60_000 }, async () => {
    const [, second, third] = nodes.all;
    const bo = await Agent.arrive(second, 'bo');
    const visitor = await Visitor.arrive(third);
    visitor.name = 'Vera';
    await visitor.say('Is anybody there?');
    const ticket = await bo.take((each) => each.channel_kind === 'chat');
    const entry = await bo.reply(ticket, 'Somebody is.');
    assert.equal((await visitor.answer()).text, 'Somebody is.');
    await bo.delivered(ticket, entry);
    await visitor.say('Good.');
    await bo.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.record?.text === 'Good.');
    for (const { provider_message_id: message } of (await bo.client.ticket(ticket.id)).contacts) talked.set(message, null);
    await bo.resolve(ticket);
    visitor.cut();
    await bo.leave();
  });

  it('takes webhooks on every node, each contact once', { timeout: 60_000 }, async (t) => {
    const burst = new Burst(nodes.inTurns());
    for (const [message, request] of talked) burst.acknowledged.set(message, request);
    burst.begin(1);
    await pause(1500);
    await burst.end();
    await burst.resend();
    assert.equal(burst.unacknowledged.size, 0);
    // What one node has is brought to the two others at once, and something new to all three.
    const again = [...burst.acknowledged.values()].slice(-20);
    for (const request of again) {
      const answers = await Promise.all(nodes.all.map((each) => each.anyone.deliver(request)));
      assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
    }
    const sign = new Signer();
    for (let count = 0; count < 20; count += 1) {
      const from = freshNumber();
      const request = sign.whatsapp({ from, name: from, text: 'everywhere at once', id: `wamid.everywhere.${count}` });
      const answers = await Promise.all(nodes.all.map((each) => each.anyone.deliver(request)));
      assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
      burst.acknowledged.set(request.id, request);
    }
    assert.deepEqual(await judged(nodes.all[2], burst), nothing);
    assert.ok(await nodes.sum('kindred_inbox_deliveries_total', { outcome: 'taken' }) > 10, 'nodes that follow have taken some in');
    await eventually(async () => (await nodes.all[0].metric('kindred_inbox_undecided')) === 0, 'the inbox to be empty');
    t.diagnostic(`${burst.acknowledged.size} messages`);
  });

  it('keeps the order of what a customer writes, on whichever nodes it arrives', { timeout: 120_000 }, async () => {
    const sign = new Signer();
    const sam = await nodes.all[1].login('sam');
    await Promise.all(Array.from({ length: 8 }, async (_, who) => {
      const from = freshNumber();
      const said = Array.from({ length: 30 }, (__, count) => `message ${count} of ${who}`);
      for (const [count, text] of said.entries()) {
        // Every other one comes to the node that leads, right behind one that went by way of the inbox.
        const at = nodes.all[count % 2 === 0 ? 1 + (who % 2) : 0];
        assert.equal((await at.anyone.deliver(sign.whatsapp({ from, text, id: `wamid.order.${who}.${count}` }))).status, 200);
      }
      const texts = await eventually(async () => {
        const customer = await sam.customer(`phone:+${from}`);
        if (!customer) return null;
        const all = (await sam.ticket(customer.tickets.at(-1).id)).contacts.map(({ text }) => text);
        return all.length >= said.length ? all : null;
      }, 'all messages to be on record');
      assert.deepEqual(texts, said);
    }));
  });

  it('tells a caller where the call stands through a node that follows', async () => {
    const [first, second, third] = nodes.all;
    const callers = [second, third].map((each) => {
      const caller = new Caller(first, 'helpline');
      caller.engine = { url: first.url, anyone: each.anyone };
      return caller;
    });
    for (const caller of callers) assert.match(await caller.ring(), /<Enqueue\b[^>]*>calls<\/Enqueue>/);
    assert.match(await callers[1].ask('/webhooks/helpline/wait'), /<Say\b/);
  });

  it('answers what needs nobody by itself, and takes in what one request brings', async () => {
    const [, second, third] = nodes.all;
    const sign = new Signer();
    const from = freshNumber();
    const request = sign.whatsapp({ from, text: 'forged' });
    const forwarded = await second.metric('kindred_forwarded_requests_total');
    assert.equal((await second.anyone.deliver({ ...request, body: Buffer.concat([Buffer.from(request.body), Buffer.from(' ')]) })).status, 403);
    const echo = '12345';
    const handshake = await second.anyone.get(`/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=${secrets.whatsapp.verifyToken}&hub.challenge=${echo}`);
    assert.deepEqual([handshake.status, handshake.text], [200, echo]);
    assert.equal(await second.metric('kindred_forwarded_requests_total'), forwarded, 'nobody else was asked');
    const long = sign.whatsapp({ from, text: 'x'.repeat(300_000) });
    await third.anyone.deliver(long);
    assert.ok(await third.metric('kindred_forwarded_requests_total') > 0, 'what is too large for the inbox is passed on');
    const both = JSON.parse(sign.whatsapp({ from, text: 'one of two', id: 'wamid.two.1' }).body.toString());
    const [{ changes: [{ value }] }] = both.entry;
    value.messages.push({ ...value.messages[0], id: 'wamid.two.2', text: { body: 'two of two' } });
    const two = sign.whatsappBody(Buffer.from(JSON.stringify(both)));
    for (const each of [second, third, second]) assert.equal((await each.anyone.deliver(two)).status, 200);
    const sam = await second.login('sam');
    const found = await eventually(async () => {
      const customer = await sam.customer(`phone:+${from}`);
      if (!customer) return null;
      const texts = (await sam.ticket(customer.tickets.at(-1).id)).contacts.map(({ text }) => text).filter((text) => text.length < 100);
      return texts.length >= 2 ? texts : null;
    }, 'both messages to be on record');
    assert.deepEqual(found, ['one of two', 'two of two']);
  });

  it('serves the API and pages through a node that follows', async () => {
    const [, second, third] = nodes.all;
    assert.equal((await second.anyone.get('/')).status, 200);
    assert.equal((await second.anyone.get('/api/v1/tickets')).status, 401);
    const answer = await second.shop.post('/api/v1/contacts', { from: 'zoe@example.org', text: 'through another node' }, { 'Idempotency-Key': 'nodes-1' });
    assert.equal(answer.status, 202, answer.text);
    const again = await third.shop.post('/api/v1/contacts', { from: 'zoe@example.org', text: 'through another node' }, { 'Idempotency-Key': 'nodes-1' });
    assert.deepEqual([again.body.ticket, again.body.duplicate], [answer.body.ticket, true]);
    const sam = await third.login('sam');
    assert.equal((await sam.ticket(answer.body.ticket)).contacts[0].text, 'through another node');
    assert.equal((await second.anyone.get('/chat/webchat.js')).status, 200);
    assert.ok(await third.metric('kindred_forwarded_requests_total', { outcome: 'answered' }) > 0);
  });

  it('believes nobody who only says that a node has sent them', async () => {
    const [first, second] = nodes.all;
    for (const each of [first, second]) {
      const answer = await each.anyone.send('GET', '/api/v1/tickets', { headers: { 'Kindred-Forwarded': 'v1;1;node1;127.0.0.1;00' } });
      assert.equal(answer.status, 401);
    }
  });
});

/** Each way for the node that leads to go. */
const ends = {
  'kill -9': { end: (engine) => engine.kill(), within: leaseSeconds * 1000 + 4000 },
  'a drain': { end: async (engine) => assert.equal(await engine.stop(), 0), within: 6000 },
};

for (const [name, { end, within }] of Object.entries(ends)) {
  describe(`the node that leads goes by ${name}`, () => {
    let redis;
    let nodes;
    before(async () => {
      redis = await Redis.start(['--appendfsync', 'always']);
      nodes = await Nodes.start(redis, 'moving');
    });
    after(async () => {
      await nodes?.dispose();
      await redis?.dispose();
    });

    it('and webhooks, a desk and a chat at the others go on', { timeout: 120_000 }, async (t) => {
      const [first, second, third] = nodes.all;
      const bo = await Agent.arrive(second, 'bo');
      const visitor = await Visitor.arrive(third);
      const said = [];
      const say = async (text) => {
        said.push(text);
        await visitor.say(text);
      };
      await say('before');
      const ticket = await bo.take((each) => each.channel_kind === 'chat');
      const burst = new Burst(nodes.inTurns(() => [second, third]));
      burst.begin(1);
      await pause(700);
      const seen = bo.desk.last;
      const socket = bo.desk;
      await end(first);
      const gone = Date.now();
      const taken = burst.acknowledged.size;
      visitor.write('while nobody leads');
      said.push('while nobody leads');
      await bo.desk.next('reconnecting', undefined, 'that the node is looking for another one');
      const leader = await nodes.leader(within);
      t.diagnostic(`another node leads ${Date.now() - gone} ms after; ${burst.acknowledged.size - taken} messages taken in between`);
      await bo.desk.next('reconnected', undefined, 'that there is one', within);
      const snapshot = await bo.desk.next('snapshot', undefined, 'how it stands now', within);
      assert.ok(snapshot.seq > seen, 'numbers go on rising');
      assert.ok(snapshot.tickets.some(({ id }) => id === ticket.id), 'the ticket is still held');
      assert.equal(bo.desk, socket);
      await eventually(() => visitor.unsent.length === 0, 'what was written meanwhile to be acknowledged', { within });
      await say('after');
      await bo.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.record?.text === 'after');
      const entry = await bo.reply(ticket, 'We are here.');
      assert.equal((await visitor.answer(({ text }) => text === 'We are here.')).from, 'agent');
      await bo.delivered(ticket, entry);
      await burst.end();
      await burst.resend();
      assert.equal(burst.unacknowledged.size, 0);
      assert.ok(visitor.moves >= 1);
      const { contacts } = await bo.client.ticket(ticket.id);
      assert.deepEqual(contacts.map(({ text }) => text), said);
      await bo.resolve(ticket);
      visitor.cut();
      await bo.leave();
      for (const id of contacts.map(({ provider_message_id: message }) => message)) burst.acknowledged.set(id, null);
      assert.deepEqual(await judged(leader, burst), nothing);
      t.diagnostic(`${burst.acknowledged.size} messages`);
    });
  });
}

describe('the node that leads is asked to end', () => {
  let redis;
  let nodes;
  before(async () => {
    redis = await Redis.start(['--appendfsync', 'always']);
    nodes = await Nodes.start(redis, 'asked', 2);
  });
  after(async () => {
    await nodes?.dispose();
    await redis?.dispose();
  });

  it('and another one leads before it has ended; whoever asks either of them is answered', { timeout: 120_000 }, async (t) => {
    let [leads, follows] = nodes.all;
    for (let round = 0; round < 3; round += 1) {
      const root = await follows.login('root');
      const refused = [];
      let asked = 0;
      let over = false;
      const ask = async (engine) => {
        while (!over && engine.running) {
          const answer = await new Client(engine.url, root.token).send('GET', '/api/v1/tickets').catch(({ message }) => ({ gone: message }));
          asked += 1;
          if (answer.status !== 200 && !(engine === leads && answer.gone)) refused.push(answer);
          await pause(2);
        }
      };
      const asking = [ask(follows), ask(follows), ask(leads)];
      await pause(200);
      const before = leads.fullLogs.length;
      assert.equal(await leads.stop(), 0);
      await follows.leads(5_000);
      await pause(200);
      over = true;
      await Promise.all(asking);
      assert.deepEqual(refused, []);
      const said = leads.fullLogs.slice(before);
      assert.ok(said.includes('another node leads') && said.indexOf('another node leads') < said.indexOf('"stopped"'), said);
      t.diagnostic(`${asked} requests`);
      await leads.begin();
      [leads, follows] = [follows, leads];
    }
  });
});

describe('Redis goes away where nodes keep a journal', () => {
  let redis;
  let nodes;
  before(async () => {
    redis = await Redis.start(['--appendfsync', 'always']);
    nodes = await Nodes.start(redis, 'journal', 2, { journal: true });
  });
  after(async () => {
    await nodes?.dispose();
    await redis?.dispose();
  });

  it('and what comes to any of them is taken in, and on record once Redis is back, in its order', { timeout: 120_000 }, async () => {
    const sign = new Signer();
    const customers = nodes.all.map((node) => ({ node, from: freshNumber(), said: [] }));
    const write = async ({ node, from, said }, text) => {
      said.push(text);
      const request = sign.whatsapp({ from, text, id: `wamid.journal.${from}.${said.length}` });
      // What is being decided in that moment is answered 503, and comes again.
      await eventually(async () => (await node.anyone.deliver(request)).status === 200, `${text} to be taken in`);
    };
    const all = (what) => Promise.all(customers.map((each) => what(each)));
    await all((each) => write(each, 'before'));
    await redis.kill();
    await all(async (each) => {
      for (let count = 0; count < 10; count += 1) await write(each, `while Redis is away ${count}`);
    });
    for (const node of nodes.all) assert.ok(await node.metric('kindred_site_items_waiting') > 0, 'it waits on this disk');
    await redis.begin();
    await all(async (each) => {
      for (let count = 0; count < 10; count += 1) await write(each, `afterwards ${count}`);
    });
    const leader = await nodes.leader(leaseSeconds * 1000 + 10_000);
    const sam = await leader.login('sam');
    await all(async ({ from, said }) => {
      const texts = await eventually(async () => {
        const customer = await sam.customer(`phone:+${from}`);
        const found = customer ? (await sam.ticket(customer.tickets.at(-1).id)).contacts.map(({ text }) => text) : [];
        return found.length >= said.length ? found : null;
      }, 'all to be on record', { within: 20_000 });
      assert.deepEqual(texts, said);
    });
  });
});

describe('the node that leads is paused, and comes back', () => {
  let redis;
  let nodes;
  before(async () => {
    redis = await Redis.start(['--appendfsync', 'always']);
    nodes = await Nodes.start(redis, 'paused', 2);
  });
  after(async () => {
    await nodes?.dispose();
    await redis?.dispose();
  });

  it('and what was connected to it goes on, at the one that leads now', { timeout: 120_000 }, async () => {
    const [first, second] = nodes.all;
    const bo = await Agent.arrive(first, 'bo');
    const visitor = await Visitor.arrive(first);
    await visitor.say('before');
    const ticket = await bo.take((each) => each.channel_kind === 'chat');
    first.signal('SIGSTOP');
    await second.leads(leaseSeconds * 1000 + 4000);
    first.signal('SIGCONT');
    await bo.desk.next('reconnected', undefined, 'that another node leads', 10_000);
    const snapshot = await bo.desk.next('snapshot', ({ tickets }) => tickets.some(({ id }) => id === ticket.id), 'how it stands now', 10_000);
    assert.ok(snapshot.seq > 0);
    await visitor.say('after');
    await bo.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.record?.text === 'after');
    await bo.reply(ticket, 'Still here.');
    assert.equal((await visitor.answer()).text, 'Still here.');
    await bo.resolve(ticket);
    visitor.cut();
    await bo.leave();
  });
});

describe('nobody leads for so long that the inbox is full', () => {
  let redis;
  let nodes;
  before(async () => {
    redis = await Redis.start();
    nodes = await Nodes.start(redis, 'full', 2, { inbox_bytes: 1 << 20, lease: '30s' });
  });
  after(async () => {
    await nodes?.dispose();
    await redis?.dispose();
  });

  it('and what has no room is answered 503, what came before is a duplicate, and all of it is on record in the end', { timeout: 180_000 }, async () => {
    const [first, second] = nodes.all;
    await first.kill();
    const sign = new Signer();
    const written = [];
    let answer;
    do {
      const from = freshNumber();
      written.push({ from, said: sign.whatsapp({ from, text: 'x'.repeat(100_000) }) });
      answer = await second.anyone.deliver(written.at(-1).said);
    } while (answer.status === 200 && written.length < 20);
    assert.equal(answer.status, 503);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    assert.ok(written.length > 3);
    assert.equal(await second.metric('kindred_redis_refusals_total', { reason: 'inbox_full' }), 1);
    assert.equal(await second.metric('kindred_inbox_deliveries_total', { outcome: 'not_taken' }), 1);
    assert.equal((await second.anyone.deliver(written[0].said)).status, 200);
    assert.equal(await second.metric('kindred_inbox_deliveries_total', { outcome: 'duplicate' }), 1);
    await second.leads(90_000);
    await eventually(async () => (await second.anyone.deliver(written.at(-1).said)).status === 200, 'room again', { within: 20_000 });
    const sam = await second.login('sam');
    for (const { from } of written)
      await eventually(async () => (await sam.customer(`phone:+${from}`))?.tickets.length === 1, 'all to be on record', { within: 20_000 });
  });
});
