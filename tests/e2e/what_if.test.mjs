import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Engine } from './support/engine.mjs';

const traffic = (more = {}) => JSON.stringify({
  hours: 20, seed: 1,
  arrivals: [{ per_hour: 60, channel: { name: 'api', kind: 'api' }, text: 'hello' }],
  handling: { exponential: '5m' }, patience: { exponential: '3m' },
  roster: [{ name: 'helpdesk', agents: 6, queues: ['general'], capacity: 1, languages: { en: 10 } }],
  ...more,
});

describe('what would be, asked over the API', () => {
  let engine;
  let root;
  let sam;
  let ann;
  let files;
  before(async () => {
    engine = await Engine.start();
    [root, sam, ann] = await Promise.all(['root', 'sam', 'ann'].map((login) => engine.login(login)));
    const { hash } = await root.expect(200, 'GET', '/api/v1/rules');
    ({ files } = await root.expect(200, 'GET', `/api/v1/rules/${hash}`));
  });
  after(() => engine?.dispose());

  const routing = 'routes:\n  - { name: lamps, when: { contact.text: { contains: lamp } }, queue: pair }\nfallback: { queue: general }\n';

  it('says what rules mean beside those in force', async () => {
    const same = await root.expect(200, 'POST', '/api/v1/rules/diff', { files });
    assert.deepEqual([same.before === same.after, same.definitions, same.treatments], [true, [], []]);
    const found = await root.expect(200, 'POST', '/api/v1/rules/diff', { files: { ...files, 'routing.yaml': routing } });
    assert.ok(found.definitions.some((each) => each.of === 'route' && each.name === 'lamps' && each.change === 'added'), JSON.stringify(found.definitions));
    assert.ok(found.treatments.some((each) => each.after.queue === 'pair' && each.after.route === 'lamps' && each.examples.length > 0));
    assert.equal((await root.post('/api/v1/rules/diff', { files: { ...files, 'routing.yaml': 'routes: 7\n' } })).status, 422);
    assert.equal((await sam.post('/api/v1/rules/diff', { files })).status, 403);
  });

  it('runs the tests among the files', async () => {
    const tests = 'tests:\n  - { name: lamps, given: { contact: { channel: { name: api, kind: api }, text: a lamp } }, expect: { queue: pair } }\n';
    const passed = await root.expect(200, 'POST', '/api/v1/rules/test', { files: { ...files, 'routing.yaml': routing, 'tests/lamps.yaml': tests } });
    assert.deepEqual([passed.passed, passed.failed], [1, []]);
    const failed = await root.expect(200, 'POST', '/api/v1/rules/test', { files: { ...files, 'tests/lamps.yaml': tests } });
    assert.equal(failed.passed, 0);
    assert.deepEqual([failed.failed[0].file, failed.failed[0].line, failed.failed[0].name], ['tests/lamps.yaml', 2, 'lamps']);
    assert.match(failed.failed[0].differences.join(), /^expected queue: pair; it is "general"$/);
    assert.equal((await sam.post('/api/v1/rules/test', { files })).status, 403);
  });

  it('simulates so many agents by the rules in force, and finds how many a goal takes', async () => {
    const told = await sam.expect(200, 'POST', '/api/v1/simulation', { traffic: traffic() });
    assert.ok(told.queues.general.arrived > 500, JSON.stringify(told.queues));
    assert.deepEqual(await sam.expect(200, 'POST', '/api/v1/simulation', { traffic: traffic() }), told, 'the same again');
    const swept = await sam.expect(200, 'POST', '/api/v1/simulation', { traffic: traffic(), sweep: { row: 'helpdesk', from: 1, to: 12 }, goal: '80%/20s' });
    assert.equal(swept.runs.length, 12);
    const enough = swept.goal.smallest;
    assert.ok(enough > 1 && enough <= 12, JSON.stringify(swept.goal));
    assert.ok(swept.runs[enough - 1].queues.general.service_level['20s'] >= 0.8);
  });

  it('says what is wrong with a simulation, and takes none that would be too long', async () => {
    const refused = async (body) => {
      const answer = await sam.post('/api/v1/simulation', body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      return answer.body.detail;
    };
    assert.match(await refused({ traffic: 'hours: x\n' }), /traffic:1/);
    assert.match(await refused({ traffic: traffic({ hours: 100_000 }) }), /more than a million contacts/);
    assert.match(await refused({ traffic: traffic(), sweep: { row: 'nobody', from: 1, to: 2 } }), /sweep\.row/);
    assert.match(await refused({ traffic: traffic(), sweep: { from: 5, to: 1 } }), /sweep/);
    assert.match(await refused({ traffic: traffic(), sweep: { from: 1, to: 200 } }), /at most 60 runs/);
    assert.match(await refused({ traffic: traffic(), sweep: { from: 1, to: 2 }, goal: 'soon' }), /goal/);
    assert.match(await refused({ traffic: traffic(), goal: '80%/20s' }), /goal: wants a sweep/);
    assert.equal((await ann.post('/api/v1/simulation', { traffic: traffic() })).status, 403);
  });
});
