import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { Dovecot, missing, Postfix, TokenServer } from './support/mail_servers.mjs';
import { secrets } from './support/secrets.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const ours = secrets.postbox.address;
const about = (subject) => (ticket) => ticket.subject === subject;
const noPostfix = missing('postfix', 'swaks');
const noDovecot = missing('dovecot');
for (const why of [noPostfix, noDovecot].filter((each) => each !== '')) process.stderr.write(`\n*** SKIPPED, a real mail server cannot run here: ${why} ***\n\n`);

describe('mail through a real Postfix', { skip: noPostfix || false }, () => {
  let engine;
  let postfix;
  let ann;
  before(async () => {
    engine = await Engine.start();
    await engine.stop();
    postfix = await Postfix.start({ domain: 'lumen.example', lmtpPort: engine.ports.mail, relayPort: Number(new URL(engine.doubles.addresses.smtp).port) });
    await engine.reconfigure((config) => { config.channels.postbox.smtp_url = `smtp://127.0.0.1:${postfix.port}`; });
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await postfix?.stop();
  });
  const from = () => `${freshId('swaks')}@mail.example`;
  const send = (sender, subject, ...more) => postfix.send('--from', sender, '--to', ours, '--header', `Subject: ${subject}`, ...more);

  it('takes what swaks hands in, answers through Postfix, and goes on with the answer', async () => {
    const sender = from();
    const id = `<${freshId('q')}@mail.example>`;
    send(sender, 'By the way of Postfix', '--header', `Message-Id: ${id}`, '--body', 'It flickers.');
    const ticket = await ann.take(about('By the way of Postfix'));
    assert.equal((await ann.client.ticket(ticket.id)).contacts[0].text.trim(), 'It flickers.');
    const entry = await ann.reply(ticket, 'Which lamp is it?');
    const sent = await engine.doubles.smtp.next((message) => message.envelopeTo.includes(sender));
    assert.match(sent.text, /Which lamp is it\?/);
    assert.equal(sent.inReplyTo, id);
    await ann.delivered(ticket, entry);
    send(sender, 'Re: By the way of Postfix', '--header', `In-Reply-To: ${sent.messageId}`, '--header', `References: ${id} ${sent.messageId}`, '--body', 'The small one.');
    await ann.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.kind === 'contact');
    await ann.resolve(ticket);
  });

  it('goes on by the signed address whatever the subject says, and lets no stranger in by a reference', async () => {
    const sender = from();
    const id = `<${freshId('q')}@mail.example>`;
    send(sender, 'The first', '--header', `Message-Id: ${id}`, '--body', 'hello');
    const ticket = await ann.take(about('The first'));
    await ann.reply(ticket, 'good day');
    const sent = await engine.doubles.smtp.next((message) => message.envelopeTo.includes(sender));
    const [, signed] = /<?([^<>\s]+@[^<>\s]+)>?\s*$/.exec(sent.replyTo || sent.from);
    postfix.send('--from', sender, '--to', signed, '--header', 'Subject: something else', '--body', 'me again');
    await ann.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.kind === 'contact');
    send(from(), `Re: The first #${ticket.id}`, '--header', `In-Reply-To: ${id}`, '--body', 'a stranger');
    const other = await ann.take(about(`Re: The first #${ticket.id}`));
    assert.notEqual(other.id, ticket.id);
    await ann.resolve(other);
    await ann.resolve(ticket);
  });

  it('shows a bounce as the failed delivery of the very answer it is about, and answers nobody', async () => {
    const sender = from();
    send(sender, 'From an address that goes away', '--body', 'hello');
    const ticket = await ann.take(about('From an address that goes away'));
    const first = await ann.reply(ticket, 'This one arrives.');
    await engine.doubles.smtp.next((message) => message.envelopeTo.includes(sender));
    await ann.delivered(ticket, first);
    const before = engine.doubles.smtp.received.length;
    const contacts = await engine.metric('kindred_contacts_total', { channel: 'postbox', outcome: 'accepted' });
    engine.doubles.smtp.refused.set(sender, '550 5.1.1 the mailbox was closed');
    const second = await ann.reply(ticket, 'This one does not.');
    await ann.delivered(ticket, second);
    const { entry } = await ann.desk.next('entry', (frame) => frame.ticket === ticket.id && frame.entry.kind === 'bounce', 'the bounce', 20_000);
    assert.equal(entry.about, second);
    const shown = await ann.client.ticket(ticket.id);
    const state = (number) => shown.messages.find((message) => message.entry === number);
    assert.equal(state(first)?.state ?? 'sent', 'sent');
    assert.equal(state(second).state, 'failed');
    assert.match(state(second).failed_because, /550 5\.1\.1.*the mailbox was closed.*\(5\.1\.1\)/);
    assert.equal(shown.entries.filter((each) => each.kind === 'contact').length, 1, 'a report is no contact');
    engine.doubles.smtp.refused.delete(sender);
    const third = await ann.reply(ticket, 'And this one does again.');
    await engine.doubles.smtp.next((message) => message.envelopeTo.includes(sender));
    await ann.delivered(ticket, third);
    assert.equal((await ann.client.ticket(ticket.id)).messages.find((message) => message.entry === second).state, 'failed');
    assert.equal(engine.doubles.smtp.received.length, before + 1, 'nothing else was sent');
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'postbox', outcome: 'accepted' }), contacts + 1, 'the report alone came in');
    await ann.resolve(ticket);
  });

  it('shows at once what the server refuses while it is being submitted', async () => {
    const sender = from();
    send(sender, 'Refused at the door', '--body', 'hello');
    const ticket = await ann.take(about('Refused at the door'));
    await engine.stop();
    await engine.reconfigure((config) => { config.channels.postbox.smtp_url = engine.doubles.addresses.smtp; });
    engine.doubles.smtp.refused.set(sender, '553 5.1.3 not a mailbox');
    await engine.begin();
    await ann.desk.close();
    ann = await Agent.arrive(engine, 'ann');
    const entry = await ann.reply(ticket, 'good day');
    const delivery = await ann.delivered(ticket, entry, 'failed');
    assert.match(delivery.reason, /553 5\.1\.3 not a mailbox/);
    await engine.stop();
    await engine.reconfigure((config) => { config.channels.postbox.smtp_url = `smtp://127.0.0.1:${postfix.port}`; });
    await engine.begin();
    await ann.desk.close();
    ann = await Agent.arrive(engine, 'ann');
    await ann.resolve(ticket);
  });

  it('stores an automatic answer as one and does not answer it', async () => {
    const sender = from();
    send(sender, 'Out of office', '--header', 'Auto-Submitted: auto-replied', '--body', 'I am away.');
    const ticket = await ann.take(about('Out of office'));
    assert.equal((await ann.client.ticket(ticket.id)).contacts[0].answer_automatically, false);
    assert.equal(engine.doubles.smtp.received.filter((message) => message.envelopeTo.includes(sender)).length, 0);
    await ann.resolve(ticket);
  });
});

describe('a folder on a real Dovecot', { skip: noDovecot || false }, () => {
  let engine;
  let dovecot;
  let tokens;
  let ann;
  const channel = (more = {}) => ({
    connector: 'imap', imap_url: `imaps://localhost:${dovecot.port}`, imap_user: dovecot.user, imap_password: dovecot.password, imap_ca_file: dovecot.caFile,
    address: 'help@imap.example', reply_secret: secrets.postbox.replySecret, ...more,
  });
  before(async () => {
    tokens = await TokenServer.start();
    dovecot = await Dovecot.start({ tokens });
    await dovecot.deliver(mail('Before the engine knew the folder'));
    engine = await Engine.start({ channels: { mailbox: channel({ max_message_bytes: 100_000 }) } });
    ann = await Agent.arrive(engine, 'ann');
    await ready();
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await dovecot?.stop();
    await tokens?.stop();
  });
  const mail = (subject, { body = 'hello', from = 'ida@mail.example', headers = '' } = {}) =>
    `From: Ida <${from}>\nTo: help@imap.example\nSubject: ${subject}\nMessage-ID: <${freshId('i')}@mail.example>\nDate: ${new Date().toUTCString()}\n${headers}\n${body}\n`;
  const logins = () => (dovecot.log.match(/imap-login: .*Login: user=/g) ?? []).length;
  const ready = () => eventually(() => logins() > 0, 'the engine to log in', { within: 15_000 });
  const accepted = () => engine.metric('kindred_contacts_total', { channel: 'mailbox', outcome: 'accepted' });

  it('reads what comes, at once, and touches no flag', async () => {
    await dovecot.deliver(mail('Through IMAP'));
    const ticket = await ann.take(about('Through IMAP'));
    assert.equal(ticket.channel, 'mailbox');
    await ann.resolve(ticket);
    assert.equal(await accepted(), 1, 'what was there before the folder was configured stays where it is');
    assert.doesNotMatch(dovecot.ask('flags'), /Seen|Answered|Flagged|Deleted/);
  });

  it('is not held up by mails that nobody can take', async () => {
    await dovecot.deliver(mail('Far too large', { body: 'x'.repeat(200_000) }));
    await dovecot.deliver(`${'Received: x\n'.repeat(40_000)}\nheaders without end\n`.slice(0, 99_000));
    await dovecot.deliver('\n');
    await dovecot.deliver(mail('Behind the poison'));
    const ticket = await ann.take(about('Behind the poison'));
    await ann.resolve(ticket);
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'mailbox', outcome: 'refused', reason: 'too_large' }), 2);
  });

  it('goes on where it was after a restart, and takes nothing twice', async () => {
    await engine.stop();
    await dovecot.deliver(mail('While the engine was away'));
    await engine.begin();
    await ann.desk.close();
    ann = await Agent.arrive(engine, 'ann');
    const ticket = await ann.take(about('While the engine was away'));
    await ann.resolve(ticket);
    await dovecot.deliver(mail('Once more'));
    await ann.resolve(await ann.take(about('Once more')));
    assert.equal(await accepted(), 2, 'since this start');
  });

  it('comes back when the server was away, whatever mails came twice', async () => {
    const before = await accepted();
    await dovecot.kill();
    const content = mail('When the server is back');
    await dovecot.deliver(content);
    await dovecot.run();
    const ticket = await ann.take(about('When the server is back'));
    await dovecot.deliver(content);
    await dovecot.deliver(mail('The next one'));
    await ann.resolve(await ann.take(about('The next one')));
    await ann.resolve(ticket);
    assert.equal(await accepted(), before + 2);
    assert.ok(await engine.metric('kindred_contacts_total', { channel: 'mailbox', outcome: 'duplicate' }) >= 1);
  });

  it('says no word to a server whose certificate is not to be trusted', async () => {
    const before = logins();
    await engine.stop();
    await engine.reconfigure((config) => { delete config.channels.mailbox.imap_ca_file; });
    await engine.begin();
    await eventually(() => /certificate is refused/.test(engine.logs), 'the certificate to be refused');
    assert.equal(logins(), before);
    assert.doesNotMatch(engine.logs, new RegExp(dovecot.password));
  });

  it('logs in with an access token, which is read again when it was replaced', async () => {
    const tokenFile = join(dovecot.folder, 'token');
    await writeFile(tokenFile, 'old-token\n');
    await engine.stop();
    await engine.reconfigure((config) => {
      const { mailbox } = config.channels;
      delete mailbox.imap_password;
      Object.assign(mailbox, { imap_token_file: tokenFile, imap_ca_file: dovecot.caFile });
    });
    await engine.begin();
    await ann.desk.close();
    ann = await Agent.arrive(engine, 'ann');
    await eventually(() => /AUTHENTICATIONFAILED|uthentication failed/.test(engine.logs), 'the old token to be refused', { within: 15_000 });
    tokens.users.set('new-token', dovecot.user);
    await writeFile(tokenFile, 'new-token\n');
    await dovecot.deliver(mail('By a token'));
    const offer = await ann.offer(about('By a token'));
    await ann.resolve(await ann.accept(offer));
    assert.match(dovecot.log, /Login: user=<help>, method=XOAUTH2/);
    await engine.stop();
    await engine.reconfigure((config) => {
      const { mailbox } = config.channels;
      delete mailbox.imap_token_file;
      mailbox.imap_password = dovecot.password;
    });
    await engine.begin();
    await ann.desk.close();
    ann = await Agent.arrive(engine, 'ann');
  });

  it('makes a plain connection secure before it says who it is', async () => {
    await engine.stop();
    await engine.reconfigure((config) => { Object.assign(config.channels.mailbox, { imap_url: `imap://localhost:${dovecot.plainPort}`, imap_ca_file: dovecot.caFile }); });
    await engine.begin();
    await ann.desk.close();
    ann = await Agent.arrive(engine, 'ann');
    await dovecot.deliver(mail('By STARTTLS'));
    await ann.resolve(await ann.take(about('By STARTTLS')));
  });
});
