import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Visitor } from './support/chat.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';

/** Each way for an engine to go away. */
const ends = {
  'a stop': async (engine) => assert.equal(await engine.stop(), 0),
  'kill -9': (engine) => engine.kill(),
};

for (const [name, end] of Object.entries(ends)) {
  describe(`after ${name}`, () => {
    const sign = new Signer();
    let engine;
    before(async () => { engine = await Engine.start(); });
    after(() => engine?.dispose());

    async function restart() {
      await end(engine);
      await engine.begin();
    }
    const write = async (from, text, more = {}) => {
      const request = sign.whatsapp({ from, name: `W ${from}`, text, ...more });
      assert.equal((await engine.anyone.deliver(request)).status, 200);
      return request;
    };

    it('waiting tickets still wait and are offered', async () => {
      const from = freshNumber();
      await write(from, 'still here?');
      await restart();
      const ann = await Agent.arrive(engine, 'ann');
      const ticket = await ann.take((each) => each.customer.name === `W ${from}`);
      const detail = await ann.client.ticket(ticket.id);
      assert.equal(detail.contacts[0].text, 'still here?');
      await ann.resolve(ticket);
      await ann.leave();
    });

    it('held tickets are still held, with notes and replies, and go on', async () => {
      const from = freshNumber();
      let ann = await Agent.arrive(engine, 'ann');
      await write(from, 'hold me');
      const ticket = await ann.take((each) => each.customer.name === `W ${from}`);
      await ann.note(ticket, 'a note');
      const entry = await ann.reply(ticket, 'a reply');
      await ann.delivered(ticket, entry);
      const before = await ann.client.ticket(ticket.id);
      ann.desk.cut();
      await restart();
      ann = await Agent.arrive(engine, 'ann');
      assert.deepEqual(ann.snapshot.tickets.map((each) => each.id), [ticket.id]);
      assert.equal(ann.snapshot.agent.used, 3);
      const after = await ann.client.ticket(ticket.id);
      assert.deepEqual(after.entries, before.entries);
      await write(from, 'and on');
      const frame = await ann.desk.next('entry', (each) => each.ticket === ticket.id && each.entry.kind === 'contact');
      assert.equal(frame.entry.number, before.entries.at(-1).number + 1);
      await ann.resolve(ticket);
      await ann.leave();
    });

    it('offers still stand or are made again', async () => {
      const from = freshNumber();
      let ann = await Agent.arrive(engine, 'ann');
      await write(from, 'offer me');
      const offer = await ann.offer((each) => each.customer.name === `W ${from}`);
      ann.desk.cut();
      await restart();
      ann = await Agent.arrive(engine, 'ann');
      const kept = ann.snapshot.offers.find((each) => each.ticket.id === offer.ticket.id);
      const again = kept ?? await ann.offer((each) => each.id === offer.ticket.id);
      await ann.resolve(await ann.accept(again));
      await ann.leave();
    });

    it('a delivery from before is still known', async () => {
      const from = freshNumber();
      const request = await write(from, 'once and for all');
      await restart();
      assert.equal((await engine.anyone.deliver(request)).status, 200);
      const ann = await Agent.arrive(engine, 'ann');
      const ticket = await ann.take((each) => each.customer.name === `W ${from}`);
      const { contacts } = await ann.client.ticket(ticket.id);
      assert.equal(contacts.length, 1);
      await ann.resolve(ticket);
      await ann.leave();
    });

    it('a reply that had not left is sent', async () => {
      const from = freshNumber();
      let ann = await Agent.arrive(engine, 'ann');
      await write(from, 'answer me');
      const ticket = await ann.take((each) => each.customer.name === `W ${from}`);
      engine.doubles.graph.failNext({ status: 503, headers: { 'Retry-After': '1' }, body: '' });
      const text = freshId('late ');
      const entry = await ann.reply(ticket, text);
      ann.desk.cut();
      await restart();
      await engine.doubles.graph.next((message) => message.text === text, 'the reply after the restart');
      ann = await Agent.arrive(engine, 'ann');
      await ann.delivered(ticket, entry);
      await ann.resolve(ticket);
      await ann.leave();
    });

    it('a chat goes on', async () => {
      const visitor = await Visitor.arrive(engine);
      await visitor.say('before');
      await restart();
      visitor.write('after');
      await visitor.connect();
      const ann = await Agent.arrive(engine, 'ann');
      const ticket = await ann.take((each) => each.channel_kind === 'chat');
      await ann.reply(ticket, 'I am here');
      await visitor.answer((message) => message.text === 'I am here');
      const { contacts } = await ann.client.ticket(ticket.id);
      assert.deepEqual(contacts.map((each) => each.text), ['before', 'after']);
      await ann.resolve(ticket);
      await ann.leave();
      visitor.cut();
    });

    it('numbers of desk frames are not given twice', async () => {
      let ann = await Agent.arrive(engine, 'ann');
      const { last } = ann.desk;
      ann.desk.cut();
      await restart();
      ann = await Agent.arrive(engine, 'ann');
      assert.ok(ann.snapshot.seq > last, `${ann.snapshot.seq} comes after ${last}`);
      await ann.leave();
    });
  });
}
