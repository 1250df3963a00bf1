import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('stages and segments in figures', () => {
  let engine;
  let sam;
  before(async () => {
    engine = await Engine.start();
    await engine.stop();
    const change = async (name, with_) => {
      const file = join(engine.folder, 'rules', name);
      const content = JSON.parse(await readFile(file, 'utf8'));
      with_(content);
      await writeFile(file, JSON.stringify(content));
    };
    await change('profile.yaml', (profile) => { profile.customer.first_order_at = { type: 'time' }; });
    await change('stages.yaml', (all) => {
      all.stages = [{ name: 'considering' }, { name: 'onboarding', when: { 'customer.orders': { at_least: 1 } } },
        { name: 'established', when: { 'customer.first_order_at': { older_than: '30d' } } }];
    });
    await engine.begin();
    sam = await engine.login('sam');
  });
  after(() => engine?.dispose());

  const report = async (name, query = '') => sam.expect(200, 'GET', `/api/v1/reports/${name}${query}`);
  const row = (made, group, to = null, dimension = 'stage') =>
    made.rows.find((each) => each.group === group && each.to === to && each.dimension === dimension);

  it('count who is in each, who moved and after how long, and who is about to', async () => {
    const people = [1, 2, 3].map(() => freshId('g'));
    const write = (from) => engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text: 'hello', conversation: freshId('talk') });
    for (const from of people) await write(from);
    const id = async (from) => (await engine.shop.get(`/api/v1/customers?identity=external:${from}`)).body?.customer?.id;
    for (const from of people) await eventually(() => id(from), 'the customer');
    assert.equal(row(await report('stages'), 'considering').size, 3);
    const ordered = new Date(Date.now() - 28 * 86_400_000).toISOString();
    const [first, second] = [await id(people[0]), await id(people[1])];
    await engine.shop.expect(200, 'PATCH', `/api/v1/customers/${first}`, { attributes: { orders: 1, first_order_at: ordered } });
    await engine.shop.expect(200, 'PATCH', `/api/v1/customers/${second}`, { attributes: { orders: 1 } });
    for (const from of people) await write(from);
    const made = await eventually(async () => {
      const found = await report('stages');
      return row(found, 'considering', 'onboarding')?.moved === 2 && found;
    }, 'the moves');
    assert.deepEqual([row(made, 'considering').size, row(made, 'onboarding').size], [1, 2]);
    assert.ok(row(made, 'considering', 'onboarding').median_stay_s >= 0);
    assert.deepEqual([row(made, 'onboarding').about_to_change, row(made, 'onboarding', 'established').about_to_change], [1, 1]);
    assert.deepEqual(made.about_to_change, [{ customer: first, dimension: 'stage', group: 'onboarding', to: 'established' }]);
    assert.equal(row(await report('stages', '?ahead=1d'), 'onboarding').about_to_change, 0);
    const before = await report('stages', '?from=2020-01-01&until=2020-02-01');
    assert.equal(row(before, 'considering', 'onboarding'), undefined);
    const segments = await report('segments');
    assert.equal(row(segments, 'newcomer', 'regular', 'value').moved, 2);
    assert.equal(row(segments, 'regular', null, 'value').size, 2);

    const csv = await sam.get('/api/v1/reports/stages?format=csv');
    assert.match(csv.headers.get('content-type'), /text\/csv/);
    const [header, ...lines] = csv.text.trim().split('\r\n');
    assert.equal(header, 'dimension,group,to,size,moved,median_stay_s,about_to_change');
    assert.ok(lines.includes('stage,considering,,1,,,0'));
    const nd = await sam.get('/api/v1/reports/stages?format=ndjson');
    assert.deepEqual(nd.text.trim().split('\n').map((each) => JSON.parse(each)), (await report('stages')).rows);
  });

  it('say what each group writes about, and through which channels', async () => {
    const group = async (name, of, dimension) => row(await report(name), of, null, dimension);
    const before = await group('segments', 'newcomer', 'value');
    for (const intent of ['refund', 'refund', undefined])
      await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: freshId('t'), text: 'money back', ...(intent && { intent }) });
    await eventually(async () => ((await group('segments', 'newcomer', 'value')).channels.api ?? 0) === (before?.channels.api ?? 0) + 3, 'the channel');
    assert.deepEqual((await group('segments', 'newcomer', 'value')).intents, { refund: 2 });
    assert.equal((await group('stages', 'considering')).intents.refund, 2);
    const earlier = await report('segments', '?from=2020-01-01&until=2020-02-01');
    assert.deepEqual(row(earlier, 'newcomer', null, 'value').intents, {});
  });

  it('count whom an event moved without a contact', async () => {
    const from = freshId('g');
    await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text: 'hello' });
    const known = await eventually(async () => (await engine.shop.get(`/api/v1/customers?identity=external:${from}`)).body?.customer?.id, 'the customer');
    const moved = async () => row(await report('stages'), 'considering', 'onboarding')?.moved ?? 0;
    const before = await moved();
    await engine.shop.expect(200, 'PATCH', `/api/v1/customers/${known}`, { attributes: { orders: 1 } });
    assert.equal(await moved(), before + 1);
    await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text: 'again' });
    assert.equal(await moved(), before + 1, 'and not once more when they write');
    const other = freshId('g');
    await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: other, text: 'hello' });
    const second = await eventually(async () => (await engine.shop.get(`/api/v1/customers?identity=external:${other}`)).body?.customer?.id, 'the other customer');
    await sam.expect(200, 'POST', `/api/v1/customers/${second}/merge`, { into: known });
    await sam.expect(200, 'POST', `/api/v1/customers/${second}/unmerge`, {});
    assert.equal(await moved(), before + 1, 'who is taken for another one for a while has moved nowhere');
    assert.equal(row(await report('stages'), 'onboarding', 'considering'), undefined);
  });

  it('are refused as other reports are', async () => {
    for (const wrong of ['ahead=soon', 'by=queue', 'zone=Mars', 'from=yesterday', 'format=xml']) {
      assert.equal((await sam.get(`/api/v1/reports/stages?${wrong}`)).status, 400, wrong);
    }
    assert.equal((await (await engine.login('ann')).get('/api/v1/reports/stages')).status, 403);
    assert.ok((await sam.expect(200, 'GET', '/api/v1/reports')).group_reports.some((each) => each.name === 'stages'));
  });
});
