import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, presence, screenshot } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const offer = { to: 1, expires: '30s', after_decline: '60s' };
const rules = {
  queues: { queues: { general: { offer }, calls: { offer }, brisk: { offer }, pair: { offer } } },
  routing: {
    routes: [
      { name: 'hurries', when: { 'contact.text': { contains: 'hurry' } }, queue: 'brisk', first_response: '90s', resolution: '8h' },
      { name: 'promised', when: { 'contact.text': { contains: 'promised' } }, queue: 'pair', first_response: '4h' },
    ],
    fallback: { queue: 'general' },
  },
};

describe('what is promised, and lists in its order', () => {
  let engine;
  let browser;
  let sam;
  let late;
  before(async () => {
    engine = await Engine.start({ rules });
    browser = await Browser.start();
    sam = await engine.login('sam');
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  afterEach(() => browser.check());

  async function contact(name, text) {
    return (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('t')}@mail.example`, name, text, conversation: freshId('t') })).ticket;
  }
  const listed = async (query) => sam.expect(200, 'GET', `/api/v1/tickets?${query}`);
  const ids = (page) => page.tickets.map((each) => each.id);

  it('are served in order, page by page, with what is nearest first', async () => {
    const plain = await contact('Nobody', 'hello');
    late = await contact('Ada Lovelace', 'promised');
    const soon = await contact('Grace Hopper', 'hurry');
    await eventually(async () => ids(await listed('status=open&order=target')).join() === [soon, late, plain].join(), 'the nearest target first');
    assert.deepEqual(ids(await listed('status=open&order=longest_wait')), [plain, late, soon]);
    assert.deepEqual(ids(await listed('status=open&order=oldest')), [plain, late, soon]);
    assert.deepEqual(ids(await listed('status=open')), [soon, late, plain]);
    const seen = [];
    for (let cursor = ''; cursor !== null;) {
      const page = await listed(`status=open&order=target&limit=1&cursor=${cursor}`);
      seen.push(...ids(page));
      cursor = page.next;
    }
    assert.deepEqual(seen, [soon, late, plain]);
    const { tickets } = await listed('status=open&order=target&queue=brisk');
    assert.equal(tickets.length, 1);
    const { target } = tickets[0];
    assert.equal(target.name, 'first_response');
    assert.ok(target.left_s <= 90 && target.left_s > 30, JSON.stringify(target));
    assert.ok(Math.abs(new Date(target.at).getTime() - Date.now()) < 90_000);
    assert.deepEqual((await sam.ticket(soon)).ticket.target?.name, 'first_response');
    assert.equal((await sam.ticket(plain)).ticket.target, undefined);
  });

  it('refuse an order of what has none', async () => {
    for (const query of ['order=target', 'order=target&status=resolved', 'order=target&status=open&q=x', 'order=shoe&status=open', 'order=target&status=open&cursor=17'])
      assert.equal((await sam.get(`/api/v1/tickets?${query}`)).status, 400, query);
  });

  it('count down on the offer, in the list and on the ticket; a first answer ends one and the next runs', async () => {
    const page = await browser.desk(engine, 'bo');
    const told = await contact('Mary Somerville', 'hurry please');
    await presence(page, 'available');
    const card = page.getByRole('article', { name: 'Offer: Grace Hopper' });
    await card.getByText(/^first response in \d+ (s|min)$/).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'offer-target-1440');
    await card.getByRole('button', { name: /^Accept/ }).click();
    await page.locator('.ticket-head').getByText(/first response in \d+ (s|min)/).waitFor();
    const before = await page.locator('.ticket-head .target').innerText();
    await eventually(async () => (await page.locator('.ticket-head .target').innerText()) !== before, 'it to count down');
    await page.keyboard.press('r');
    await page.keyboard.type('On it.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.ticket-head').getByText(/resolution in 8 h/).waitFor();
    await page.locator('.inbox .row').getByText('solution in 8 h').waitFor();
    assert.equal((await sam.ticket(told)).ticket.status === 'resolved', false);
  });

  it('sort the list of everybody by the nearest target', async () => {
    const page = await browser.desk(engine, 'sam');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByLabel('Order').selectOption('target');
    await eventually(async () => (await page.locator('.inbox .row .row-head strong').allInnerTexts()).join() === 'Mary Somerville,Ada Lovelace,Grace Hopper,Nobody', 'the nearest first');
    await screenshot(page, 'targets-1440');
  });

  it('stand still while the queue is closed, and go on when it opens', async () => {
    const { agent } = await engine.login('ann').then((ann) => ann.expect(200, 'GET', '/api/v1/me'));
    await sam.expect(200, 'POST', `/api/v1/tickets/${late}/assign`, { agent: agent.id });
    const page = await browser.desk(engine, 'ann');
    await page.goto(`/tickets/${late}`);
    await page.locator('.inbox .row').getByText('answer in 4 h').waitFor();
    await sam.expect(200, 'POST', '/api/v1/queues/pair/close', { until: '2030-01-01T00:00:00Z' });
    await page.locator('.inbox .row').getByText('answer: 4 h, closed').waitFor();
    await sam.expect(200, 'POST', '/api/v1/queues/pair/open', {});
    await page.locator('.inbox .row').getByText('answer in 4 h').waitFor();
  });
});
