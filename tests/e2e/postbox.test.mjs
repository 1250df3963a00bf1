import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { MailSender, mailText } from './support/lmtp.mjs';
import { secrets } from './support/secrets.mjs';
import { freshId } from './support/sign.mjs';

const ours = secrets.postbox.address;

describe('the mail listener', () => {
  let engine;
  let ann;
  let relay;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
    relay = await MailSender.connect(engine.ports.mail);
  });
  after(async () => {
    await relay?.quit();
    await ann?.leave();
    await engine?.dispose();
  });
  const about = (subject) => (ticket) => ticket.subject === subject;
  const mail = (from, subject, text, more = {}) => ({
    from, to: [ours], content: mailText({ from, to: ours, subject, messageId: `<${freshId('p')}@mail.example>`, text, ...more }),
  });

  it('takes a mail to an agent and answers over SMTP, into the thread', async () => {
    const from = `${freshId('ida')}@mail.example`;
    const messageId = `<${freshId('q')}@mail.example>`;
    assert.deepEqual(await relay.mail(mail(from, 'Grüße', 'Es flackert.', { messageId, headers: { Subject: '=?utf-8?Q?Gr=C3=BC=C3=9Fe?=', From: `"Ida I." <${from}>` } })), [250]);
    const ticket = await ann.take(about('Grüße'));
    assert.equal(ticket.channel, 'postbox');
    assert.equal(ticket.customer.name, 'Ida I.');
    const entry = await ann.reply(ticket, 'Welche Lampe ist es?\n.\nEin Punkt allein.');
    const sent = await engine.doubles.smtp.next((message) => message.envelopeTo.includes(from));
    assert.match(sent.text, /Welche Lampe ist es\?\s+\.\s+Ein Punkt allein\./);
    assert.equal(sent.inReplyTo, messageId);
    assert.ok(sent.references.includes(messageId));
    assert.notEqual(sent.envelopeFrom, '');
    await ann.delivered(ticket, entry);

    const back = mail(from, 'Re: Grüße', 'Die kleine.', { headers: { 'In-Reply-To': sent.messageId, References: sent.messageId } });
    assert.deepEqual(await relay.mail(back), [250]);
    await ann.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.kind === 'contact');
    await ann.resolve(ticket);
  });

  it('knows the ticket by the signed reply address alone', async () => {
    const from = `${freshId('kim')}@mail.example`;
    await relay.mail(mail(from, 'By address', 'hello'));
    const ticket = await ann.take(about('By address'));
    await ann.reply(ticket, 'good day');
    const sent = await engine.doubles.smtp.next((message) => message.envelopeTo.includes(from));
    const [, address] = /<?([^<>\s]+@[^<>\s]+)>?\s*$/.exec(sent.replyTo || sent.from);
    assert.match(address, /\+/);
    const back = { ...mail(from, 'quite another subject', 'it is me'), to: [address] };
    assert.deepEqual(await relay.mail(back), [250]);
    await ann.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.kind === 'contact');
    await ann.resolve(ticket);
  });

  it('has the effect of a repeated mail once', async () => {
    const from = `${freshId('leo')}@mail.example`;
    const same = mail(from, 'Twice handed over', 'hello');
    assert.deepEqual(await relay.mail(same), [250]);
    assert.deepEqual(await relay.mail(same), [250]);
    const ticket = await ann.take(about('Twice handed over'));
    const { contacts } = await ann.client.ticket(ticket.id);
    assert.equal(contacts.length, 1);
    await ann.resolve(ticket);
  });

  it('refuses recipients that are not ours', async () => {
    const codes = await relay.mail({ from: 'x@mail.example', to: ['nobody@elsewhere.example'], content: mailText({ from: 'x@mail.example', to: 'nobody@elsewhere.example', subject: 'relay?', messageId: '<x@x>', text: '-' }) });
    assert.equal(codes.length, 1);
    assert.ok(codes[0] >= 500 && codes[0] < 600);
    await relay.command('RSET');
  });

  it('takes an automatic answer without answering it', async () => {
    const from = `${freshId('out')}@mail.example`;
    assert.deepEqual(await relay.mail(mail(from, 'Out of office', 'I am away', { headers: { 'Auto-Submitted': 'auto-replied' } })), [250]);
    assert.ok(!engine.doubles.smtp.received.some((message) => message.envelopeTo.includes(from)));
  });
});
