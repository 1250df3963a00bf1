import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, presence } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('what agents do with tickets in a browser, beside answering them', () => {
  let engine;
  let browser;
  let ann;
  let sam;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    sam = await engine.login('sam');
    ann = await browser.desk(engine, 'ann');
    await presence(ann, 'available');
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });

  async function contact(text, name, from = `${freshId('b')}@mail.example`, conversation = undefined) {
    const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from, name, text, conversation });
    assert.equal(answer.status, 202, answer.text);
    return answer.body.ticket;
  }
  async function held(page, ...given) {
    const id = await contact(...given);
    await page.getByRole('article', { name: `Offer: ${given[1]}` }).getByRole('button', { name: /^Accept/ }).click();
    await page.waitForURL(`**/tickets/${id}`);
    await page.locator('.ticket-head .status.held').waitFor();
    return id;
  }
  const more = async (page, name) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  const choose = async (page, dialog, field, option) => {
    const shown = page.getByRole('dialog', { name: dialog });
    const value = await shown.getByLabel(field).locator('option').filter({ hasText: option }).getAttribute('value');
    await shown.getByLabel(field).selectOption(value);
    await shown.getByRole('button', { name: dialog }).click();
    await shown.waitFor({ state: 'hidden' });
  };
  const ticket = async (id) => (await sam.ticket(id)).ticket;

  it('put one aside for an hour, by key', async () => {
    const id = await held(ann, 'Call me after lunch', 'Ada Lovelace');
    await ann.keyboard.press('l');
    const dialog = ann.getByRole('dialog', { name: 'Put aside' });
    await dialog.waitFor();
    assert.deepEqual(await accessibilityFaults(ann), []);
    await dialog.getByRole('button', { name: 'one hour' }).click();
    await ann.locator('.ticket-head .status.snoozed').waitFor();
    const until = (await sam.ticket(id)).entries.find((each) => each.kind === 'snoozed').until;
    assert.ok(Math.abs(new Date(until) - Date.now() - 3600_000) < 60_000, until);
    browser.check();
  });

  it('ask a colleague, who takes it over', async () => {
    const id = await held(ann, 'A difficult lamp', 'Grace Hopper');
    const bo = await browser.desk(engine, 'bo');
    await presence(bo, 'available');
    await more(ann, 'Ask a colleague');
    await choose(ann, 'Ask a colleague', 'Whom', /^Bo/);
    await ann.locator('.news').getByText(/is asked/).waitFor();
    await bo.goto(`/tickets/${id}`);
    await more(bo, 'Take it over');
    await bo.locator('.ticket-names').getByText('Bo Berg').waitFor();
    assert.equal((await ticket(id)).holder.name, 'Bo Berg');
    await (await engine.login('bo')).expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});
    await presence(bo, 'offline');
    browser.check();
  });

  it('merge two of one customer', async () => {
    const from = `${freshId('m')}@mail.example`;
    const first = await held(ann, 'My lamp', 'Mary Merge', from, freshId('one'));
    const second = await contact('The same lamp', 'Mary Merge', from, freshId('two'));
    await ann.getByRole('article', { name: 'Offer: Mary Merge' }).waitFor();
    await ann.reload();
    await ann.locator('.ticket-head .status.held').waitFor();
    await more(ann, 'Merge');
    await choose(ann, 'Merge', 'Goes on in', `#${second}`);
    await ann.locator('.ticket-head .status.resolved').waitFor();
    assert.equal((await ticket(first)).merged_into, second);
    browser.check();
  });

  it('name the outcome as the rules do, where they name any', async () => {
    const root = await engine.login('root');
    const path = join(engine.folder, 'rules/routing.yaml');
    const routing = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...routing, dispositions: ['solved', 'no answer'] }));
    engine.signal('SIGHUP');
    await eventually(async () => (await root.expect(200, 'GET', '/api/v1/rules')).activations[0].author === 'SIGHUP', 'the rules');
    const id = await held(ann, 'Only a question', 'Quentin Question');
    await ann.keyboard.press('e');
    await ann.getByRole('dialog').getByRole('combobox', { name: 'Outcome' }).selectOption('no answer');
    await ann.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
    await ann.locator('.ticket-head .status.resolved').waitFor();
    assert.equal((await sam.ticket(id)).entries.find((each) => each.kind === 'resolved').disposition, 'no answer');
    browser.check();
  });

  it('change the place of one in line, when they supervise', async () => {
    await presence(ann, 'away');
    const id = await contact('Very urgent', 'Ursula Urgent');
    const page = await browser.desk(engine, 'sam');
    await page.goto(`/tickets/${id}`);
    await more(page, 'Set priority');
    await choose(page, 'Set priority', 'priority', 'urgent');
    await page.locator('.news').getByText(/has the priority urgent/).waitFor();
    assert.equal((await ticket(id)).priority, 'urgent');
    browser.check();
  });
});
