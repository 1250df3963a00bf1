import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

/** Nobody is present: what comes waits, and only this test changes anything. */
describe('long lists of tickets in an order', () => {
  let engine;
  let sam;
  const made = new Map();
  before(async () => {
    engine = await Engine.start();
    sam = await engine.login('sam');
    for (let i = 0; i < 12; i += 1) {
      const name = ['plain', 'high', 'urgent', 'low'][i % 4] + i;
      const id = (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('o')}@mail.example`, name, text: `number ${i}`, conversation: freshId('o') })).ticket;
      made.set(id, name);
      if (i % 4 > 0) await sam.expect(200, 'PUT', `/api/v1/tickets/${id}/priority`, { priority: name.replace(/\d+/, '') });
    }
  });
  after(() => engine?.dispose());
  const names = (tickets) => tickets.map((each) => made.get(each.id));
  const pages = async (order, limit, between = async () => {}) => {
    const seen = [];
    let cursor = '';
    do {
      const page = await sam.expect(200, 'GET', `/api/v1/tickets?status=open&order=${order}&limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.tickets);
      cursor = page.next;
      if (cursor) await between(page.tickets);
    } while (cursor);
    return seen;
  };

  it('have the highest priority first and the oldest first within it, on pages of any length', async () => {
    const wanted = ['urgent2', 'urgent6', 'urgent10', 'high1', 'high5', 'high9', 'plain0', 'plain4', 'plain8', 'low3', 'low7', 'low11'];
    await eventually(async () => names(await pages('priority', 50)).join() === wanted.join(), 'the order by priority');
    for (const limit of [1, 5, 12]) assert.deepEqual(names(await pages('priority', limit)), wanted, `pages of ${limit}`);
  });

  it('have what changed last first', async () => {
    const [first] = [...made.keys()];
    await sam.expect(201, 'POST', `/api/v1/tickets/${first}/note`, { text: 'look' });
    await eventually(async () => (await pages('latest', 5))[0].id === first, 'the changed one first');
    const all = await pages('latest', 5);
    assert.equal(new Set(all.map((each) => each.id)).size, 12);
    const times = all.map((each) => each.updated_at);
    assert.deepEqual(times, times.toSorted().reverse());
  });

  it('show each ticket that stays in its place once, whatever else comes and goes between two pages', async () => {
    for (const order of ['priority', 'longest_wait', 'target', 'oldest', 'latest']) {
      const before = new Set((await pages('oldest', 50)).map((each) => each.id));
      let round = 0;
      const gone = new Set();
      const seen = await pages(order, 3, async (page) => {
        round += 1;
        if (round > 3) return;
        const [one] = page;
        gone.add(one.id);
        await sam.expect(200, 'POST', `/api/v1/tickets/${one.id}/assign`, { agent: 'ann' });
        await sam.expect(200, 'POST', `/api/v1/tickets/${one.id}/resolve`, {});
        const id = (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('o')}@mail.example`, name: 'later', text: 'later', conversation: freshId('o') })).ticket;
        made.set(id, `later${made.size}`);
        // The order is as of half a second ago at most.
        await eventually(async () => (await pages('oldest', 50)).some((each) => each.id === id), 'the list to be made anew');
      });
      const counts = new Map();
      for (const { id } of seen) counts.set(id, (counts.get(id) ?? 0) + 1);
      for (const id of before) if (!gone.has(id)) assert.equal(counts.get(id), 1, `${order}: ${made.get(id)}`);
    }
  });

  it('are refused for what has no such order', async () => {
    for (const query of ['order=priority', 'order=latest&status=resolved', 'order=priority&status=open&q=x', 'order=priority&status=open&cursor=1']) {
      assert.equal((await sam.get(`/api/v1/tickets?${query}`)).status, 400, query);
    }
  });

  it('are sorted by the engine in the browser, and the choice survives a reload', async () => {
    const browser = await Browser.start();
    try {
      const page = await browser.desk(engine, 'sam');
      for (const key of ['g', 'a']) await page.keyboard.press(key);
      const asked = page.waitForRequest((request) => /tickets\?.*order=priority/.test(request.url()));
      await page.getByLabel('Order').selectOption('priority');
      await asked;
      const open = await pages('priority', 50);
      const shown = async () => page.locator('.inbox .row').allInnerTexts();
      await eventually(async () => (await shown())[0]?.includes(made.get(open[0].id)), 'the highest priority to be first');
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.reload();
      await page.locator('.desk[data-live="live"]').waitFor();
      assert.equal(await page.getByLabel('Order').inputValue(), 'priority');
      const latest = page.waitForRequest((request) => /tickets\?.*order=latest/.test(request.url()));
      for (const key of ['g', 'a']) await page.keyboard.press(key);
      await page.getByLabel('Order').selectOption('latest');
      await latest;
      browser.check();
    } finally {
      await browser.dispose();
    }
  });
});
