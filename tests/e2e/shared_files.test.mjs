import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Visitor } from './support/chat.mjs';
import { Agent } from './support/desk.mjs';
import { Doubles } from './support/doubles/doubles.mjs';
import { binary, Engine } from './support/engine.mjs';
import { Redis } from './support/redis.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const site = 'with-files';
const photo = randomBytes(60_000);
const scan = randomBytes(2_500_000);
const letter = Buffer.from('a letter that can be compressed\n'.repeat(5_000));
const manual = randomBytes(3_000_000);
const nameOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Attachments of a site on two nodes that share no folder. */
describe('files of a site on several nodes', () => {
  const sign = new Signer();
  let redis;
  let doubles;
  let first;
  let second;
  before(async () => {
    redis = await Redis.start(['--appendfsync', 'always']);
    doubles = await Doubles.start();
    doubles.graph.media.set('901', { type: 'image/jpeg', bytes: scan });
    const node = (name) => Engine.prepared({
      doubles, attachments: { trusted_hosts: ['127.0.0.1'], sweep_every: '1s' },
      store: { redis: { server: `127.0.0.1:${redis.port}`, site, node: name, copy: 'copy/kindred.db', lease: '2s', erase_within: '1s' } },
    });
    first = await node('first');
    second = await node('second');
    await second.reconfigure((settings) => { settings.server.public_url = first.url; });
    await first.begin();
    await first.leads();
    await second.begin();
  });
  after(async () => {
    await first?.dispose();
    await second?.dispose();
    await doubles?.stop();
    doubles?.check();
    await redis?.dispose();
  });

  const cli = (...words) => spawnSync('redis-cli', ['-p', String(redis.port), ...words], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout.trim();
  const shelf = (bytes) => `kindred:{${site}/file/${nameOf(bytes)[0]}}:`;
  const isInRedis = (bytes) => cli('HEXISTS', `${shelf(bytes)}index`, nameOf(bytes)) === '1' && cli('KEYS', `${shelf(bytes)}${nameOf(bytes)}:*`) !== '';
  const isOnDisk = (engine, bytes) => existsSync(join(engine.folder, 'copy/kindred.db-files', nameOf(bytes).slice(0, 2), nameOf(bytes)));
  const download = async (engine, id, who = 'ann') => {
    const { token } = await engine.login(who);
    const answer = await fetch(`${engine.url}/api/v1/attachments/${id}`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200, id);
    return Buffer.from(await answer.arrayBuffer());
  };
  const stored = (agent, ticket) => eventually(async () => (await agent.client.ticket(ticket.id)).files.find(({ state }) => state === 'stored'), 'a stored file', { within: 20_000 });
  const mailFrom = async (engine, from, bytes) => {
    const boundary = 'b0undary';
    const raw = [`From: Max <${from}>`, 'To: support@mg.lumen.example', 'Subject: with a letter', `Message-ID: <${freshId('m')}@example.net>`, 'MIME-Version: 1.0',
      `Content-Type: multipart/mixed; boundary=${boundary}`, '', `--${boundary}`, 'Content-Type: text/plain', '', 'see the letter', `--${boundary}`,
      'Content-Type: text/plain', 'Content-Disposition: attachment; filename="letter.txt"', 'Content-Transfer-Encoding: base64', '',
      bytes.toString('base64').replace(/.{76}/g, '$&\r\n'), `--${boundary}--`, ''].join('\r\n');
    assert.equal((await engine.anyone.deliver(sign.mailgunMime({ from, raw }))).status, 200);
  };

  const files = new Map();  // bytes -> id
  const from = `${freshId('max')}@example.net`;
  let upload;

  it('that came through a node that follows are in Redis before anybody is told', { timeout: 90_000 }, async () => {
    const ann = await Agent.arrive(second, 'ann');
    const visitor = await Visitor.arrive(second);
    const url = new URL('/chat/webchat/files', second.url);
    url.searchParams.set('visitor', visitor.visitor);
    url.searchParams.set('name', 'lamp.png');
    const up = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'image/png' }, body: photo });
    assert.equal(up.status, 201);
    assert.ok(isInRedis(photo), 'the visitor was told that it has come');
    const sent = { type: 'message', id: freshId('m'), text: 'broken', attachments: [{ id: (await up.json()).id, name: 'lamp.png' }] };
    visitor.unsent.push(sent);
    visitor.sendRaw(JSON.stringify(sent));
    await visitor.acknowledged(sent.id);
    const chat = await ann.take((each) => each.channel_kind === 'chat');
    files.set(photo, (await stored(ann, chat)).id);
    await ann.resolve(chat);
    visitor.cut();

    const number = freshNumber();
    await second.anyone.deliver(sign.whatsappRaw({ from: number, name: 'W', content: { type: 'image', image: { id: '901', mime_type: 'image/jpeg' } } }));
    const social = await ann.take((each) => each.channel === 'whatsapp');
    files.set(scan, (await stored(ann, social)).id);
    assert.ok(isInRedis(scan), 'the ticket says that it is stored');
    await ann.resolve(social);

    await mailFrom(second, from, letter);
    const mail = await ann.take((each) => each.subject === 'with a letter');
    files.set(letter, (await stored(ann, mail)).id);
    assert.ok(isInRedis(letter));
    upload = (await ann.client.send('POST', '/api/v1/attachments?name=manual.pdf&type=application%2Fpdf', { headers: { 'Content-Type': 'application/pdf' }, body: manual })).body.id;
    assert.ok(isInRedis(manual));
    for (const bytes of [photo, scan, letter, manual]) assert.ok(!isOnDisk(second, bytes), 'they are beside the one that leads');
    const packed = Number(cli('HGET', `${shelf(letter)}index`, nameOf(letter)).split(' ')[3]);
    assert.ok(packed < letter.length / 4, `${packed} bytes of text that can be compressed`);
    await ann.resolve(mail);
    await ann.leave();
  });

  it('are there when the node that had them is gone with its folder', { timeout: 90_000 }, async () => {
    await first.kill();
    await rm(join(first.folder, 'copy'), { recursive: true });
    await second.leads(10_000);
    await second.ready();
    for (const [bytes, id] of files) assert.ok((await download(second, id)).equals(bytes), id);
    const fetched = await second.metric('kindred_site_files_fetched_total');
    assert.ok(fetched >= 1 && fetched <= files.size, `${fetched} fetched: one that was on its way from a provider may have come again from there`);
    for (const [bytes, id] of files) assert.ok(isOnDisk(second, bytes), id);
    const ann = await Agent.arrive(second, 'ann');
    await mailFrom(second, `${freshId('eve')}@example.net`, Buffer.from('x'));
    const ticket = await ann.take((each) => each.subject === 'with a letter');
    await ann.client.expect(201, 'POST', `/api/v1/tickets/${ticket.id}/reply`, { text: 'here it is', attachments: [upload] });
    const mail = await doubles.mailgun.next(({ text }) => text === 'here it is');
    assert.ok(mail.files[0].bytes.equals(manual), 'what an agent brought before goes out');
    await ann.resolve(ticket);
    await ann.leave();
  });

  it('are put back when Redis comes back without them', { timeout: 90_000 }, async () => {
    assert.equal(cli('HDEL', `${shelf(scan)}index`, nameOf(scan)), '1');
    for (const key of cli('KEYS', `${shelf(scan)}${nameOf(scan)}:*`).split('\n')) cli('DEL', key);
    assert.ok(!isInRedis(scan));
    await eventually(() => isInRedis(scan), 'the file to be there again', { within: 20_000 });
    assert.ok(await second.metric('kindred_site_files_put_back_total') > 0);
  });

  it('of somebody who is erased go from Redis and from every node, those of others stay', { timeout: 120_000 }, async () => {
    const other = Buffer.concat([letter, Buffer.from('of somebody else')]);
    const ann = await Agent.arrive(second, 'ann');
    await mailFrom(second, `${freshId('fay')}@example.net`, other);
    const ticket = await ann.take((each) => each.subject === 'with a letter');
    await stored(ann, ticket);
    await ann.resolve(ticket);
    await ann.leave();
    // Both nodes have the file: the one that led fetched it, and so does the next.
    await first.begin();
    assert.equal(await second.stop(), 0);
    await first.leads();
    assert.ok((await download(first, files.get(letter))).equals(letter));
    await second.begin();
    assert.ok(isOnDisk(first, letter) && isOnDisk(second, letter) && isInRedis(letter));

    const root = await second.login('root');
    const { customer } = await second.shop.expect(200, 'GET', `/api/v1/customers?identity=${encodeURIComponent(`email:${from}`)}`);
    const erased = spawnSync(binary, ['erase', '--config', join(second.folder, 'kindred.yaml'), '--token', root.token, '--customer', customer.id, '--reason', 'asked'], { encoding: 'utf8' });
    assert.equal(erased.status, 0, erased.stderr);
    await eventually(() => !isInRedis(letter) && !isOnDisk(first, letter) && !isOnDisk(second, letter), 'the file to be gone everywhere', { within: 20_000 });
    assert.equal(cli('KEYS', `*${nameOf(letter)}*`), '');
    assert.ok(isInRedis(other) && isInRedis(photo));
    const said = JSON.parse(spawnSync(binary, ['cluster', 'status', '--json', '--config', join(second.folder, 'kindred.yaml')], { encoding: 'utf8' }).stdout);
    assert.ok(said.files >= 4 && said.file_bytes > scan.length + manual.length, JSON.stringify(said));
    await eventually(async () => (await first.metric('kindred_site_files')) === said.files, 'the figure to say the same');
  });

  it('go along when the site moves into a file and back', { timeout: 120_000 }, async () => {
    for (const each of [second, first]) await each.stop();
    const back = join(first.folder, 'store/back.db');
    const config = join(first.folder, 'kindred.yaml');
    const migrate = (source, target) => spawnSync(binary, ['migrate', '--from', source, '--to', target], { encoding: 'utf8' });
    const out = migrate(`redis:${config}`, `sqlite:${back}`);
    assert.equal(out.status, 0, out.stderr);
    const there = (bytes) => existsSync(join(`${back}-files`, nameOf(bytes).slice(0, 2), nameOf(bytes)));
    for (const bytes of [photo, scan, manual]) assert.ok(there(bytes));
    assert.ok(!there(letter));
    await second.reconfigure((settings) => { settings.store.redis.site = 'moved'; });
    await rm(join(second.folder, 'copy'), { recursive: true });
    const into = migrate(`sqlite:${back}`, `redis:${join(second.folder, 'kindred.yaml')}`);
    assert.equal(into.status, 0, into.stderr);
    assert.match(into.stdout, /attachments: \d/);
    await rm(join(second.folder, 'copy'), { recursive: true, force: true });
    await rm(`${back}-files`, { recursive: true });
    await second.begin();
    await second.leads();
    for (const bytes of [photo, scan]) assert.ok((await download(second, files.get(bytes), 'sam')).equals(bytes), 'people log in again');
  });
});

describe('files of nodes that share a folder', () => {
  let redis;
  let engine;
  before(async () => {
    redis = await Redis.start();
    engine = await Engine.start({ store: { redis: { server: `127.0.0.1:${redis.port}`, node: 'only', copy: 'copy/kindred.db', lease: '2s', files: { in: 'folder' } } } });
  });
  after(async () => {
    await engine?.dispose();
    await redis?.dispose();
  });

  it('are in the folder alone', { timeout: 30_000 }, async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const up = await ann.client.send('POST', '/api/v1/attachments?name=a.txt&type=text%2Fplain', { headers: { 'Content-Type': 'text/plain' }, body: letter });
    assert.equal(up.status, 201, up.text);
    assert.ok(existsSync(join(engine.folder, 'copy/kindred.db-files', nameOf(letter).slice(0, 2), nameOf(letter))));
    assert.equal(spawnSync('redis-cli', ['-p', String(redis.port), 'KEYS', '*/file/*'], { encoding: 'utf8' }).stdout.trim(), '');
    await ann.leave();
  });
});
