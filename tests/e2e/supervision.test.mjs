import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('supervision of queues', () => {
  let engine;
  let sam;
  let sign;
  before(async () => {
    engine = await Engine.start();
    // Logged in before anything is written: the folder is watched, and who is first has changed the rules.
    const root = await engine.login('root');
    const path = join(engine.folder, 'rules/queues.yaml');
    const set = JSON.parse(await readFile(path, 'utf8'));
    // A handled ticket is guessed to take 90 s: two who wait for one agent cross the line.
    set.queues.experts.borrow = { from: ['pair'], above: '2m', below: '60s' };
    await writeFile(path, JSON.stringify(set));
    engine.signal('SIGHUP');
    await eventually(async () => (await root.expect(200, 'GET', '/api/v1/rules')).activations[0].author === 'SIGHUP', 'the rules');
    sam = await engine.login('sam');
    sign = new Signer(undefined, engine.url);
  });
  after(() => engine?.dispose());

  const contact = async (text, more = {}) => (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('s')}@mail.example`, text, ...more })).ticket;
  const queue = async (name) => (await sam.expect(200, 'GET', '/api/v1/queues')).queues.find((each) => each.name === name);
  const soon = (ms) => new Date(Date.now() + ms).toISOString();

  it('closes a queue until a time, which shows, survives a restart and ends by itself', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    assert.equal((await ann.client.post('/api/v1/queues/pair/close', { until: soon(60_000) })).status, 403);
    assert.equal((await sam.post('/api/v1/queues/nowhere/close', { until: soon(60_000) })).status, 404);
    assert.equal((await sam.post('/api/v1/queues/pair/open', {})).status, 409);
    const until = soon(4_000);
    const closed = await sam.expect(200, 'POST', '/api/v1/queues/pair/close', { until });
    assert.deepEqual([closed.queue.open, closed.queue.closed_until], [false, until]);
    const told = await ann.desk.next('queue_closure', (frame) => frame.queue === 'pair');
    assert.equal(told.by, 'sam');
    const id = await contact('a pair of lamps');
    assert.equal(await engine.stop(), 0);
    await ann.desk.close();
    await engine.begin();
    const back = await Agent.arrive(engine, 'ann');
    if (Date.now() < Date.parse(until) - 500) assert.equal((await queue('pair')).closed_until, until);
    const ticket = await back.take((each) => each.id === id, 'the ticket after the opening');
    assert.ok(Date.now() >= Date.parse(until));
    assert.equal((await queue('pair')).open, true);
    await back.resolve(ticket);
    await back.leave();
  });

  it('gives notice to callers until it is lifted', async () => {
    const until = soon(600_000);
    await sam.expect(200, 'PUT', '/api/v1/queues/calls/notice', { text: 'Our lines are very busy today.', until });
    assert.equal((await queue('calls')).notice, 'Our lines are very busy today.');
    const from = freshNumber();
    const request = sign.call({ from: `+${from}` });
    const answer = await engine.anyone.deliver(request);
    const wait = /waitUrl="([^"]*)"/.exec(answer.text)[1].replaceAll('&amp;', '&');
    const { pathname, search } = new URL(wait, engine.url);
    const ask = () => engine.anyone.deliver(sign.twilio(pathname + search, { CallSid: request.sid, CallStatus: 'in-progress', From: `+${from}`, QueueTime: String(Date.now() % 100_000), QueuePosition: '1' }));
    assert.match((await ask()).text, /Our lines are very busy today\./);
    await sam.expect(200, 'DELETE', '/api/v1/queues/calls/notice');
    assert.doesNotMatch((await ask()).text, /very busy/);
    assert.equal((await sam.send('DELETE', '/api/v1/queues/calls/notice')).status, 409);
    await engine.anyone.deliver(sign.twilio('/webhooks/helpline/status', { CallSid: request.sid, CallStatus: 'completed', From: `+${from}`, SequenceNumber: '3' }));
    await eventually(async () => (await queue('calls')).waiting === 0, 'the caller to be gone');
  });

  it('calls back who asked for it, when an agent accepts', async () => {
    const from = freshNumber();
    const request = sign.call({ from: `+${from}` });
    await engine.anyone.deliver(request);
    const [waiting] = await sam.tickets({ queue: 'calls', status: 'waiting' });
    const promised = await sam.expect(200, 'POST', `/api/v1/tickets/${waiting.id}/call-back`, {});
    assert.equal(promised.ticket.callback, true);
    await engine.anyone.deliver(sign.twilio('/webhooks/helpline/status', { CallSid: request.sid, CallStatus: 'completed', From: `+${from}`, SequenceNumber: '3' }));
    const ann = await Agent.arrive(engine, 'ann');
    const ticket = await ann.take((each) => each.id === waiting.id, 'the callback');
    assert.equal(ticket.callback, undefined);
    await eventually(async () => (await ann.client.ticket(ticket.id)).entries.some((entry) => entry.kind === 'connecting' && entry.call_back), 'the call that was promised');
    for (const each of await ann.client.tickets({ agent: ann.id, status: 'held' })) await ann.resolve(each);
    await ann.leave();
  });

  it('answers every ticket of an incident once, and resolves them all', async () => {
    const bo = await Agent.arrive(engine, 'bo');
    const addresses = [freshId('i'), freshId('i')].map((name) => `${name}@mail.example`);
    const begun = [];
    for (const to of addresses) begun.push((await bo.client.expect(201, 'POST', '/api/v1/tickets', { channel: 'postbox', to, subject: 'Lamp', text: 'We look into it.' })).ticket.id);
    for (const to of addresses) await engine.doubles.smtp.next((each) => each.envelopeTo.includes(to), 'the first mail');
    const opened = await sam.expect(201, 'POST', '/api/v1/incidents', { title: 'Lamps go dark', tickets: [begun[0]] });
    const { id } = opened.incident;
    await sam.expect(200, 'POST', `/api/v1/incidents/${id}/link`, { tickets: [begun[1]] });
    assert.equal((await sam.post(`/api/v1/incidents/${id}/link`, { tickets: ['999999'] })).status, 409);
    assert.equal((await bo.client.ticket(begun[1])).ticket.incident, id);
    assert.equal(await engine.stop(), 0);
    await bo.desk.close();
    await engine.begin();
    const said = await sam.expect(200, 'POST', `/api/v1/incidents/${id}/reply`, { text: 'It is mended.' });
    assert.deepEqual([said.done, said.passed_over], [2, 0]);
    for (const to of addresses) {
      const mail = await engine.doubles.smtp.next((each) => each.envelopeTo.includes(to), 'the reply to all');
      assert.match(mail.text, /It is mended/);
    }
    const ended = await sam.expect(200, 'POST', `/api/v1/incidents/${id}/resolve`, { disposition: 'mended' });
    assert.deepEqual([ended.done, ended.incident.open], [2, false]);
    for (const ticket of begun) assert.equal((await sam.ticket(ticket)).ticket.status, 'resolved');
    assert.equal((await sam.post(`/api/v1/incidents/${id}/reply`, { text: 'again' })).status, 409);
    assert.equal((await sam.expect(200, 'GET', '/api/v1/incidents')).incidents[0].title, 'Lamps go dark');
  });

  it('borrows agents of another queue while too many wait, and says so', async () => {
    const carla = await Agent.arrive(engine, 'carla');
    const first = await contact('model?', { attributes: { topic: 'expert' } });
    await carla.take((each) => each.id === first);
    await engine.login('root').then((root) => root.send('PATCH', `/api/v1/agents/${carla.id}`, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ capacity: 1 }) }));
    const ann = await Agent.arrive(engine, 'ann');
    await engine.login('root').then((root) => root.send('PATCH', `/api/v1/agents/${ann.id}`, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ skills: { lamps: 8 } }) }));
    const second = await contact('which model?', { attributes: { topic: 'expert' } });
    const borrowing = await ann.desk.next('borrowing', (frame) => frame.queue === 'experts');
    assert.equal(borrowing.from, 'pair');
    assert.deepEqual((await queue('experts')).borrows_from, ['pair']);
    await ann.resolve(await ann.take((each) => each.id === second, 'a ticket of the other queue'));
    for (const ticket of await carla.client.tickets({ agent: carla.id, status: 'held' })) await carla.resolve(ticket);
    await ann.desk.next('borrowing_ended', (frame) => frame.queue === 'experts');
    assert.equal((await queue('experts')).borrows_from, undefined);
    await carla.leave();
    await ann.leave();
  });
});
