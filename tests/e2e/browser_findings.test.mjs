import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';

describe('what the figures say of the segments, in a browser', () => {
  let engine;
  let browser;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  afterEach(() => browser.check());

  /** Who ordered writes three times about one thing, who has not writes once. */
  async function aHistory() {
    const ann = await Agent.arrive(engine, 'ann');
    const rows = Array.from({ length: 120 }, (_, each) => ({ email: `${freshId('g')}@mail.example`, attributes: { orders: each % 2 === 0 ? 20 + each : 0 } }));
    const brought = await fetch(`${engine.url}/api/v1/import/customers`, {
      method: 'POST', headers: { 'Content-Type': 'application/x-ndjson', Authorization: `Bearer ${engine.shop.token}` }, body: rows.map((row) => JSON.stringify(row)).join('\n'),
    });
    assert.equal(brought.status, 200);
    for (const { email, attributes } of rows) {
      const contact = { channel: { name: 'api' }, from: email, text: 'hello', conversation: email };
      const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact);
      for (let more = 0; attributes.orders > 0 && more < 2; more += 1) await engine.shop.expect(202, 'POST', '/api/v1/contacts', contact);
      await ann.resolve(await ann.take((held) => held.id === ticket), 'solved');
    }
    await ann.leave();
  }

  it('says that there is nothing to compare while there is nothing', async () => {
    const page = await browser.desk(engine, 'sam');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByText('Nobody\'s ticket was resolved then').waitFor();
    await page.getByText('No attribute parts customers better than chance').waitFor();
  });

  it('says in sentences which segments differ, by how much, and what groups it proposes, for the editor of rules', async () => {
    await aHistory();
    const sam = await engine.login('sam');
    const { statistics } = await sam.expect(200, 'GET', '/api/v1/reports/segments');
    assert.ok(statistics.findings.some((each) => each.kind === 'tells_apart' && each.outcome === 'contacts' && /tells contacts apart/.test(each.text)), JSON.stringify(statistics.findings));
    const page = await browser.desk(engine, 'sam');
    await page.goto('/findings');
    const told = page.getByRole('region', { name: 'What the segments tell apart' });
    const finding = told.getByRole('listitem').filter({ hasText: 'Customers of different value differ in how often they write about one thing.' });
    await finding.getByText(/A large effect: eta squared 1\.00, with 95 % confidence from \d\.\d\d to 1\.00\./).waitFor();
    const table = page.getByRole('region', { name: 'Comparisons of value' });
    assert.match(await table.getByRole('row', { name: /how often they write/ }).innerText(), /newcomer: 1 · regular: 3/);
    const yaml = page.getByLabel('As a dimension for segments.yaml');
    assert.match(await yaml.inputValue(), /customer\.orders: \{ at_least: \d+/);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.locator('.news').getByText(/^Copied/).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await yaml.inputValue());
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'findings-1440');
    // The proposed file is one that the engine's check takes.
    const root = await engine.login('root');
    const { hash } = await root.expect(200, 'GET', '/api/v1/rules');
    const { files } = await root.expect(200, 'GET', `/api/v1/rules/${hash}`);
    const checked = await root.expect(200, 'POST', '/api/v1/rules/check', { files: { ...files, 'segments.yaml': await yaml.inputValue() } });
    assert.equal(checked.ok, true, JSON.stringify(checked.problems));
  });

  it('says the same in Spanish, and on a telephone', async () => {
    const page = await browser.desk(engine, 'sam', { width: 360, height: 740 });
    await page.goto('/findings');
    await page.getByText(/different value differ in how often they write/).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Español');
    await page.keyboard.press('Enter');
    await page.getByText(/distinto value difieren en cuántas veces escriben por lo mismo/).waitFor();
    await screenshot(page, 'findings-360');
  });

  it('is not for agents', async () => {
    const page = await browser.desk(engine, 'ann');
    await page.goto('/findings');
    await page.getByRole('alert').getByText(/^Your role “agent” does not permit: /).waitFor();
  });
});
