// What happened, in figures: contacts through the API and a channel, worked on by agents, then asked about.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';

const run = promisify(execFile);
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** RFC 4180 read back: rows of fields. */
function readCsv(text) {
  assert.ok(text.endsWith('\r\n'));
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  rows.pop();
  const [header, ...lines] = rows;
  return lines.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i]])));
}

describe('reports', () => {
  const sign = new Signer();
  let engine;
  let sam;
  let ann;
  let bo;
  let began;
  let wrote;
  const resolved = [];
  const report = (name, query = {}) => sam.expect(200, 'GET', `/api/v1/reports/${name}?${new URLSearchParams(query)}`);
  const only = async (name, query) => {
    const { rows } = await report(name, query);
    assert.equal(rows.length, 1);
    return rows[0];
  };
  const byGroup = async (name, by, key = 'group') => Object.fromEntries((await report(name, { by })).rows.map((row) => [row[key], row]));
  const contact = async (text, more = {}) => (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('r')}@mail.example`, text, ...more })).ticket;

  before(async () => {
    began = Date.now();
    engine = await Engine.start();
    sam = await engine.login('sam');
    bo = await Agent.arrive(engine, 'bo');
    await bo.presence('away', 'lunch');
    ann = await Agent.arrive(engine, 'ann');

    // The first: waits 300 ms and more, is answered after 200 ms more, resolved.
    await ann.presence('away', 'lunch');
    const first = await contact('my lamp flickers', { from: 'ann.customer@mail.example' });
    await pause(300);
    await ann.presence('available');
    const lamp = await ann.take((each) => each.id === first);
    await pause(200);
    await ann.reply(lamp, 'Which one?');
    await ann.resolve(lamp);
    resolved.push(Date.now());

    // The second comes through a channel, goes to another queue, and to bo.
    await engine.anyone.deliver(sign.whatsapp({ from: freshNumber(), text: 'a pair of lamps' }));
    const pair = await ann.take((each) => each.queue === 'pair');
    await bo.presence('available');
    await ann.presence('away', 'lunch');
    await ann.client.expect(200, 'POST', `/api/v1/tickets/${pair.id}/transfer`, { queue: 'general' });
    const moved = await bo.take((each) => each.id === pair.id);
    await bo.reply(moved, 'On its way.');
    await bo.resolve(moved);
    resolved.push(Date.now());
    await bo.presence('away', 'lunch');

    // The third waits for experts, of whom none is there.
    await ann.presence('available');
    await contact('model?', { attributes: { topic: 'expert' } });

    // The customer of the first writes again.
    const fourth = await contact('it flickers again', { from: 'ann.customer@mail.example' });
    wrote = Date.now();
    await ann.take((each) => each.id === fourth);
  });
  after(async () => {
    await ann?.leave?.();
    await engine?.dispose();
  });

  it('are listed with what they mean', async () => {
    const { reports } = await sam.expect(200, 'GET', '/api/v1/reports');
    assert.deepEqual(reports.map((each) => each.name), ['volume', 'waits', 'service-level', 'first-response', 'resolution', 're-contact', 'hand-offs', 'satisfaction', 'self-service']);
    for (const each of reports) {
      const row = await only(each.name);
      assert.deepEqual(Object.keys(row), ['from', 'until', ...each.columns], each.name);
    }
  });

  it('count what came and what became of it', async () => {
    const { contacts, opened, reopened, resolved, closed, abandoned } = await only('volume');
    assert.deepEqual({ contacts, opened, reopened, resolved, closed, abandoned }, { contacts: 4, opened: 4, reopened: 0, resolved: 2, closed: 0, abandoned: 0 });
    const channels = await byGroup('volume', 'channel');
    assert.deepEqual([channels.api.contacts, channels.whatsapp.contacts, channels.whatsapp.resolved], [3, 1, 1]);
    const queues = await byGroup('volume', 'queue');
    assert.deepEqual(Object.keys(queues).sort(), ['experts', 'general', 'pair']);
    assert.deepEqual([queues.pair.opened, queues.pair.resolved, queues.general.opened, queues.general.resolved], [1, 0, 2, 2]);
    const routes = await byGroup('volume', 'route');
    assert.equal(routes['expert questions'].opened, 1);
    const scripts = await byGroup('volume', 'script');
    assert.deepEqual([scripts.expert.opened, scripts.welcome.opened], [3, 1]);
    assert.equal((await byGroup('volume', 'segment.value')).newcomer.opened, 4);
    assert.equal((await byGroup('volume', 'stage')).considering.contacts, 4);
    const agents = await byGroup('volume', 'agent', 'name');
    assert.deepEqual([agents['Ann Archer'].resolved, agents['Bo Berg'].resolved, agents[''].opened], [1, 1, 4]);
  });

  it('say how long it took', async () => {
    const waits = await byGroup('waits', 'queue');
    assert.equal(waits.general.count, 3);
    assert.ok(waits.general.longest_s >= 0.3 && waits.general.longest_s < 30, JSON.stringify(waits));
    assert.equal(waits.general.longest_s, waits.general.p95_s);
    assert.ok(waits.pair.longest_s < waits.general.longest_s);
    const agents = await byGroup('first-response', 'agent', 'name');
    assert.deepEqual([agents['Ann Archer'].count, agents['Bo Berg'].count], [1, 1]);
    assert.ok(agents['Ann Archer'].mean_s >= 0.5);
    const resolution = await only('resolution');
    assert.equal(resolution.count, 2);
    assert.ok(resolution.p50_s > 0 && resolution.longest_s >= 0.5);
    const level = await only('service-level', { within: '250ms' });
    assert.deepEqual([level.answered, level.abandoned], [4, 0]);
    assert.ok(level.answered_within <= 3 && level.share === level.answered_within / 4);
    assert.equal((await only('service-level')).share, 1);
  });

  it('say how tickets were handed about, and who had to write again', async () => {
    const moved = await byGroup('hand-offs', 'agent', 'name');
    assert.deepEqual([moved['Bo Berg'].tickets, moved['Bo Berg'].transfers, moved['Bo Berg'].handed_over], [1, 1, 1]);
    assert.deepEqual([moved['Ann Archer'].tickets, moved['Ann Archer'].transfers_per_ticket], [1, 0]);
    assert.deepEqual([(await only('re-contact')).too_recent, (await only('re-contact')).resolved], [2, 0]);
    // Within a time that is over for both: the customer of the first wrote again while bo had the second.
    const within = wrote - resolved[0] + 500;
    await pause(resolved[1] + within + 200 - Date.now());
    const again = await byGroup('re-contact', 'agent', 'name');
    assert.equal(again['Ann Archer'].too_recent, 1);
    const { resolved: over, contacted_again, share } = await only('re-contact', { within: `${within}ms` });
    assert.deepEqual([over, contacted_again, share], [2, 1, 0.5]);
  });

  it('are cut into the days and hours of a zone', async () => {
    const days = (await report('volume', { from: '2026-03-28', until: '2026-03-31', every: 'day', zone: 'Europe/Madrid' })).rows;
    assert.deepEqual(days.map((row) => (Date.parse(row.until) - Date.parse(row.from)) / 3_600_000), [24, 23, 24]);
    assert.deepEqual(days.map((row) => row.contacts), [0, 0, 0]);
    const hours = (await report('volume', { from: new Date(began - 7_200_000).toISOString(), every: 'hour' })).rows;
    assert.equal(hours.reduce((sum, row) => sum + row.contacts, 0), 4);
    assert.ok(hours.length >= 3 && hours.length <= 4);
    const none = await only('volume', { until: new Date(began).toISOString() });
    assert.equal(none.contacts, 0);
    const last = await only('volume', { from: new Date(Date.now() - 10).toISOString() });
    assert.equal(last.contacts, 0);
  });

  it('come as CSV and as lines', async () => {
    const csv = await sam.get('/api/v1/reports/volume?by=queue&format=csv');
    assert.match(csv.headers.get('content-type'), /^text\/csv/);
    assert.match(csv.headers.get('content-disposition'), /volume\.csv/);
    const table = readCsv(csv.text);
    const { rows } = await report('volume', { by: 'queue' });
    assert.deepEqual(table.map((row) => [row.group, Number(row.opened)]), rows.map((row) => [row.group, row.opened]));
    const lines = await sam.get('/api/v1/reports/volume?by=queue&format=ndjson');
    assert.match(lines.headers.get('content-type'), /ndjson/);
    assert.deepEqual(lines.text.trim().split('\n').map((line) => JSON.parse(line).group), rows.map((row) => row.group));
  });

  it('refuse what they cannot answer, naming the field', async () => {
    assert.equal((await sam.get('/api/v1/reports/weather')).status, 404);
    for (const [query, field] of [['by=colour', 'by'], ['every=minute', 'every'], ['zone=Mars/Base', 'zone'], ['format=xml', 'format'], ['format=table', 'format'], ['from=yesterday', 'from'], ['from=2026-11-02&until=2026-11-01', 'until'], ['from=2020-01-01&every=hour', 'every'], ['within=5s', 'within'], ['by=segment.colour', 'by'], ['form=2026-11-01', 'form']]) {
      const answer = await sam.get(`/api/v1/reports/volume?${query}`);
      assert.equal(answer.status, 400, query);
      assert.match(answer.body.detail, new RegExp(`^${field}: `), query);
    }
  });

  it('are for supervisors', async () => {
    assert.equal((await ann.client.get('/api/v1/reports')).status, 403);
    assert.equal((await ann.client.get('/api/v1/reports/volume')).status, 403);
    assert.equal((await engine.shop.get('/api/v1/reports/volume')).status, 403);
    assert.equal((await engine.anyone.get('/api/v1/reports/volume')).status, 401);
  });

  it('are the same by the command, beside a running engine', async () => {
    const store = join(engine.folder, 'store/kindred.db');
    const until = new Date().toISOString();
    const query = { by: 'queue', until };
    const { stdout } = await run(binary, ['report', 'volume', '--store', store, '--by', 'queue', '--until', until, '--format', 'json']);
    assert.deepEqual(JSON.parse(stdout), await report('volume', query));
    const table = await run(binary, ['report', 'waits', '--store', store, '--by', 'queue']);
    assert.match(table.stdout, /^from +until +group +count +mean_s/);
    assert.match(table.stdout, /general +3 /);
    await assert.rejects(run(binary, ['report', 'weather', '--store', store]), { code: 2, stderr: /there are volume, waits/ });
    await assert.rejects(run(binary, ['report', 'volume', '--store', store, '--every', 'minute']), { code: 2, stderr: /every: / });
    await assert.rejects(run(binary, ['report', 'volume', '--store', store, '--by', 'segment.colour']), { code: 2, stderr: /by: neither the rules nor tickets of that time have the dimension colour; the rules have.* value/ });
    const nothing = await run(binary, ['report', 'volume', '--store', store, '--by', 'segment.value', '--from', '2001-01-01', '--until', '2001-02-01']);
    assert.equal(nothing.stdout.trim().split('\n').length, 1, 'of a time without tickets the rules know the dimension');
    await assert.rejects(run(binary, ['report', 'volume', '--store', join(engine.folder, 'nowhere.db')]), { code: 3 });
  });

  it('outlive a restart, and know tickets that are older than the period', async () => {
    const before = await report('waits', { by: 'queue' });
    assert.equal(await engine.stop(), 0);
    await ann.desk.close();
    await bo.desk.close();
    await engine.begin();
    const after = await report('waits', { by: 'queue' });
    const figures = ({ rows }) => rows.map(({ from, until, ...more }) => more);
    assert.deepEqual(figures(after), figures(before));
    const from = new Date().toISOString();
    ann = await Agent.arrive(engine, 'ann');
    const [held] = await ann.client.tickets({ agent: ann.id, status: 'held' });
    await ann.resolve(held);
    const { rows } = await report('resolution', { from, by: 'channel' });
    assert.deepEqual(rows.map((row) => [row.group, row.count]), [['api', 1]]);
    assert.ok(rows[0].mean_s > (Date.parse(from) - Date.parse(rows[0].from)) / 1000);
    assert.equal((await report('volume', { from, by: 'queue' })).rows[0].group, 'general');
  });
});
