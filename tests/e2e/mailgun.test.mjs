import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, Signer } from './support/sign.mjs';

describe('mail through Mailgun', () => {
  const sign = new Signer();
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
  const about = (subject) => (ticket) => ticket.subject === subject;

  it('takes a mail to an agent and the reply back into the same thread', async () => {
    const from = `${freshId('ann')}@mail.example`;
    const mail = sign.mailgun({ from, subject: 'A broken lamp', text: 'It came in two pieces.' });
    assert.equal((await engine.anyone.deliver(mail)).status, 200);
    const ticket = await ann.take(about('A broken lamp'));
    assert.equal(ticket.channel_kind, 'email');
    const entry = await ann.reply(ticket, 'We send you another one.');
    const sent = await engine.doubles.mailgun.next((message) => message.to.includes(from));
    assert.match(sent.text, /We send you another one\./);
    assert.match(sent.subject, /A broken lamp/);
    assert.equal(sent.inReplyTo, mail.messageId);
    assert.ok(sent.references.includes(mail.messageId));
    await ann.delivered(ticket, entry);

    const back = sign.mailgun({ from, subject: 'Re: A broken lamp', text: 'Thank you!', inReplyTo: sent.id });
    assert.equal((await engine.anyone.deliver(back)).status, 200);
    await ann.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.kind === 'contact', 'the answer in the same ticket');
    await ann.resolve(ticket);
  });

  it('shows what became of a reply', async () => {
    const from = `${freshId('bob')}@mail.example`;
    await engine.anyone.deliver(sign.mailgun({ from, subject: 'Bounce me', text: 'please' }));
    const ticket = await ann.take(about('Bounce me'));
    const entry = await ann.reply(ticket, 'there you are');
    const { id } = await engine.doubles.mailgun.next((message) => message.to.includes(from));
    await ann.delivered(ticket, entry);
    const event = sign.mailgunEvent({ event: 'failed', severity: 'permanent', messageId: id, to: from, 'delivery-status': { code: 550, message: 'no such user' } });
    assert.equal((await engine.anyone.deliver(event)).status, 200);
    await ann.bounced(ticket);
    await ann.resolve(ticket);
  });

  it('has the effect of a repeated delivery once', async () => {
    const from = `${freshId('cleo')}@mail.example`;
    const mail = sign.mailgun({ from, subject: 'Only once', text: 'hello' });
    for (let time = 0; time < 3; time += 1) assert.equal((await engine.anyone.deliver(mail)).status, 200);
    const ticket = await ann.take(about('Only once'));
    const { contacts } = await ann.client.ticket(ticket.id);
    assert.equal(contacts.length, 1);
    await ann.resolve(ticket);
  });

  it('stores nothing without a good and fresh signature', async () => {
    const from = `${freshId('mal')}@mail.example`;
    const mail = sign.mailgun({ from, subject: 'Let me in', text: 'please' });
    const forged = { ...mail, body: Buffer.from(mail.body.toString().replace(/signature=[0-9a-f]{64}/, `signature=${'0'.repeat(64)}`)) };
    const bare = { ...mail, body: Buffer.from(mail.body.toString().replace(/&signature=[0-9a-f]{64}/, '')) };
    const stale = sign.mailgun({ from, subject: 'Let me in', text: 'please', at: Date.now() - 30 * 24 * 3600 * 1000 });
    for (const each of [forged, bare, stale]) assert.ok([401, 403, 406].includes((await engine.anyone.deliver(each)).status));
    assert.equal(await ann.client.customer(`email:${from}`), null);
  });

  it('lets nobody into a ticket by a subject or an invented reference', async () => {
    const [owner, other] = [`${freshId('own')}@mail.example`, `${freshId('oth')}@mail.example`];
    const first = sign.mailgun({ from: owner, subject: 'My address', text: 'Main street 1' });
    await engine.anyone.deliver(first);
    const ticket = await ann.take(about('My address'));
    await engine.anyone.deliver(sign.mailgun({ from: other, subject: 'Re: My address', text: 'send it to me', inReplyTo: first.messageId }));
    const second = await ann.take((each) => each.id !== ticket.id && /My address/.test(each.subject));
    assert.notEqual(second.customer.id, ticket.customer.id);
    await ann.resolve(second);
    await ann.resolve(ticket);
  });
});
