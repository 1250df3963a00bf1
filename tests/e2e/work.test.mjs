import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('work on tickets', () => {
  let engine;
  let ann;
  let bo;
  before(async () => {
    engine = await Engine.start();
    // Logged in before anything is written: the folder is watched, and who is first has changed the rules.
    const root = await engine.login('root');
    const path = join(engine.folder, 'rules/routing.yaml');
    const routing = JSON.parse(await readFile(path, 'utf8'));
    Object.assign(routing, { dispositions: ['solved', 'no answer'], longest_wrap_up: '5m', interrupts: { phone: ['api'] } });
    await writeFile(path, JSON.stringify(routing));
    const queues = join(engine.folder, 'rules/queues.yaml');
    const set = JSON.parse(await readFile(queues, 'utf8'));
    set.queues.brisk.wrap_up = { api: '1m' };
    await writeFile(queues, JSON.stringify(set));
    engine.signal('SIGHUP');
    await eventually(async () => (await root.expect(200, 'GET', '/api/v1/rules')).activations[0].author === 'SIGHUP', 'the rules');
    ann = await Agent.arrive(engine, 'ann');
    bo = await Agent.arrive(engine, 'bo');
    await bo.presence('away', 'lunch');
  });
  after(() => engine?.dispose());

  async function contact(text, from = `${freshId('w')}@mail.example`, conversation = undefined) {
    return (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text, conversation })).ticket;
  }
  const held = async (text, ...more) => {
    const id = await contact(text, ...more);
    return ann.take((each) => each.id === id);
  };
  const load = async (login) => {
    const sam = await engine.login('sam');
    return (await sam.expect(200, 'GET', '/api/v1/agents')).agents.find((agent) => agent.login === login);
  };
  const act = (agent, ticket, what, body = {}) => agent.client.expect(200, 'POST', `/api/v1/tickets/${ticket.id}/${what}`, body);
  const refused = async (agent, ticket, what, body = {}) => (await agent.client.post(`/api/v1/tickets/${ticket.id}/${what}`, body)).status;

  it('is put aside until its time, and comes back to who had it', async () => {
    const ticket = await held('later, please');
    assert.equal(await refused(ann, ticket, 'snooze', { until: '2001-01-01T00:00:00Z' }), 400);
    await load('ann');  // the supervisor's log-in takes its time, and the next look has to come while the ticket sleeps
    const answer = await act(ann, ticket, 'snooze', { until: new Date(Date.now() + 3_000).toISOString() });
    assert.equal(answer.ticket.status, 'snoozed');
    assert.equal((await load('ann')).used, 0);
    const again = await ann.take((each) => each.id === ticket.id, 'the ticket that slept');
    await ann.resolve(again, 'solved');
  });

  it('changes its place in line with its priority, which a supervisor sets', async () => {
    const sam = await engine.login('sam');
    await ann.presence('away', 'lunch');
    const first = await contact('first in line');
    const second = await contact('second in line');
    const path = `/api/v1/tickets/${second}/priority`;
    assert.equal((await ann.client.put(path, { priority: 'urgent' })).status, 403);
    const wrong = await sam.put(path, { priority: 'gigantic' });
    assert.equal(wrong.status, 400);
    assert.match(wrong.body.detail, /priority: the rules have none called "gigantic"/);
    const answer = await sam.expect(200, 'PUT', path, { priority: 'urgent' });
    assert.equal(answer.ticket.priority, 'urgent');
    const detail = await sam.ticket(second);
    assert.deepEqual(detail.entries.filter((each) => each.kind === 'priority_set').map((each) => [each.priority, each.agent.name]), [['urgent', 'Sam Sato']]);
    await ann.presence('available');
    const came = await ann.offer((each) => [first, second].includes(each.id));
    assert.equal(came.ticket.id, second);
    await ann.resolve(await ann.accept(came), 'solved');
    await ann.resolve(await ann.take((each) => each.id === first), 'solved');
    assert.equal((await sam.put(path, { priority: 'urgent' })).status, 409);
  });

  it('takes only the outcome codes that the rules name', async () => {
    assert.deepEqual((await ann.client.expect(200, 'GET', '/api/v1/dispositions')).dispositions, ['solved', 'no answer']);
    const ticket = await held('code me');
    const wrong = await ann.client.post(`/api/v1/tickets/${ticket.id}/resolve`, { disposition: 'solvd' });
    assert.equal(wrong.status, 400);
    assert.match(wrong.body.detail, /did you mean "solved"/);
    await ann.resolve(ticket, 'solved');
  });

  it('has a wrap-up that is extended, within what the rules allow, and ended', async () => {
    const ticket = await held('something brisk');
    const wrapping = await ann.resolve(ticket, 'solved');
    assert.equal(wrapping.status, 'wrapping_up');
    assert.equal(await refused(ann, ticket, 'wrap-up/extend', { for: '6m' }), 400);
    await act(ann, ticket, 'wrap-up/extend', { for: '4m' });
    const until = (await ann.client.ticket(ticket.id)).entries.filter((entry) => entry.kind === 'wrap_up').map((entry) => Date.parse(entry.until));
    assert.ok(until[1] - until[0] > 120_000, 'two minutes more at least');
    await act(ann, ticket, 'wrap-up/end');
    assert.equal((await load('ann')).used, 0);
  });

  it('can be asked of a colleague, whose capacity counts as well, and be taken over', async () => {
    const ticket = await held('a hard one');
    assert.equal(await refused(ann, ticket, 'consult', { agent: 'bo' }), 409, 'bo is at lunch');
    await bo.presence('available');
    const asking = await act(ann, ticket, 'consult', { agent: 'bo' });
    assert.equal(asking.ticket.consulted, bo.id);
    const asked = await bo.desk.next('consult', (frame) => frame.ticket.id === ticket.id);
    assert.equal(asked.by.id, ann.id);
    assert.deepEqual([(await load('ann')).used, (await load('bo')).used], [1, 1]);
    await act(ann, ticket, 'consult/end');
    assert.equal((await bo.desk.next('consult_ended', (frame) => frame.ticket === ticket.id)).reason, 'ended');
    assert.equal((await load('bo')).used, 0);
    assert.equal(await refused(bo, ticket, 'consult/take-over'), 409);
    await act(ann, ticket, 'consult', { agent: 'bo' });
    const taken = await act(bo, ticket, 'consult/take-over');
    assert.equal(taken.ticket.holder.id, bo.id);
    assert.deepEqual([(await load('ann')).used, (await load('bo')).used], [0, 1]);
    await bo.resolve(ticket, 'solved');
    await bo.presence('away', 'lunch');
  });

  it('is merged into another ticket of the same customer, which then has both conversations', async () => {
    const from = `${freshId('m')}@mail.example`;
    const one = await held('first door', from, freshId('door'));
    const door = freshId('door');
    const two = await held('second door', from, door);
    const stranger = await held('somebody else');
    assert.equal(await refused(ann, one, 'merge', { into: stranger.id }), 409);
    assert.equal(await refused(ann, two, 'merge', { into: two.id }), 400);
    const merged = await act(ann, two, 'merge', { into: one.id });
    assert.equal(merged.ticket.id, one.id);
    const gone = await ann.client.ticket(two.id);
    assert.deepEqual([gone.ticket.status, gone.ticket.merged_into], ['resolved', one.id]);
    assert.equal(await contact('second door again', from, door), one.id);
    for (const ticket of [one, stranger]) await ann.resolve(ticket, 'solved');
  });

  it('is begun by an agent, on a new ticket or an old one, and uses capacity', async () => {
    const to = `${freshId('out')}@mail.example`;
    const bad = await ann.client.post('/api/v1/tickets', { channel: 'postbox', to: 'nobody', text: 'hello' });
    assert.equal(bad.status, 400);
    const begun = await ann.client.expect(201, 'POST', '/api/v1/tickets', { channel: 'postbox', to, subject: 'Your lamp', text: 'Your lamp is ready.' });
    assert.equal(begun.ticket.holder.id, ann.id);
    assert.equal((await load('ann')).used, 1);
    const mail = await engine.doubles.smtp.next((each) => each.envelopeTo.includes(to), 'the mail that an agent began');
    assert.match(mail.text, /Your lamp is ready/);
    assert.match(mail.raw, /^Subject: Your lamp\r?$/m, 'the first word is no reply');
    await ann.resolve(begun.ticket, 'solved');
    const again = await ann.client.expect(201, 'POST', '/api/v1/tickets', { ticket: begun.ticket.id, text: 'One thing more.' });
    assert.equal(again.ticket.id, begun.ticket.id);
    assert.equal((await load('ann')).used, 1);
    await engine.doubles.smtp.next((each) => each.envelopeTo.includes(to), 'the second mail');
    assert.equal((await ann.client.post('/api/v1/tickets', { ticket: begun.ticket.id, text: 'x' })).status, 409, 'it is open');
    await ann.resolve(again.ticket, 'solved');
  });

  it('goes over capacity by a supervisor alone, and says so', async () => {
    const sam = await engine.login('sam');
    await bo.presence('available');
    await ann.presence('away', 'out');
    const ids = [];
    for (let count = 0; count < 11; count += 1) ids.push(await contact(`load ${count}`));
    for (let count = 0; count < 10; count += 1) await bo.accept(await bo.offer((each) => ids.includes(each.id)));
    const [left] = await sam.tickets({ status: 'waiting' });
    const assigned = await sam.expect(200, 'POST', `/api/v1/tickets/${left.id}/assign`, { agent: bo.id });
    assert.equal(assigned.ticket.over_capacity, true);
    assert.equal((await load('bo')).used, 11);
    // A call interrupts what the rules say it may: it is offered although the agent is full.
    const sign = new Signer(undefined, engine.url);
    await engine.anyone.deliver(sign.call({ from: `+${freshNumber()}` }));
    const call = await bo.take((each) => each.channel_kind === 'phone', 'a call for a full agent');
    assert.equal(call.over_capacity, true);
    for (const ticket of await bo.client.tickets({ agent: bo.id, status: 'held' })) await bo.resolve(ticket, 'solved');
    await bo.presence('away', 'lunch');
    await ann.presence('available');
  });

  it('is explained: the funnel, the stage that somebody fails, place and wait', async () => {
    await ann.presence('away', 'out');
    const first = await contact('explain me first');
    const second = await contact('explain me');
    const { dispatch } = await ann.client.expect(200, 'GET', `/api/v1/tickets/${second}/explain?agent=ann`);
    assert.deepEqual(dispatch.funnel.map((stage) => stage.stage), ['in_queue', 'channel', 'present', 'room', 'requirement', 'not_declined', 'offerable']);
    assert.deepEqual([dispatch.funnel[0].agents, dispatch.funnel[2].agents], [2, 0]);
    assert.equal(dispatch.failed, 'present');
    assert.equal(dispatch.because, 'away: out');
    assert.equal(dispatch.position, 2);
    assert.ok(dispatch.estimated_wait_s > 0);
    assert.equal(dispatch.steps.length, 1);
    await ann.presence('available');
    for (const id of [first, second]) await ann.resolve(await ann.take((each) => each.id === id), 'solved');
  });
});
