import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { Redis } from './support/redis.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('a person who is erased from a site in Redis', () => {
  let redis;
  let engine;
  before(async () => {
    redis = await Redis.start(['--rdbcompression', 'no']);  // DUMP shows bytes as they are in memory
    engine = await Engine.start({ store: { redis: { server: `127.0.0.1:${redis.port}`, node: 'only', copy: 'copy/kindred.db', lease: '2s', erase_within: '1s' } } });
  });
  after(async () => {
    await engine?.dispose();
    await redis?.dispose();
  });

  const cli = (...words) => spawnSync('redis-cli', ['-p', String(redis.port), ...words], { maxBuffer: 1 << 28 }).stdout;
  const keys = () => cli('KEYS', 'kindred:*').toString().split('\n').filter((key) => key !== '');
  const inMemory = (words) => keys().filter((key) => cli('DUMP', key).includes(words));
  async function inCopy(words) {
    const found = [];
    for (const name of await readdir(join(engine.folder, 'copy')))
      if ((await readFile(join(engine.folder, 'copy', name))).includes(words)) found.push(name);
    return found;
  }

  it('is gone from its log, its inbox and its snapshot, and from the files of a node that begins with that', { timeout: 60_000 }, async () => {
    const secret = freshId('hazelnut');
    const ann = await Agent.arrive(engine, 'ann');
    const root = await engine.login('root');
    const from = `${freshId('p')}@mail.example`;
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, name: `Name ${secret}`, text: `My secret is ${secret}` });
    const held = await ann.take((each) => each.id === ticket);
    assert.ok((await ann.client.post(`/api/v1/tickets/${ticket}/note`, { text: `noted ${secret}` })).status < 300);
    await ann.resolve(held, 'solved');
    await eventually(async () => (await root.ticket(ticket)).ticket.status === 'resolved', 'the end of the ticket');
    const { customer } = await engine.shop.expect(200, 'GET', `/api/v1/customers?identity=${encodeURIComponent(`email:${from}`)}`);
    assert.notDeepEqual(inMemory(secret), [], 'it is in the log');

    const words = ['erase', '--config', join(engine.folder, 'kindred.yaml'), '--token', root.token, '--customer', customer.id, '--reason', 'asked by letter'];
    const erased = spawnSync(binary, words, { encoding: 'utf8' });
    assert.equal(erased.status, 0, erased.stderr);
    await eventually(async () => await engine.metric('kindred_site_snapshots_total') > 0, 'the snapshot that takes the place of the log', { within: 20_000 });
    for (const each of [secret, from]) assert.deepEqual(inMemory(each), [], each);

    await engine.stop();
    await rm(join(engine.folder, 'copy'), { recursive: true });
    await engine.begin();
    assert.equal((await (await engine.login('root')).get(`/api/v1/customers/${customer.id}`)).status, 404);
    for (const each of [secret, from]) assert.deepEqual(await inCopy(each), [], `${each}: the snapshot`);
  });
});
