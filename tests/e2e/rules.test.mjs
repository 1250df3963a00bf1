import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const contact = (more) => ({ channel: { name: 'api' }, from: `email:${freshId('c')}@mail.example`, text: 'from the shop', ...more });

/** The files of the ruleset in the engine's folder, by path. */
async function filesOf(engine) {
  const folder = join(engine.folder, 'rules');
  const files = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1);
    files[path] = await readFile(join(folder, path), 'utf8');
  }
  return files;
}

/** The same files with other routes in front. */
function withRoutes(files, routes) {
  const routing = JSON.parse(files['routing.yaml']);
  return { ...files, 'routing.yaml': JSON.stringify({ ...routing, routes: [...routes, ...routing.routes] }) };
}

const lamps = { name: 'lamps by name', when: { 'contact.text': { contains: 'lamp' } }, queue: 'pair' };

/** Replaces a rule file at once, as editors do. */
async function replace(engine, name, text) {
  const path = join(engine.folder, 'rules', name);
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

describe('the life of a ruleset', () => {
  let engine;
  let root;
  before(async () => {
    engine = await Engine.start();
    root = await engine.login('root');
  });
  after(() => engine?.dispose());

  const inForce = () => root.expect(200, 'GET', '/api/v1/rules');
  const queueOf = async (more) => {
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact(more));
    return (await root.ticket(ticket)).ticket.queue;
  };

  it('activates files that were made from the rules in force, and nothing else', async () => {
    const { hash } = await inForce();
    const files = withRoutes(await filesOf(engine), [lamps]);
    assert.equal(await queueOf({ text: 'my lamp' }), 'general');
    assert.equal((await root.post('/api/v1/rules/activate', { files })).status, 400, 'from is missing');
    const stale = await root.post('/api/v1/rules/activate', { from: '00', files });
    assert.equal(stale.status, 409, stale.text);
    assert.equal((await inForce()).hash, hash);
    const active = await root.expect(200, 'POST', '/api/v1/rules/activate', { from: hash, files });
    assert.notEqual(active.hash, hash);
    assert.equal(await queueOf({ text: 'my lamp' }), 'pair');
    assert.equal(await engine.metric('kindred_ruleset_info', { hash: active.hash }), 1);
    const rules = await inForce();
    assert.equal(rules.hash, active.hash);
    assert.deepEqual([rules.activations[0].author, rules.activations[0].how], ['root', 'activate']);
    assert.equal(rules.versions.length, 2);
  });

  it('takes nothing that has errors, and says where they are', async () => {
    const { hash } = await inForce();
    const refused = await engine.metric('kindred_ruleset_refused_total');
    const files = withRoutes(await filesOf(engine), [{ ...lamps, queue: 'piar' }]);
    const answer = await root.post('/api/v1/rules/activate', { from: hash, files });
    assert.equal(answer.status, 422);
    assert.equal(answer.body.type, '/problems/rules');
    assert.match(answer.body.problems[0].message, /piar.*pair/);
    assert.equal((await inForce()).hash, hash);
    assert.equal(await engine.metric('kindred_ruleset_refused_total'), refused + 1);
    const checked = await root.expect(200, 'POST', '/api/v1/rules/check', { files });
    assert.equal(checked.ok, false);
    assert.equal(checked.problems[0].file, 'routing.yaml');
  });

  it('goes back to a version that is kept, over a restart as well', async () => {
    const { versions, hash } = await inForce();
    const earlier = versions.find((each) => each.hash !== hash);
    const kept = await root.expect(200, 'GET', `/api/v1/rules/${earlier.hash}`);
    assert.equal(kept.hash, earlier.hash);
    assert.ok(Object.keys(kept.files).includes('routing.yaml') && Object.keys(kept.files).includes('faq/order.md'));
    assert.equal((await root.get(`/api/v1/rules/${'f'.repeat(64)}`)).status, 404);
    assert.equal((await (await engine.login('sam')).get(`/api/v1/rules/${earlier.hash}`)).status, 403);
    assert.equal((await root.post('/api/v1/rules/rollback', { to: 'f'.repeat(64) })).status, 404);
    assert.deepEqual(await root.expect(200, 'POST', '/api/v1/rules/rollback', { to: earlier.hash, from: hash }), { hash: earlier.hash });
    assert.equal(await queueOf({ text: 'my lamp' }), 'general');
    assert.deepEqual(await root.expect(200, 'POST', '/api/v1/rules/rollback', { to: hash }), { hash });
    assert.equal(await engine.stop(), 0);
    await engine.begin();
    const again = await inForce();
    assert.equal(again.hash, hash, 'the folder has not changed: what was activated stays');
    assert.equal(again.activations[0].how, 'rollback');
    assert.equal(again.versions.find((each) => each.hash === hash).author, 'root');
    assert.equal(await queueOf({ text: 'my lamp' }), 'pair');
  });

  it('follows the folder by itself, and on SIGHUP', async () => {
    const files = await filesOf(engine);
    const changed = withRoutes(files, [{ ...lamps, queue: 'experts' }]);
    await replace(engine, 'routing.yaml', changed['routing.yaml']);
    await eventually(async () => (await inForce()).activations[0].how === 'folder', 'the changed folder');
    assert.equal(await queueOf({ text: 'my lamp' }), 'experts');
    const { hash } = await inForce();

    const refused = await engine.metric('kindred_ruleset_refused_total');
    await replace(engine, 'routing.yaml', '{ "routes": [], "fallback": { "queue": "nowhere" } }');
    await eventually(async () => await engine.metric('kindred_ruleset_refused_total') > refused, 'the refusal');
    assert.equal((await inForce()).hash, hash);
    assert.match(engine.logs, /routing\.yaml:1:\d+: error: .*nowhere/);

    await replace(engine, 'routing.yaml', files['routing.yaml']);
    engine.signal('SIGHUP');
    await eventually(async () => (await inForce()).hash !== hash, 'the folder of before');
    assert.equal(await queueOf({ text: 'my lamp' }), 'general');
  });

  it('moves what waits in a queue that is gone to the fallback', async () => {
    const { hash } = await inForce();
    const files = await filesOf(engine);
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact({ text: 'something brisk' }));
    assert.equal((await root.ticket(ticket)).ticket.queue, 'brisk');
    const queues = JSON.parse(files['queues.yaml']);
    delete queues.queues.brisk;
    const routing = JSON.parse(files['routing.yaml']);
    routing.routes = routing.routes.filter((route) => route.queue !== 'brisk');
    const fewer = { ...files, 'queues.yaml': JSON.stringify(queues), 'routing.yaml': JSON.stringify(routing) };
    await root.expect(200, 'POST', '/api/v1/rules/activate', { from: hash, files: fewer });
    const moved = await root.ticket(ticket);
    assert.equal(moved.ticket.queue, 'general');
    assert.deepEqual(moved.entries.filter((entry) => entry.kind === 'queue_gone').map((entry) => [entry.queue, entry.moved_to]), [['brisk', 'general']]);
    await root.expect(200, 'POST', '/api/v1/rules/rollback', { to: hash });
  });

  it('explains and backtests rules that are not in force', async () => {
    const files = withRoutes(await filesOf(engine), [lamps]);
    const given = { contact: { channel: 'api', text: 'a lamp' } };
    const trace = await root.expect(200, 'POST', '/api/v1/rules/explain', { files, given });
    assert.equal(trace.decision.route, 'lamps by name');
    assert.equal((await root.expect(200, 'POST', '/api/v1/rules/explain', { given })).decision.route, 'fallback');
    const report = await root.expect(200, 'POST', '/api/v1/rules/backtest', { files });
    assert.ok(report.contacts >= 5);
    const moved = report.queues.find((flow) => flow.from === 'general' && flow.to === 'pair');
    assert.ok(moved.contacts >= 2, JSON.stringify(report.queues));
    assert.equal(moved.segments.value.newcomer, moved.contacts);
    assert.ok(report.waiting.after.pair.arrived >= moved.contacts);
  });

  it('is for admins', async () => {
    const sam = await engine.login('sam');
    for (const name of ['check', 'explain', 'backtest', 'activate', 'rollback']) assert.equal((await sam.post(`/api/v1/rules/${name}`, {})).status, 403, name);
  });
});

describe('re-decision', () => {
  let engine;
  let root;
  before(async () => {
    engine = await Engine.start();
    root = await engine.login('root');
    const { hash } = await root.expect(200, 'GET', '/api/v1/rules');
    const files = await filesOf(engine);
    const profile = { ...JSON.parse(files['profile.yaml']), events: { order_placed: { add: { orders: 1 } } } };
    const routes = [
      { name: 'regulars', when: { 'segment.value': 'regular' }, queue: 'experts' },
      { name: 'established', when: { stage: 'established' }, queue: 'pair' },
    ];
    await root.expect(200, 'POST', '/api/v1/rules/activate', { from: hash, files: { ...withRoutes(files, routes), 'profile.yaml': JSON.stringify(profile) } });
  });
  after(() => engine?.dispose());

  const waiting = async () => {
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact({}));
    const { ticket: { customer } } = await root.ticket(ticket);
    return { ticket, customer: customer.id };
  };
  const queueOf = async (ticket) => (await root.ticket(ticket)).ticket.queue;

  it('moves a waiting ticket in the moment that a fact changes', async () => {
    const { ticket, customer } = await waiting();
    assert.equal(await queueOf(ticket), 'general');
    await engine.shop.expect(200, 'POST', `/api/v1/customers/${customer}/events`, { event: 'order_placed', data: {} });
    const moved = await root.ticket(ticket);
    assert.equal(moved.ticket.queue, 'experts', 'it is there when the event is answered');
    assert.equal(moved.decision.route, 'regulars');
    assert.deepEqual(moved.decision.again, { number: 1, changed: ['customer.orders', 'customer.known', 'segment.value', 'stage'] });
  });

  it('does so for pins, at most three times', async () => {
    const { ticket, customer } = await waiting();
    const pin = (content) => engine.shop.expect(200, 'POST', `/api/v1/customers/${customer}/pin`, content);
    assert.equal((await engine.shop.post(`/api/v1/customers/${customer}/pin`, { dimension: 'stage', value: 'establishd', reason: 'a test' })).status, 404);
    for (const unsaid of [{}, { reason: ' ' }]) {
      const refused = await engine.shop.post(`/api/v1/customers/${customer}/pin`, { dimension: 'stage', value: 'established', ...unsaid });
      assert.equal(refused.status, 400);
      assert.match(refused.body.detail, /^reason: is missing/);
    }
    assert.equal(await queueOf(ticket), 'general', 'nothing was pinned');
    const seen = [];
    for (const content of [{ value: 'established' }, {}, { value: 'established', until: '2099-01-01T00:00:00Z' }, {}]) {
      await pin({ dimension: 'stage', reason: 'a test', ...content });
      seen.push(await queueOf(ticket));
    }
    assert.deepEqual(seen, ['pair', 'general', 'pair', 'pair']);
  });

  it('leaves alone what the change does not concern, and what an agent holds', async () => {
    const { ticket, customer } = await waiting();
    await engine.shop.expect(200, 'PATCH', `/api/v1/customers/${customer}`, { attributes: { orders: 0 } });
    const same = await root.ticket(ticket);
    assert.equal(same.entries.filter((entry) => entry.kind === 'decision').length, 1);
    const ann = await Agent.arrive(engine, 'ann');
    for (;;) {
      const taken = await ann.take();
      if (taken.id === ticket) break;
      await ann.resolve(taken);
    }
    await engine.shop.expect(200, 'PATCH', `/api/v1/customers/${customer}`, { attributes: { orders: 5 } });
    assert.equal(await queueOf(ticket), 'general');
    await ann.resolve({ id: ticket });
    await ann.leave();
  });
});

describe('explaining a ticket', () => {
  let engine;
  let root;
  before(async () => {
    engine = await Engine.start();
    root = await engine.login('root');
  });
  after(() => engine?.dispose());

  it('shows the facts and rules of then, whatever holds now', async () => {
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact({ text: 'a brisk question' }));
    const { ticket: { customer } } = await root.ticket(ticket);
    const { hash } = await root.expect(200, 'GET', '/api/v1/rules');
    await root.expect(200, 'POST', '/api/v1/rules/activate', { from: hash, files: withRoutes(await filesOf(engine), [{ name: 'all', queue: 'pair' }]) });
    await engine.shop.expect(200, 'PATCH', `/api/v1/customers/${customer.id}`, { attributes: { orders: 9 } });
    const why = await root.expect(200, 'GET', `/api/v1/tickets/${ticket}/explain`);
    assert.equal(why.explained_by, hash);
    assert.equal(why.decided.ruleset, hash);
    assert.equal(why.decided.facts['customer.orders'].value, 0);
    assert.ok(why.decided.facts['contact.text'].source);
    assert.equal(why.trace.decision.route, 'brisk things');
    assert.equal(why.trace.decision.queue, why.decided.queue);
    const [value] = why.trace.trace.segments;
    assert.equal(value.chosen, 'newcomer');
    const failed = value.tried.find((each) => each.name === 'regular');
    assert.match(failed.failed, /customer\.orders/);
    assert.equal(failed.actual, 0);
    assert.ok(why.trace.trace.routes.length > 0 && why.trace.trace.scripts.length > 0);
    assert.ok(why.dispatch.funnel.length > 0);
  });
});

describe('rules on trial', () => {
  let engine;
  let root;
  before(async () => {
    engine = await Engine.start();
    root = await engine.login('root');
  });
  after(() => engine?.dispose());

  const inForce = () => root.expect(200, 'GET', '/api/v1/rules');
  const begin = async (rollout) => root.post('/api/v1/rules/activate', { from: (await inForce()).hash, files: withRoutes(await filesOf(engine), [lamps]), rollout });
  const open = async (text) => root.ticket((await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact({ text }))).ticket);

  it('decide in the shadow of those in force', async () => {
    const { hash } = await inForce();
    assert.equal((await begin({ mode: 'shadwo' })).status, 400);
    assert.equal((await begin({ mode: 'canary', percent: 0 })).status, 400);
    assert.equal((await begin({ mode: 'shadow' })).status, 200);
    const rules = await inForce();
    assert.equal(rules.hash, hash);
    assert.equal(rules.rollout.mode, 'shadow');
    const ticket = await open('a lamp');
    assert.equal(ticket.ticket.queue, 'general');
    assert.equal(ticket.decision.shadow.queue, 'pair');
    assert.equal((await open('a sofa')).decision.shadow, undefined);
    assert.equal(await engine.metric('kindred_rollout_decisions_total', { arm: 'trial', outcome: 'queue' }), 1);
    assert.equal(await engine.metric('kindred_rollout_decisions_total', { arm: 'trial', outcome: 'same' }), 1);
  });

  it('act for a share of the customers, over a restart as well', async () => {
    assert.equal((await begin({ mode: 'canary', percent: 50 })).status, 200);
    assert.equal(await engine.stop(), 0);
    await engine.begin();
    const trial = (await inForce()).rollout.hash;
    const decided = [];
    for (let i = 0; i < 30; i += 1) decided.push(await open('a lamp'));
    const acted = decided.filter((each) => each.ticket.queue === 'pair');
    assert.ok(acted.length > 2 && acted.length < 28, `${acted.length} of 30`);
    for (const each of acted) assert.deepEqual([each.decision.arm, each.decision.ruleset], ['trial', trial]);
    assert.equal(await engine.metric('kindred_rollout_decisions_total', { arm: 'trial', outcome: 'decided' }), acted.length);
    assert.equal((await begin({ mode: 'off' })).status, 200);
    assert.equal((await inForce()).rollout, undefined);
    assert.equal((await open('a lamp')).ticket.queue, 'general');
  });
});

describe('comparing rulesets at the command line', () => {
  const run = promisify(execFile);
  let engine;
  before(async () => { engine = await Engine.start(); });
  after(() => engine?.dispose());

  it('says what a change means, and what it would have done to the contacts of a store', async () => {
    for (const text of ['a lamp', 'a lamp again', 'nothing of it']) await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact({ text }));
    const files = withRoutes(await filesOf(engine), [lamps]);
    const changed = join(engine.folder, 'changed');
    await run('cp', ['-r', join(engine.folder, 'rules'), changed]);
    await writeFile(join(changed, 'routing.yaml'), files['routing.yaml']);
    const rules = join(engine.folder, 'rules');

    const diff = JSON.parse((await run(binary, ['diff', rules, changed, '--json'])).stdout);
    assert.deepEqual(diff.definitions.map((each) => [each.of, each.name, each.change, each.matters]), [['route', 'lamps by name', 'added', true]]);
    assert.ok(diff.treatments.some((each) => each.before.queue === 'general' && each.after.queue === 'pair'));
    assert.equal((await run(binary, ['diff', rules, rules])).stdout, 'the files are the same\n');

    // The engine is running: its store is read as it is at this moment, and not touched.
    const report = JSON.parse((await run(binary, ['backtest', rules, changed, '--store', join(engine.folder, 'store/kindred.db'), '--json'])).stdout);
    assert.equal(report.contacts, 3);
    assert.equal(report.moved, 2);
    assert.equal(report.waiting.after.pair.arrived, 2);
    assert.deepEqual(report.self_service, { before: { answered: 0, hold_s: 0 }, after: { answered: 0, hold_s: 0 } });
    const file = join(engine.folder, 'contacts.ndjson');
    await writeFile(file, ['a lamp', 'a sofa'].map((text) => JSON.stringify({ contact: { channel: { name: 'x', kind: 'chat' }, text } })).join('\n'));
    const text = (await run(binary, ['backtest', rules, changed, '--contacts', file])).stdout;
    assert.match(text, /^2 contacts, 1 would go to another queue$/m);
    assert.match(text, /general -> pair: 1/);
  });
});
