import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';

describe('kindred segments', () => {
  let engine;
  let ann;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(() => engine?.dispose());

  const kindred = (...words) => new Promise((resolve) => {
    execFile(binary, words, (failed, out, err) => resolve({ code: failed?.code ?? 0, out, err }));
  });
  const segments = (...words) => kindred('segments', '--store', join(engine.folder, 'store/kindred.db'), ...words);

  it('compares the customers of a store that is in use', async () => {
    for (let each = 0; each < 4; ++each) {
      const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('s')}@mail.example`, text: 'hello' });
      await ann.resolve(await ann.take((held) => held.id === ticket), 'solved');
    }
    const answer = await segments('--json');
    assert.equal(answer.code, 0, answer.err);
    const report = JSON.parse(answer.out);
    assert.deepEqual([report.customers, report.tickets], [4, 4]);
    assert.ok(report.sizes.length > 0);
    for (const dimension of new Set(report.sizes.map((each) => each.dimension)))
      assert.equal(report.sizes.filter((each) => each.dimension === dimension).reduce((sum, each) => sum + each.customers, 0), 4);
    assert.ok(report.comparisons.every((each) => each.adjusted_p >= 0 && each.adjusted_p <= 1));
    assert.match((await segments()).out, /^4 customers with 4 resolved tickets/);
  });

  it('says over the API, too, whether the groups are real', async () => {
    const sam = await engine.login('sam');
    const report = await sam.expect(200, 'GET', '/api/v1/reports/segments');
    const told = JSON.parse((await segments('--json', '--from', report.from, '--until', report.until)).out);
    assert.deepEqual(report.statistics, told);
    const period = `from=${report.from}&until=${report.until}`;
    assert.deepEqual((await sam.expect(200, 'GET', `/api/v1/reports/comparisons?${period}`)).statistics, told);
    const csv = await sam.get(`/api/v1/reports/comparisons?${period}&format=csv`);
    assert.match(csv.headers.get('content-disposition'), /comparisons\.csv/);
    assert.equal(csv.text, (await segments('--format', 'csv', '--from', report.from, '--until', report.until)).out);
    const lines = (await segments('--format', 'ndjson', '--from', report.from, '--until', report.until)).out.trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(lines.filter((line) => line.row === 'comparison').length, told.comparisons.length);
    assert.deepEqual(lines.filter((line) => line.row === 'finding').map((line) => line.text), told.findings.map((each) => each.text));
    assert.equal(csv.text.trim().split('\r\n').length, 1 + lines.length);
    assert.ok(report.rows.length > 0);
  });

  it('proposes groups that part customers, as rules that check takes and backtest tries', async () => {
    const sam = await engine.login('sam');
    assert.deepEqual((await sam.expect(200, 'GET', '/api/v1/reports/splits')).splits, [], 'four customers prove nothing');
    assert.equal((await sam.get('/api/v1/reports/splits?format=csv')).status, 400);
    // Who ordered much writes three times about one thing, who ordered little once.
    const rows = Array.from({ length: 120 }, (_, each) => ({ email: `${freshId('p')}@mail.example`, attributes: { orders: each % 2 === 0 ? 20 + each : each % 10 } }));
    const brought = await fetch(`${engine.url}/api/v1/import/customers`, {
      method: 'POST', headers: { 'Content-Type': 'application/x-ndjson', Authorization: `Bearer ${engine.shop.token}` }, body: rows.map((row) => JSON.stringify(row)).join('\n'),
    });
    assert.equal(brought.status, 200);
    for (const { email, attributes } of rows) {
      const contact = { channel: { name: 'api' }, from: email, text: 'hello', conversation: email };
      const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact);
      for (let more = 0; attributes.orders >= 20 && more < 2; more += 1) await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact);
      await ann.resolve(await ann.take((held) => held.id === ticket), 'solved');
    }
    const { splits, yaml } = await sam.expect(200, 'GET', '/api/v1/reports/splits');
    const split = splits.find((each) => each.outcome === 'contacts');
    assert.ok(split.explained > 0.9, JSON.stringify(split));
    assert.match(split.yaml, /customer\.orders: \{ at_least: \d+/);
    const printed = await segments('--propose', '--rules', join(engine.folder, 'rules'));
    assert.equal(printed.code, 0, printed.err);
    assert.match(printed.out, /customer\.orders/);
    const folder = join(engine.folder, 'proposed');
    const rules = join(engine.folder, 'rules');
    await cp(rules, folder, { recursive: true });
    await writeFile(join(folder, 'segments.yaml'), yaml);
    const checked = await kindred('check', folder);
    assert.equal(checked.code, 0, checked.out + checked.err);

    // Beside the dimensions that there are, and with a route for who writes most: what would it have done?
    const { segments: known } = JSON.parse(await readFile(join(rules, 'segments.yaml'), 'utf8'));
    const routing = JSON.parse(await readFile(join(rules, 'routing.yaml'), 'utf8'));
    const group = /by_contacts:[^]*?- \{ name: (\w+), when/.exec(yaml)[1];
    routing.routes.unshift({ name: 'who writes most', when: { 'segment.by_contacts': group }, queue: 'pair' });
    const dimensions = Object.entries(known).map(([name, held]) => `  ${name}: ${JSON.stringify(held)}\n`).join('');
    await writeFile(join(folder, 'segments.yaml'), yaml.replace('segments:\n', `segments:\n${dimensions}`));
    await writeFile(join(folder, 'routing.yaml'), JSON.stringify(routing));
    const both = await kindred('check', folder);
    assert.equal(both.code, 0, both.out + both.err);
    const tried = await kindred('backtest', rules, folder, '--store', join(engine.folder, 'store/kindred.db'), '--json');
    assert.equal(tried.code, 0, tried.err);
    const report = JSON.parse(tried.out);
    const many = rows.filter(({ attributes }) => attributes.orders >= 20).length;
    assert.deepEqual([report.contacts, report.moved, report.waiting.after.pair.arrived], [4 + rows.length, many, many]);
  });

  it('says what is wrong with the question', async () => {
    assert.equal((await segments('--from', 'yesterday')).code, 2);
    assert.equal((await segments('--format', 'xml')).code, 2);
    assert.equal((await segments('--from', '2026-02-01T00:00:00Z', '--until', '2026-01-01T00:00:00Z')).code, 2);
  });
});
