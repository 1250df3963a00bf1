import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer, tampered, without } from './support/sign.mjs';

describe('WhatsApp', () => {
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
  const of = (number) => (ticket) => ticket.subject !== undefined && ticket.customer.name === `W ${number}`;
  const write = (from, text, more = {}) => sign.whatsapp({ from, name: `W ${from}`, text, ...more });

  it('answers the handshake with the challenge, and a wrong token with 403', async () => {
    const good = await engine.anyone.get('/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=e2e-verify-token');
    assert.equal(good.status, 200);
    assert.equal(good.text, '1158201444');
    const bad = await engine.anyone.get('/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=guess');
    assert.equal(bad.status, 403);
    assert.ok(!bad.text.includes('1158201444'));
  });

  it('takes a message to an agent, the reply back, and resolves', async () => {
    const from = freshNumber();
    const answer = await engine.anyone.deliver(write(from, 'Where is my order?'));
    assert.equal(answer.status, 200);
    const offer = await ann.offer(of(from));
    assert.equal(offer.ticket.channel, 'whatsapp');
    assert.equal(offer.ticket.channel_kind, 'social');
    assert.equal(offer.ticket.queue, 'general');
    assert.equal(offer.why.route, 'fallback');
    assert.equal(offer.why.stage, 'considering');
    assert.deepEqual(offer.why.segments, { value: 'newcomer' });
    assert.ok(new Date(offer.expires_at) > new Date());

    const ticket = await ann.accept(offer);
    assert.equal(ticket.status, 'held');
    assert.equal(ticket.holder.id, ann.id);
    const detail = await ann.client.ticket(ticket.id);
    assert.equal(detail.contacts[0].text, 'Where is my order?');
    assert.equal(detail.script.id, 'welcome');
    assert.deepEqual(detail.articles.map((article) => article.id), ['order-status']);
    assert.equal(detail.decision.queue, 'general');
    assert.ok(detail.decision.ruleset);

    const entry = await ann.reply(ticket, 'It left yesterday. ¡Gracias! 🚚');
    const sent = await engine.doubles.graph.next((message) => message.to.replace('+', '') === from);
    assert.equal(sent.text, 'It left yesterday. ¡Gracias! 🚚');
    await ann.delivered(ticket, entry);
    const resolved = await ann.resolve(ticket, 'solved');
    assert.equal(resolved.status, 'resolved');
    assert.equal((await ann.client.ticket(ticket.id)).entries.at(-1).kind, 'resolved');
  });

  it('follows the delivery of a reply by the statuses of the provider', async () => {
    const from = freshNumber();
    await engine.anyone.deliver(write(from, 'hello'));
    const ticket = await ann.take(of(from));
    const entry = await ann.reply(ticket, 'good day');
    const { id } = await engine.doubles.graph.next((message) => message.to.replace('+', '') === from);
    await ann.delivered(ticket, entry);
    const status = await engine.anyone.deliver(sign.whatsappStatus({ id, status: 'failed', to: from, errors: [{ code: 131026, title: 'Message undeliverable' }] }));
    assert.equal(status.status, 200);
    await ann.bounced(ticket);
    await ann.resolve(ticket);
  });

  it('sends a reply once, however often it is asked to under one key', async () => {
    const from = freshNumber();
    await engine.anyone.deliver(write(from, 'once, please'));
    const ticket = await ann.take(of(from));
    const key = { 'Idempotency-Key': freshId('key-') };
    const answers = [];
    for (let time = 0; time < 3; time += 1) answers.push(await ann.client.post(`/api/v1/tickets/${ticket.id}/reply`, { text: 'just once' }, key));
    assert.deepEqual(answers.map((answer) => [answer.status, answer.body.entry]), Array(3).fill([201, answers[0].body.entry]));
    await ann.delivered(ticket, answers[0].body.entry);
    assert.equal((await ann.client.ticket(ticket.id)).entries.filter((entry) => entry.kind === 'reply').length, 1);
    assert.equal(engine.doubles.graph.received.filter((message) => message.text === 'just once').length, 1);
    await ann.resolve(ticket);
  });

  it('goes on in the open ticket, and begins another once the customer is another', async () => {
    const [one, other] = [freshNumber(), freshNumber()];
    await engine.anyone.deliver(write(one, 'first'));
    const ticket = await ann.take(of(one));
    await engine.anyone.deliver(write(one, 'second'));
    const frame = await ann.desk.next('entry', (each) => each.ticket === ticket.id && each.entry.kind === 'contact' && each.entry.record.text === 'second');
    assert.ok(frame.entry.number > 1);
    await engine.anyone.deliver(write(other, 'not me'));
    const second = await ann.take(of(other));
    assert.notEqual(second.id, ticket.id);
    await ann.resolve(ticket);
    await ann.resolve(second);
    const { tickets } = await ann.client.customer(`phone:+${one}`);
    assert.deepEqual(tickets.map((each) => each.id), [ticket.id]);
  });

  it('re-opens a ticket that was resolved a moment ago', async () => {
    const from = freshNumber();
    await engine.anyone.deliver(write(from, 'thanks'));
    const ticket = await ann.take(of(from));
    await ann.resolve(ticket);
    await engine.anyone.deliver(write(from, 'one more thing'));
    const again = await ann.take(of(from));
    assert.equal(again.id, ticket.id);
    assert.ok((await ann.client.ticket(ticket.id)).entries.some((entry) => entry.kind === 'queued' && entry.because === 'reopened'));
    await ann.resolve(ticket);
  });

  it('has the effect of a repeated delivery once', async () => {
    const from = freshNumber();
    const request = write(from, 'only once');
    const before = await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'duplicate' });
    for (let time = 0; time < 5; time += 1) assert.equal((await engine.anyone.deliver(request)).status, 200);
    const ticket = await ann.take(of(from));
    const { contacts } = await ann.client.ticket(ticket.id);
    assert.equal(contacts.length, 1);
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'duplicate' }), before + 4);
    await ann.resolve(ticket);
  });

  it('stores nothing of what is not signed by the provider', async () => {
    const from = freshNumber();
    const request = write(from, 'let me in');
    const refused = [tampered(request), without(request, 'X-Hub-Signature-256'),
      { ...request, headers: { ...request.headers, 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` } },
      { ...request, headers: { ...request.headers, 'X-Hub-Signature-256': 'sha256=' } }];
    const before = await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'refused' });
    for (const each of refused) assert.ok([401, 403].includes((await engine.anyone.deliver(each)).status));
    assert.equal(await ann.client.customer(`phone:+${from}`), null);
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'refused' }), before + refused.length);
  });

  it('sends a reply again until the provider takes it', async () => {
    const from = freshNumber();
    await engine.anyone.deliver(write(from, 'are you there?'));
    const ticket = await ann.take(of(from));
    engine.doubles.graph.failNext({ status: 503, headers: {}, body: '' });
    const entry = await ann.reply(ticket, 'yes');
    await engine.doubles.graph.next((message) => message.text === 'yes', 'the second attempt');
    const delivery = await ann.delivered(ticket, entry);
    assert.ok(delivery.attempts >= 2);
    await ann.resolve(ticket);
  });

  it('shows a reply that can never be delivered as failed', async () => {
    const from = freshNumber();
    await engine.anyone.deliver(write(from, 'who is it?'));
    const ticket = await ann.take(of(from));
    const body = JSON.stringify({ error: { message: 'Re-engagement message', type: 'OAuthException', code: 131047 } });
    engine.doubles.graph.failNext({ status: 400, headers: { 'Content-Type': 'application/json' }, body });
    const entry = await ann.reply(ticket, 'too late');
    const delivery = await ann.delivered(ticket, entry, 'failed');
    assert.match(delivery.reason, /131047|Re-engagement/);
    await ann.resolve(ticket);
  });
});
