import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';
import { Signer, tampered, without } from './support/sign.mjs';

describe('a Discourse forum', () => {
  const sign = new Signer();
  let engine;
  let ann;
  let post = 100;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const write = (more) => {
    post += 1;
    return sign.discourse({ id: post, topic: post, userId: post, text: 'My order is late', title: `Topic ${post}`, ...more });
  };
  const contacts = async (ticket) => (await ann.client.ticket(ticket.id)).contacts;

  it('answers a ping', async () => {
    const ping = write({});
    const answer = await engine.anyone.deliver({ ...ping, headers: { ...ping.headers, 'X-Discourse-Event-Type': 'ping', 'X-Discourse-Event': 'ping' } });
    assert.equal(answer.status, 200);
  });

  it('takes a post to an agent and the reply back into the topic', async () => {
    const request = write({ topic: 4711, title: 'Order late' });
    assert.equal((await engine.anyone.deliver(request)).status, 200);
    const ticket = await ann.take((each) => each.subject === 'Order late');
    assert.equal(ticket.channel_kind, 'forum');
    const entry = await ann.reply(ticket, 'It arrives tomorrow, promised.');
    const sent = await engine.doubles.discourse.next();
    assert.equal(sent.topic, '4711');
    assert.equal(sent.text, 'It arrives tomorrow, promised.');
    await ann.delivered(ticket, entry);
    await ann.resolve(ticket);
  });

  it('goes on in the ticket of the same author and topic', async () => {
    const topic = 4800;
    await engine.anyone.deliver(write({ topic, userId: 7, title: 'Two posts' }));
    const ticket = await ann.take((each) => each.subject === 'Two posts');
    await engine.anyone.deliver(write({ topic, userId: 7, title: 'Two posts', number: 2, text: 'Any news?' }));
    await ann.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.record?.text === 'Any news?');
    assert.equal((await contacts(ticket)).length, 2);
    await ann.resolve(ticket);
  });

  it('does not listen to its own posts', async () => {
    const own = write({ topic: 4900, title: 'Our own', username: secrets.discourse.username, own: true });
    assert.equal((await engine.anyone.deliver(own)).status, 200);
    const all = await ann.client.tickets();
    assert.ok(!all.some((ticket) => ticket.subject === 'Our own'));
  });

  it('has the effect of a repeated delivery once', async () => {
    const request = write({ title: 'Once' });
    for (let time = 0; time < 3; time += 1) assert.equal((await engine.anyone.deliver(request)).status, 200);
    const ticket = await ann.take((each) => each.subject === 'Once');
    assert.equal((await contacts(ticket)).length, 1);
    await ann.resolve(ticket);
  });

  it('stores nothing of what is not signed', async () => {
    const request = write({ title: 'Let me in' });
    for (const each of [tampered(request), without(request, 'X-Discourse-Event-Signature')]) {
      assert.ok([401, 403].includes((await engine.anyone.deliver(each)).status));
    }
    assert.ok(!(await ann.client.tickets()).some((ticket) => ticket.subject === 'Let me in'));
  });
});
