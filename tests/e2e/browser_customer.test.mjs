import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('the customer beside the conversation', () => {
  let engine;
  let browser;
  let ann;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    ann = await engine.login('ann');
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });

  async function newcomer(name) {
    const from = `${freshId('c')}@mail.example`;
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, name, text: `I am ${name}` });
    const { customer } = (await ann.ticket(ticket)).ticket;
    return { ticket, from, id: customer.id, path: `/api/v1/customers/${customer.id}` };
  }

  /** The customer's panel, opened by its key. */
  async function panel(who, login = 'ann', size = {}) {
    const page = await browser.desk(engine, login, size);
    await page.goto(`/tickets/${who.ticket}`);
    await page.getByRole('log').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: 'Notes about the customer' }).waitFor();
    return page;
  }

  const notesOf = async (who) => (await ann.expect(200, 'GET', who.path)).notes;
  const shown = (page) => page.locator('.customer-note .markdown').allInnerTexts();

  it('has notes that are written, pinned, found, changed and removed by keys', async () => {
    const carl = await newcomer('Carl Castro');
    await ann.expect(201, 'POST', `${carl.path}/notes`, { text: 'Has a *dog*.' });
    const page = await panel(carl);
    const { keyboard } = page;
    await keyboard.press('Shift+N');
    await keyboard.type('Wants **invoices** by post <img src=x onerror=alert(1)>');
    await keyboard.press('Control+Enter');
    await page.locator('.customer-note strong').getByText('invoices').waitFor();
    assert.equal(await page.locator('.customer-note img').count(), 0);
    assert.match((await shown(page))[0], /Wants invoices/, 'the latest first');

    const dog = page.locator('.customer-note').filter({ hasText: 'Has a dog' });
    await dog.getByRole('button', { name: 'Pin' }).focus();
    await keyboard.press('Enter');
    await dog.getByText('pinned').waitFor();
    await eventually(async () => (await shown(page))[0].includes('dog'), 'what is pinned to stand first');
    assert.deepEqual((await notesOf(carl)).filter((each) => each.pinned).map((each) => each.text), ['Has a *dog*.']);

    await page.getByRole('searchbox', { name: 'Search notes' }).fill('invoices');
    await eventually(async () => (await shown(page)).length === 1, 'the note with that word');
    await page.getByRole('searchbox', { name: 'Search notes' }).fill('zebra');
    await page.getByText('No note has these words.').waitFor();
    await page.getByRole('searchbox', { name: 'Search notes' }).fill('');
    await eventually(async () => (await shown(page)).length === 2, 'all notes again');

    await dog.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Text of the note' }).fill('Has two dogs.');
    await keyboard.press('Control+Enter');
    await page.locator('.customer-note').getByText('Has two dogs.').waitFor();
    await page.locator('.customer-note').filter({ hasText: 'two dogs' }).getByRole('button', { name: 'Remove note' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove note' }).click();
    await eventually(async () => (await shown(page)).length === 1, 'the note to be gone');
    assert.equal((await notesOf(carl)).length, 1);
    browser.check();
  });

  it('leaves the notes of others to whoever wrote them, and to supervisors', async () => {
    const eve = await newcomer('Eve Evans');
    await ann.expect(201, 'POST', `${eve.path}/notes`, { text: 'written by ann' });
    const bo = await panel(eve, 'sam');
    await bo.locator('.customer-note').getByRole('button', { name: 'Edit' }).waitFor();
    const crm = await newcomer('Frank Fox');
    await engine.shop.expect(201, 'POST', `${crm.path}/notes`, { text: 'written by the shop' });
    const page = await panel(crm);
    await page.locator('.customer-note').getByText('written by the shop').waitFor();
    assert.equal(await page.locator('.customer-note').getByRole('button').count(), 0);
    browser.check();
  });

  it('has tags, and says whether the customer may be written to', async () => {
    const dana = await newcomer('Dana Diaz');
    const page = await panel(dana);
    await page.getByText('May be written to.').waitFor();
    await page.getByRole('button', { name: 'Do not contact' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('asked by phone');
    await page.keyboard.press('Enter');
    await page.getByText('Do not contact: all channels').waitFor();
    const { do_not_contact: forbidden } = await ann.expect(200, 'GET', `${dana.path}/do-not-contact`);
    assert.deepEqual(forbidden.map((each) => [each.channel_kind, each.reason, each.by]), [['all', 'asked by phone', 'agent:ann']]);
    await page.getByRole('button', { name: 'Allow again' }).click();
    await page.getByText('May be written to.').waitFor();
    await page.getByRole('button', { name: 'Change tags' }).click();
    await page.getByRole('dialog').getByLabel('tags').fill('early, wholesale');
    await page.keyboard.press('Enter');
    await page.locator('.customer .chips').getByText('wholesale').waitFor();
    assert.deepEqual((await ann.expect(200, 'GET', dana.path)).customer.tags, ['early', 'wholesale']);
    browser.check();
  });

  for (const width of [1440, 360]) {
    it(`is merged with another after a look at what comes of it, and taken apart again, at ${width} pixels`, async () => {
      const home = await newcomer('Gina Gold');
      const work = await newcomer('G. Gold');
      await ann.expect(200, 'PATCH', home.path, { tags: ['early'] });
      await ann.expect(201, 'POST', `${home.path}/notes`, { text: 'Prefers **mornings**.', pinned: true });
      const page = await panel(home, 'ann', { width, height: 900 });
      await page.keyboard.press('Shift+M');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Who it is').fill(`email:${work.from}`);
      await page.keyboard.press('Enter');
      await dialog.getByRole('button', { name: /G\. Gold/ }).click();
      await dialog.getByText(`Gina Gold (${home.id}) goes on as G. Gold (${work.id})`).waitFor();
      for (const text of [`email:${home.from}`, `email:${work.from}`, 'early']) await dialog.locator('.facts').getByText(text).waitFor();
      assert.deepEqual(await accessibilityFaults(page), []);
      await screenshot(page, `merge-${width}`);
      assert.equal((await ann.expect(200, 'GET', home.path)).customer.id, home.id, 'a look changes nothing');
      await dialog.getByRole('button', { name: 'Merge them' }).click();
      await page.getByText(`Customer ${home.id} goes on as this one.`).waitFor();
      assert.equal((await ann.expect(200, 'GET', home.path)).customer.id, work.id);
      await page.locator('.customer-note').getByText('mornings').waitFor();
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.locator('.customer-note').first().scrollIntoViewIfNeeded();
      await screenshot(page, `notes-${width}`);
      await page.getByRole('button', { name: `Undo the merge of ${home.id}` }).click();
      await page.getByText(`Customer ${home.id} stands alone again.`).waitFor();
      assert.equal((await ann.expect(200, 'GET', home.path)).customer.id, home.id);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
      browser.check();
    });
  }
});
