import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { binary, Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('customers that come in many at once', () => {
  let engine;
  let root;
  before(async () => {
    engine = await Engine.start();
    root = await engine.login('root');
  });
  after(() => engine?.dispose());

  const inFolder = (name) => join(engine.folder, name);
  function kindred(...words) {
    return new Promise((resolve) => {
      execFile(binary, words, { cwd: engine.folder, maxBuffer: 1 << 26 }, (failed, out, err) => resolve({ code: failed?.code ?? 0, out, err }));
    });
  }
  const importFile = (name, ...more) => kindred('import', inFolder(name), '--config', inFolder('kindred.yaml'), '--json', ...more);
  const found = (identity) => engine.shop.get(`/api/v1/customers?identity=${encodeURIComponent(identity)}`);
  const send = (type, body) => fetch(`${engine.url}/api/v1/import/customers`, {
    method: 'POST', headers: { 'Content-Type': type, Authorization: `Bearer ${engine.shop.token}` }, body,
  });

  it('are typed by the profile; what is wrong is set aside with the reason, and goes in once it is right', async () => {
    const key = freshId('c');
    const bad = Buffer.concat([Buffer.from(`${key}-7,`), Buffer.from([0xc3, 0x28]), Buffer.from(',1\n')]);
    await writeFile(inFolder('mixed.csv'), Buffer.concat([
      Buffer.from(`external,name,orders\n${key}-1,"Ada, née ""Byron""\nof London",3\n${key}-2,Ben,two\n${key}-3,${'x'.repeat(70_000)},1\n`),
      Buffer.from(`${key}-4,Cy,4${',x'.repeat(197)}\n`), bad, Buffer.from(`${key}-5,"open,1\n${key}-6,Dee,6\n`),
    ]));
    const done = await importFile('mixed.csv');
    assert.equal(done.code, 1, done.err);
    const counts = JSON.parse(done.out);
    assert.deepEqual([counts.rows, counts.created, counts.rejected], [7, 2, 5]);
    const rejects = (await readFile(inFolder('mixed.csv.rejects.ndjson'), 'utf8')).trim().split('\n').map((each) => JSON.parse(each));
    const reasons = Object.fromEntries(rejects.map((each) => [each.line, each.reason]));
    assert.match(reasons[4], /orders: must be a whole number, not "two"/);
    assert.match(reasons[5], /longer than 64 KiB/);
    assert.match(reasons[6], /200 columns where the header has 3/);
    assert.match(reasons[7], /not UTF-8/);
    assert.match(reasons[8], /never closed/);
    assert.ok(rejects.find((each) => each.line === 4).row.startsWith(`${key}-2,Ben`));
    const ada = (await found(`external:${key}-1`)).body.customer;
    assert.deepEqual([ada.name, ada.attributes.orders.value, ada.attributes.orders.source], ['Ada, née "Byron"\nof London', 3, 'crm:shop']);
    assert.deepEqual([ada.segments.value, ada.stage], ['regular', 'established']);
    assert.equal((await found(`external:${key}-2`)).status, 404);
    const again = JSON.parse((await importFile('mixed.csv')).out);
    assert.deepEqual([again.created, again.updated, again.unchanged, again.rejected], [0, 0, 2, 5], 'a second time changes nothing');
    assert.equal((await found(`external:${key}-1`)).body.customer.version, ada.version);
    await writeFile(inFolder('right.csv'), `external,name,orders\n${key}-2,Ben,2\n`);
    assert.equal((await importFile('right.csv')).code, 0);
    assert.equal((await found(`external:${key}-2`)).body.customer.attributes.orders.value, 2);
  });

  it('are refused as a whole when the header is wrong', async () => {
    const key = freshId('c');
    for (const row of [`${key},3\n`, '']) {
      await writeFile(inFolder('header.csv'), `external,ordres\n${row}`);
      const done = await importFile('header.csv');
      assert.equal(done.code, 1);
      assert.match(done.err, /column 2: "ordres" is no attribute that profile.yaml declares.*orders/);
    }
    assert.equal((await found(`external:${key}`)).status, 404);
    assert.equal((await importFile('missing.csv')).code, 3);
    await writeFile(inFolder('rows.txt'), 'x\n');
    assert.equal((await importFile('rows.txt')).code, 2);
  });

  it('come by HTTP too, and are the writer\'s own business: agents may not', async () => {
    const key = freshId('c');
    const answer = await send('application/x-ndjson', `{"external":"${key}","email":"${key}@Mail.Example","attributes":{"orders":1}}\n{"external":"${key}","attributes":{"orders":"many"}}\n`);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { created: 1, updated: 0, unchanged: 0, rejected: [{ line: 2, reason: 'orders: must be a whole number' }] });
    assert.equal((await found(`email:${key}@mail.example`)).body.customer.attributes.orders.value, 1);
    assert.equal((await send('text/plain', 'x')).status, 400);
    assert.equal((await send('text/csv', 'colour\nred\n')).status, 400);
    const ann = await engine.login('ann');
    assert.equal((await ann.post('/api/v1/import/customers', {})).status, 403);
  });

  it('who have a waiting ticket are decided again', async () => {
    const from = `${freshId('w')}@mail.example`;
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text: 'hello' });
    await eventually(async () => (await found(`email:${from}`)).status === 200, 'the customer');
    assert.equal((await found(`email:${from}`)).body.customer.stage, 'considering');
    assert.equal((await send('text/csv', `email,orders\n${from},5\n`)).status, 200);
    const { customer, tickets } = (await found(`email:${from}`)).body;
    assert.deepEqual([customer.stage, tickets[0].id], ['established', ticket]);
  });

  it('go out in the form in which they come in', async () => {
    const key = freshId('x');
    await send('text/csv', `external,phone,name,tags,orders\n${key} 1,+34600${String(Date.now()).slice(-6)},"Eve ""E"" Ek",a b;c,7\n`);
    const before = (await found(`external:${key} 1`)).body.customer;
    const pages = [];
    for (let path = '/api/v1/export/customers?format=csv&limit=2'; path;) {
      const page = await root.get(path);
      assert.equal(page.status, 200, page.text);
      pages.push(page.text);
      path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    assert.ok(pages.length > 1);
    for (const [format, name] of [['csv', 'out.csv'], ['ndjson', 'out.ndjson']]) {
      const printed = await kindred('export', '--config', inFolder('kindred.yaml'), '--customers', format);
      assert.equal(printed.code, 0, printed.err);
      assert.ok(printed.out.includes(key));
      await writeFile(inFolder(name), printed.out);
      const again = JSON.parse((await importFile(name)).out);
      assert.deepEqual([again.created, again.updated, again.rejected], [0, 0, 0], 'it says what is on record');
      assert.ok(again.unchanged > 0);
    }
    assert.equal((await found(`external:${key} 1`)).body.customer.version, before.version);
    assert.equal((await engine.shop.get('/api/v1/export/customers')).status, 403);
    assert.equal((await root.get('/api/v1/export/customers?format=xml')).status, 400);
    const { records } = (await root.get('/api/v1/audit')).body;
    assert.ok(records.some((each) => each.action === 'customers.exported' && each.by === 'agent:root'));
  });

  it('go on where a killed command, and a killed engine, left them', async () => {
    const key = freshId('k');
    const rows = 120_000;
    let text = 'external,name,orders\n';
    for (let i = 0; i < rows; ++i) text += `${key}-${i},Name ${i} ${'x'.repeat(60)},${i % 1000 === 999 ? 'many' : i % 50}\n`;
    await writeFile(inFolder('large.csv'), text);
    const words = ['import', inFolder('large.csv'), '--config', inFolder('kindred.yaml'), '--json', '--progress', 'always'];
    const first = spawn(binary, words, { cwd: engine.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let drawn = '';
    first.stderr.setEncoding('utf8').on('data', (part) => { drawn += part; });
    const state = inFolder('large.csv.progress');
    await eventually(async () => existsSync(state), 'the first part');
    first.kill('SIGKILL');
    const reached = JSON.parse(await readFile(state, 'utf8'));
    assert.ok(reached.rows > 0 && reached.rows < rows, `${reached.rows}`);
    assert.match(drawn, /\r\s*\d+% \[#*\.*\] [\d,]+ rows, [\d,]+\/s/);
    const second = kindred(...words);
    await eventually(async () => {
      if (!existsSync(state)) return true;
      try {
        return JSON.parse(await readFile(state, 'utf8')).rows > reached.rows;
      } catch {
        return false;
      }
    }, 'the second part');
    await engine.kill();
    await engine.begin();
    const done = await second;
    assert.equal(done.code, 1, done.err);
    assert.match(done.err, /going on at line/);
    const counts = JSON.parse(done.out);
    assert.deepEqual([counts.rows, counts.rejected], [rows, 120]);
    assert.equal(counts.created + counts.unchanged + counts.updated, rows - 120);
    assert.equal((await readFile(inFolder('large.csv.rejects.ndjson'), 'utf8')).trim().split('\n').length, 120, 'each once');
    assert.ok(!existsSync(state));
    for (const i of [0, 59_998, rows - 2]) assert.equal((await found(`external:${key}-${i}`)).status, 200, `${i}`);
    const again = JSON.parse((await kindred(...words)).out);
    assert.deepEqual([again.created, again.updated, again.unchanged], [0, 0, rows - 120]);
  });

  it('go out into a file, where a killed command left it', async () => {
    const file = inFolder('everybody.csv');
    const state = `${file}.progress`;
    const words = ['export', '--config', inFolder('kindred.yaml'), '--customers', 'csv', '--out', file, '--progress', 'always'];
    const first = spawn(binary, words, { cwd: engine.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let drawn = '';
    first.stderr.setEncoding('utf8').on('data', (part) => { drawn += part; });
    await eventually(async () => existsSync(state), 'the first part', { every: 1 });
    first.kill('SIGKILL');
    const reached = JSON.parse(await readFile(state, 'utf8'));
    const all = (await kindred('export', '--config', inFolder('kindred.yaml'), '--customers', 'csv')).out;
    assert.match(drawn, /\r\s*\d+% \[#*\.*\] [\d,]+ rows, [\d,]+\/s/);
    const done = await kindred(...words);
    assert.equal(done.code, 0, done.err);
    assert.match(done.err, new RegExp(`going on behind customer ${reached.line}\n`));
    assert.match(done.out, /^\d+ profiles \(/);
    assert.equal(await readFile(file, 'utf8'), all);
    assert.ok(!existsSync(state));
    await writeFile(state, '{}');
    assert.equal((await kindred(...words)).code, 1, 'what is no record of progress is not gone by');
    assert.equal((await kindred(...words, '--again')).code, 0);
    assert.equal(await readFile(file, 'utf8'), all);
    assert.equal((await kindred('export', '--config', inFolder('kindred.yaml'), '--out', file)).code, 2);
    assert.equal((await kindred('export', '--config', inFolder('kindred.yaml'), '--customers', 'csv', '--out', inFolder('no/where.csv'))).code, 3);
  });
});
