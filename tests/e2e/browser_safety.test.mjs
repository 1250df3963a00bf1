import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Browser, presence } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { Visitor } from './support/chat.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';
import { vectors } from './support/xss.mjs';

const arm = () => { globalThis.ran = 0; globalThis.xss = () => { globalThis.ran += 1; }; };

describe('the desk against hostile texts', () => {
  let engine;
  let browser;
  let page;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    page = await browser.page(engine.url);
    await page.addInitScript(arm);
    await page.goto('/');
    await page.getByLabel('Log-in').fill('ann');
    await page.getByLabel('Password').fill('secret-ann');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.desk[data-live="live"]').waitFor();
    await presence(page, 'available');
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });

  /** Nothing ran, and no element came from a text. */
  async function nothingRan() {
    assert.equal(await page.evaluate(() => globalThis.ran), 0);
    const made = await page.evaluate(() => [...document.querySelectorAll('.log script, .log img, .log iframe, .log svg:not(.channel-mark), .side script, .side img, .side iframe, [onerror], [onload], [onfocus]')].map((each) => each.outerHTML));
    assert.deepEqual(made, []);
    assert.equal(await page.evaluate(() => [...document.querySelectorAll('a[href]')].filter((each) => !/^(https?|mailto|blob):/.test(each.href)).length), 0);
    browser.check();
  }

  async function open(id) {
    await page.locator('.offer').waitFor();
    await page.keyboard.press('a');
    await page.waitForURL(`**/tickets/${id}`);
    await page.getByRole('log').waitFor();
  }
  const resolve = async (id) => (await engine.login('ann')).expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});

  it(`shows ${vectors.length} of them in one conversation as the texts they are`, async () => {
    assert.ok(vectors.length >= 300);
    const name = '<img src=x onerror=xss()>';
    const conversation = freshId('xss');
    const from = `${freshId('x')}@mail.example`;
    let id = null;
    for (let at = 0; at < vectors.length; at += 10) {
      const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from, name, conversation, subject: vectors[at], text: vectors.slice(at, at + 10).join('\n') });
      assert.equal(answer.status, 202, answer.text);
      id ??= answer.body.ticket;
    }
    await open(id);
    await page.locator('.bubble.contact').nth(Math.floor(vectors.length / 10)).waitFor();
    const shown = await page.locator('.log').innerText();
    assert.ok(shown.includes('<script>xss()</script>'));
    await nothingRan();
    for (const tab of ['Customer', 'Why', 'Script and articles']) {
      await page.getByRole('tab', { name: tab }).click();
      await nothingRan();
    }
    const client = await engine.login('ann');
    for (const vector of vectors.slice(0, 30)) await client.expect(201, 'POST', `/api/v1/tickets/${id}/note`, { text: vector });
    await page.locator('.bubble.note').nth(29).waitFor();
    await nothingRan();
    await resolve(id);
  });

  it('shows hostile names, subjects and chats in lists and offers', async () => {
    for (const [round, vector] of ['<script>xss()</script>', '"><img src=x onerror=xss()>', 'javascript:xss()'].entries()) {
      const visitor = await Visitor.arrive(engine);
      visitor.name = vector;
      visitor.write(`${vector} in chat ${round}`);
      await page.locator('.offer').waitFor();
      await nothingRan();
      await page.keyboard.press('a');
      await page.waitForURL('**/tickets/*');
      await page.getByRole('log').getByText(`in chat ${round}`).waitFor();
      await nothingRan();
      await resolve(page.url().split('/').at(-1));
      await page.locator('.ticket-head .status.resolved').waitFor();
    }
  });

  it('shows hostile scripts and articles as texts', async () => {
    const file = join(engine.folder, 'rules/faq/order.md');
    const before = await readFile(file, 'utf8');
    const { hash } = await (await engine.login('root')).expect(200, 'GET', '/api/v1/rules');
    await writeFile(file, `${before}\n${vectors.filter((each) => !each.includes('{{')).slice(0, 120).map((each) => `- ${each.replaceAll(/\s+/g, ' ')}`).join('\n')}\n`);
    await eventually(async () => (await (await engine.login('root')).expect(200, 'GET', '/api/v1/rules')).hash !== hash, 'the changed article to be in force');
    const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('x')}@mail.example`, text: 'where is my order' });
    await open(answer.body.ticket);
    await page.locator('details.article summary').first().click();
    await page.locator('details.article li').nth(50).waitFor();
    await nothingRan();
    await resolve(answer.body.ticket);
  });

  it('shows a name from right to left, and a text of 400,000 characters without stopping', async () => {
    const long = 'лампа '.repeat(170_000);
    const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('x')}@mail.example`, name: 'شركة المصابيح', text: long.slice(0, 400_000) });
    assert.equal(answer.status, 202, answer.text);
    await open(answer.body.ticket);
    const name = page.locator('.ticket-names bdi, .ticket-names [dir=auto]').filter({ hasText: 'شركة المصابيح' });
    await name.first().waitFor();
    assert.equal(await name.first().evaluate((each) => getComputedStyle(each).direction), 'rtl');
    await page.getByRole('button', { name: /^Show all of it/ }).waitFor();
    const began = Date.now();
    await page.getByRole('tab', { name: 'Customer' }).click();
    await page.getByText('reached at').waitFor();
    assert.ok(Date.now() - began < 10_000);
    await resolve(answer.body.ticket);
    await nothingRan();
  });
});
