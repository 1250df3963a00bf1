import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('Files', () => {
  const sign = new Signer();
  const photo = randomBytes(100_000);
  let engine;
  let ann;
  before(async () => {
    engine = await Engine.start({ attachments: { trusted_hosts: ['127.0.0.1'] } });
    engine.doubles.graph.media.set('777', { type: 'image/jpeg', bytes: photo });
    engine.doubles.graph.media.set('778', { type: 'image/jpeg', bytes: photo, fails: 1 });
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const of = (number) => (ticket) => ticket.customer.name === `W ${number}`;
  const send = (from, content) => engine.anyone.deliver(sign.whatsappRaw({ from, name: `W ${from}`, content }));
  const image = (id, more = {}) => ({ type: 'image', image: { id, mime_type: 'image/jpeg', ...more } });
  const fileOf = (ticket, state) => eventually(async () => (await ann.client.ticket(ticket.id)).files.find((file) => file.state === state), `a file that is ${state}`, { within: 15_000 });
  const download = async (id, client = ann.client) => {
    const answer = await fetch(`${engine.url}/api/v1/attachments/${id}`, { headers: client.token ? { Authorization: `Bearer ${client.token}` } : {} });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const upload = (name, type, bytes, client = ann.client) => client.send('POST', `/api/v1/attachments?name=${encodeURIComponent(name)}&type=${encodeURIComponent(type)}`, { headers: { 'Content-Type': type }, body: bytes });

  it('are fetched from the provider, with its proof, and given to agents alone', async () => {
    const from = freshNumber();
    await send(from, image('777', { caption: 'broken' }));
    const ticket = await ann.take(of(from));
    const file = await fileOf(ticket, 'stored');
    assert.deepEqual([file.type, file.size, file.entry], ['image/jpeg', photo.length, 1]);
    const got = await download(file.id);
    assert.equal(got.status, 200);
    assert.ok(got.bytes.equals(photo));
    assert.match(got.headers.get('content-disposition'), /^attachment; filename=/);
    assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
    assert.match(got.headers.get('content-security-policy'), /sandbox/);
    assert.equal((await download(file.id, engine.anyone)).status, 401);
    assert.equal((await download(file.id, engine.shop)).status, 403);
    assert.equal((await download('1-1-99')).status, 404);
    await ann.resolve(ticket);
  });

  it('are fetched again when the provider fails, and once where they are the same', async () => {
    const from = freshNumber();
    await send(from, image('778'));
    const ticket = await ann.take(of(from));
    await fileOf(ticket, 'stored');
    const kept = (await readdir(join(engine.folder, 'store', 'kindred.db-files'), { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
    assert.equal(kept.length, 1);
    await ann.resolve(ticket);
  });

  it('that are too large or programs are not kept, and say so', async () => {
    const from = freshNumber();
    await send(from, { type: 'document', document: { id: '779', mime_type: 'application/x-msdownload', filename: 'setup.exe' } });
    const ticket = await ann.take(of(from));
    const file = await fileOf(ticket, 'failed');
    assert.equal(file.reason, 'type_refused');
    assert.equal((await download(file.id)).status, 409);
    await ann.resolve(ticket);
  });

  it('come with a mail, and are on the disk before it is acknowledged', async () => {
    const from = `${freshId('max')}@example.net`;
    const note = Buffer.from('a note\n');
    const boundary = 'b0undary';
    const raw = [`From: Max <${from}>`, 'To: support@mg.lumen.example', 'Subject: with a file', `Message-ID: <${freshId('m')}@example.net>`, 'MIME-Version: 1.0',
      `Content-Type: multipart/mixed; boundary=${boundary}`, '', `--${boundary}`, 'Content-Type: text/plain', '', 'see the note', `--${boundary}`,
      'Content-Type: text/plain; name="nöte.txt"', 'Content-Disposition: attachment; filename="note.txt"', 'Content-Transfer-Encoding: base64', '', note.toString('base64'), `--${boundary}--`, ''].join('\r\n');
    const answer = await engine.anyone.deliver(sign.mailgunMime({ from, raw }));
    assert.equal(answer.status, 200);
    const ticket = await ann.take((each) => each.subject === 'with a file');
    const [file] = (await ann.client.ticket(ticket.id)).files;
    assert.deepEqual([file.name, file.state, file.size], ['note.txt', 'stored', note.length]);
    assert.ok((await download(file.id)).bytes.equals(note));
    await ann.resolve(ticket);
  });

  it('go out with a mail', async () => {
    const from = `${freshId('eve')}@example.net`;
    await engine.anyone.deliver(sign.mailgun({ from, subject: 'send me the invoice', text: 'please' }));
    const ticket = await ann.take((each) => each.subject === 'send me the invoice');
    const invoice = randomBytes(5_000);
    const { body } = await upload('invoice "é".pdf', 'application/pdf', invoice);
    const reply = await ann.client.expect(201, 'POST', `/api/v1/tickets/${ticket.id}/reply`, { text: 'here it is', attachments: [body.id] });
    const mail = await engine.doubles.mailgun.next((each) => each.to.includes(from));
    assert.equal(mail.text, 'here it is');
    assert.equal(mail.files.length, 1);
    assert.ok(mail.files[0].bytes.equals(invoice));
    assert.equal(mail.files[0].type, 'application/pdf');
    await ann.delivered(ticket, reply.entry);
    await ann.resolve(ticket);
  });

  it('go out by an address that the provider fetches, which is signed and ends', async () => {
    const from = freshNumber();
    await send(from, { type: 'text', text: { body: 'send me the invoice' } });
    const ticket = await ann.take(of(from));
    const invoice = randomBytes(5_000);
    const { body } = await upload('invoice.pdf', 'application/pdf', invoice);
    const reply = await ann.client.expect(201, 'POST', `/api/v1/tickets/${ticket.id}/reply`, { text: 'here it is', attachments: [body.id] });
    assert.equal((await engine.doubles.graph.next((each) => each.to.replace('+', '') === from)).text, 'here it is');
    const sent = await engine.doubles.graph.next((each) => each.to.replace('+', '') === from);
    assert.equal(sent.file.filename, 'invoice.pdf');
    const fetched = await fetch(sent.file.link);
    assert.equal(fetched.status, 200);
    assert.ok(Buffer.from(await fetched.arrayBuffer()).equals(invoice));
    for (const [what, wrong] of [['signature=', 'signature=x'], ['until=1', 'until=2']]) {
      assert.equal((await fetch(sent.file.link.replace(what, wrong))).status, 404);
    }
    await eventually(async () => (await ann.client.ticket(ticket.id)).deliveries.filter((one) => one.entry === reply.entry && one.state === 'sent').length === 2, 'text and file to be sent');
    await ann.resolve(ticket);
  });

  it('are refused where they cannot go or do not exist', async () => {
    const from = freshNumber();
    await send(from, { type: 'text', text: { body: 'hello' } });
    const ticket = await ann.take(of(from));
    const reply = (attachments) => ann.client.post(`/api/v1/tickets/${ticket.id}/reply`, { text: 'x', attachments });
    for (const attachments of ['u-1', ['u-unknown'], Array(11).fill('u-1'), [1]]) assert.equal((await reply(attachments)).status, 400);
    assert.equal((await upload('', 'image/png', Buffer.from('x'))).status, 400);
    assert.equal((await upload('a.png', 'nonsense', Buffer.from('x'))).status, 400);
    assert.equal((await upload('a.exe', 'application/octet-stream', Buffer.from('x'))).status, 400);
    assert.equal((await upload('a.png', 'image/png', Buffer.alloc(0))).status, 400);
    assert.equal((await upload('a.png', 'image/png', Buffer.from('x'), engine.anyone)).status, 401);
    assert.equal((await upload('a.png', 'image/png', Buffer.alloc((25 << 20) + 1))).status, 413);
    await ann.resolve(ticket);
  });
});

describe('Files at addresses that are not public', () => {
  const sign = new Signer();
  let engine;
  let ann;
  let inside;
  let reached = 0;
  before(async () => {
    engine = await Engine.start();  // without attachments.trusted_hosts
    ann = await Agent.arrive(engine, 'ann');
    inside = createServer((_, response) => { reached += 1; response.end('secret'); });
    await new Promise((resolve) => { inside.listen(0, '127.0.0.1', resolve); });
  });
  after(async () => {
    inside?.close();
    await ann?.leave();
    await engine?.dispose();
  });

  it('are never fetched, whatever a contact names', async () => {
    const { port } = inside.address();
    const attachments = [`http://127.0.0.1:${port}/a`, `http://localhost:${port}/b`, `http://[::ffff:127.0.0.1]:${port}/c`, 'http://169.254.169.254/latest/meta-data/', 'file:///etc/passwd']
      .map((url, index) => ({ name: `f${index}`, type: 'text/plain', url }));
    const answer = await engine.shop.post('/api/v1/contacts', { from: `${freshId('a')}@example.org`, subject: 'fetch this', text: 'x', attachments }, { 'Idempotency-Key': freshId('k') });
    assert.equal(answer.status, 202);
    await eventually(async () => {
      const { files } = await ann.client.ticket(answer.body.ticket);
      return files.length === 5 && files.every((file) => file.state === 'failed');
    }, 'all five to fail', { within: 15_000 });
    assert.equal(reached, 0);
  });
});
