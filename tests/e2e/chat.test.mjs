import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Visitor } from './support/chat.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { eventually } from './support/wait.mjs';

describe('the web chat', () => {
  let engine;
  let ann;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const chat = (ticket) => ticket.channel_kind === 'chat';
  const texts = async (ticket) => (await ann.client.ticket(ticket.id)).contacts.map((contact) => contact.text);

  it('carries words in both directions', async () => {
    const visitor = await Visitor.arrive(engine);
    assert.ok(visitor.visitor.length >= 16);
    visitor.name = 'Vera';
    const ack = await visitor.say('Do you ship to Peru?');
    assert.ok(ack.number >= 1);
    const offer = await ann.offer(chat);
    const ticket = await ann.accept(offer);
    assert.equal((await ann.client.ticket(ticket.id)).ticket.customer.name, 'Vera');
    const entry = await ann.reply(ticket, 'We do.');
    const answer = await visitor.answer();
    assert.equal(answer.text, 'We do.');
    assert.equal(answer.from, 'agent');
    assert.equal(answer.name, 'Ann Archer');
    await ann.delivered(ticket, entry);
    await visitor.say('Great!');
    await ann.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.record?.text === 'Great!');
    assert.deepEqual(await texts(ticket), ['Do you ship to Peru?', 'Great!']);
    await ann.resolve(ticket);
    visitor.cut();
  });

  it('loses nothing when the connection breaks', async () => {
    const visitor = await Visitor.arrive(engine);
    await visitor.say('one');
    const ticket = await ann.take(chat);
    visitor.write('two');
    visitor.cut();
    await ann.reply(ticket, 'while you were away');
    visitor.write('three');
    const history = await visitor.connect();
    const seen = history.map((line) => line.text);
    if (!seen.includes('while you were away')) await visitor.answer((message) => message.text === 'while you were away');
    await eventually(() => visitor.unsent.length === 0, 'all messages to be acknowledged');
    await eventually(async () => (await texts(ticket)).length >= 3, 'three messages to be there');
    assert.deepEqual(await texts(ticket), ['one', 'two', 'three']);
    await ann.resolve(ticket);
    visitor.cut();
  });

  it('has the effect of a message with the same id once', async () => {
    const visitor = await Visitor.arrive(engine);
    const ack = await visitor.say('again and again', 'the-same-id');
    const second = await visitor.say('again and again', 'the-same-id');
    assert.equal(second.number, ack.number);
    const ticket = await ann.take(chat);
    assert.deepEqual(await texts(ticket), ['again and again']);
    await ann.resolve(ticket);
    visitor.cut();
  });

  it('tells the whole conversation to a visitor who comes back, and to nobody else', async () => {
    const visitor = await Visitor.arrive(engine);
    await visitor.say('remember me');
    const ticket = await ann.take(chat);
    await ann.reply(ticket, 'I will');
    await visitor.answer();
    visitor.cut();
    visitor.last = 0;
    const history = await visitor.connect();
    assert.deepEqual(history.map((line) => [line.from, line.text]), [['customer', 'remember me'], ['agent', 'I will']]);
    const stranger = await Visitor.arrive(engine);
    assert.notEqual(stranger.visitor, visitor.visitor);
    stranger.visitor = `${visitor.visitor.slice(0, -2)}zz`;
    stranger.cut();
    assert.deepEqual(await stranger.connect(), []);
    assert.notEqual(stranger.visitor, visitor.visitor);
    await ann.resolve(ticket);
    visitor.cut();
    stranger.cut();
  });

  it('refuses what is no message, and what is too long', async () => {
    const visitor = await Visitor.arrive(engine);
    visitor.write('x'.repeat(60_000));
    const refused = await Promise.race([visitor.refusal(), visitor.closed().then(() => null)]);
    assert.ok(refused === null || refused.reason);
    visitor.cut();
    visitor.unsent = [];
    const other = await Visitor.arrive(engine);
    other.sendRaw('{"type":');
    const code = await Promise.race([other.closed(), other.refusal().then(() => 'refused')]);
    assert.ok(code === 'refused' || code >= 1002);
    other.cut();
    assert.equal((await engine.anyone.get('/livez')).status, 200);
  });

  it('serves its widget', async () => {
    const widget = await engine.anyone.get('/chat/webchat.js');
    assert.equal(widget.status, 200);
    assert.match(widget.headers.get('content-type'), /javascript/);
    assert.match(widget.text, /attachShadow/);
    assert.equal((await engine.anyone.get('/chat/nowhere.js')).status, 404);
  });
});
