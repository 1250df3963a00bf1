import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshId, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('a person\'s data', () => {
  let engine;
  let ann;
  let root;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
    root = await engine.login('root');
  });
  after(() => engine?.dispose());

  const config = () => join(engine.folder, 'kindred.yaml');
  function kindred(...words) {
    return new Promise((resolve) => {
      execFile(binary, words, { cwd: engine.folder, maxBuffer: 1 << 26 }, (failed, out, err) => resolve({ code: failed?.code ?? 0, out, err }));
    });
  }
  const lines = (text) => text.trim().split('\n').map((each) => JSON.parse(each));

  /** Somebody with a ticket that was answered and resolved. */
  async function served(secret) {
    const from = `${freshId('p')}@mail.example`;
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, name: `Name ${secret}`, text: `My secret is ${secret}` });
    const held = await ann.take((each) => each.id === ticket);
    assert.ok((await ann.client.post(`/api/v1/tickets/${ticket}/note`, { text: `noted ${secret}` })).status < 300);
    await ann.resolve(held, 'solved');
    await eventually(async () => (await root.ticket(ticket)).ticket.status === 'resolved', 'the end of the ticket');
    const { customer } = await engine.shop.expect(200, 'GET', `/api/v1/customers?identity=${encodeURIComponent(`email:${from}`)}`);
    await ann.client.expect(201, 'POST', `/api/v1/customers/${customer.id}/notes`, { text: `about ${secret}` });
    return { id: customer.id, from, ticket, path: `/api/v1/customers/${customer.id}` };
  }

  it('is given out whole, through the API and beside the running engine', async () => {
    const pat = await served('walnut');
    const answer = await root.get(`${pat.path}/export`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /x-ndjson/);
    const told = lines(answer.text);
    const kinds = new Set(told.map((each) => each.type));
    for (const kind of ['customer', 'note', 'ticket', 'entry']) assert.ok(kinds.has(kind), kind);
    assert.ok(told.some((each) => each.type === 'entry' && JSON.stringify(each.data).includes('My secret is walnut')));
    const printed = await kindred('export', '--config', config(), '--customer', pat.id);
    assert.equal(printed.code, 0, printed.err);
    assert.deepEqual(lines(printed.out), told);
    const everybody = await kindred('export', '--config', config());
    assert.ok(everybody.out.includes('walnut'));
    assert.equal((await ann.client.get(`${pat.path}/export`)).status, 403);
    assert.equal((await kindred('export', '--config', config(), '--customer', '999999')).code, 3);
    assert.equal((await kindred('export', '--config', config(), '--customer', 'pat')).code, 2);
  });

  it('is erased for ever: nothing of it is served, exported or left in the database', async () => {
    const secret = freshId('hazelnut');
    const pat = await served(secret);
    assert.equal((await ann.client.delete(pat.path)).status, 403);
    const erased = await kindred('erase', '--config', config(), '--token', root.token, '--customer', pat.id, '--reason', 'asked by letter');
    assert.equal(erased.code, 0, erased.err);
    assert.deepEqual(JSON.parse(erased.out), { customer: pat.id, erased: true, tickets: 1 });
    assert.equal((await root.get(pat.path)).status, 404);
    assert.equal((await root.get(`/api/v1/customers?identity=${encodeURIComponent(`email:${pat.from}`)}`)).status, 404);
    assert.equal((await root.get(`/api/v1/tickets/${pat.ticket}`)).status, 404);
    assert.deepEqual((await root.expect(200, 'GET', `/api/v1/tickets?customer=${pat.id}`)).tickets, []);
    assert.equal((await root.get(`${pat.path}/export`)).status, 404);
    assert.equal((await root.delete(pat.path)).status, 404, 'once is enough');
    assert.equal((await root.post(`${pat.path}/notes`, { text: 'x' })).status, 404);
    assert.ok(!(await kindred('export', '--config', config())).out.includes(secret));

    // The same address is a stranger's, with a number of its own.
    const again = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: pat.from, text: 'hello' });
    assert.notEqual(again.ticket, pat.ticket);
    const stranger = await engine.shop.expect(200, 'GET', `/api/v1/customers?identity=${encodeURIComponent(`email:${pat.from}`)}`);
    assert.notEqual(stranger.customer.id, pat.id);
    assert.equal(stranger.customer.contacts, 1);

    await engine.stop();
    const left = [];
    for (const name of await readdir(join(engine.folder, 'store')))
      if ((await readFile(join(engine.folder, 'store', name))).includes(secret)) left.push(name);
    assert.deepEqual(left, []);
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
    root = await engine.login('root');
    assert.equal((await root.get(pat.path)).status, 404);
  });

  it('is not erased while a ticket is open', async () => {
    const from = `${freshId('p')}@mail.example`;
    await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text: 'still here' });
    const { customer } = await engine.shop.expect(200, 'GET', `/api/v1/customers?identity=${encodeURIComponent(`email:${from}`)}`);
    const refused = await root.delete(`/api/v1/customers/${customer.id}`);
    assert.equal(refused.status, 409);
    assert.match(refused.body.detail, /1 open ticket/);
    assert.equal((await root.get(`/api/v1/customers/${customer.id}`)).status, 200);
  });

  it('never gives a number twice, even that of the last ticket', async () => {
    const pat = await served('pecan');
    const key = { 'Idempotency-Key': freshId('erase') };
    assert.equal((await root.delete(pat.path, key)).body.erased, true);
    assert.deepEqual((await root.delete(pat.path, key)).body, { customer: pat.id, repeated: true });
    await engine.stop();
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
    root = await engine.login('root');
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('p')}@mail.example`, text: 'next' });
    assert.ok(Number(ticket) > Number(pat.ticket), `${ticket} after ${pat.ticket}`);
  });

  it('holds no number of a payment card, wherever somebody wrote one', async () => {
    const card = '4111 1111 1111 1111';
    const from = `${freshId('p')}@mail.example`;
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, subject: `Card ${card}`, text: `Take it from ${card}, call +34 612 345 678` });
    await engine.anyone.deliver(new Signer().mailgun({ from, subject: 'Paid', text: card.replaceAll(' ', '') }));
    const { entries } = await root.ticket(ticket);
    const { record } = entries.find((each) => each.kind === 'contact');
    assert.equal(record.text, 'Take it from **** **** **** 1111, call +34 612 345 678');
    assert.equal(record.subject, 'Card **** **** **** 1111');
    await eventually(async () => (await kindred('export', '--config', config())).out.includes('************1111'), 'the mail');
    const left = [];
    for (const name of await readdir(join(engine.folder, 'store'))) {
      const bytes = await readFile(join(engine.folder, 'store', name));
      if (bytes.includes(card) || bytes.includes(card.replaceAll(' ', ''))) left.push(name);
    }
    assert.deepEqual(left, []);
  });

  it('leaves a trail of who changed what, which shows when somebody touches it', async () => {
    const { records } = await root.expect(200, 'GET', '/api/v1/audit');
    const erasure = records.find((each) => each.action === 'customer.erased' && each.detail.reason === 'asked by letter');
    assert.equal(erasure.detail.tickets, 1);
    assert.ok(records.some((each) => each.action === 'customer.exported' && each.by === 'agent:root'));
    assert.equal((await ann.client.get('/api/v1/audit')).status, 403);
    const verified = await kindred('audit', 'verify', '--config', config(), '--json');
    assert.equal(verified.code, 0, verified.err);
    assert.equal(JSON.parse(verified.out).number, records[0].number);
    assert.match((await kindred('audit', 'list', '--config', config(), '--token', root.token)).out, /customer\.erased/);
  });
});
