import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { launch, noBrowser, ShopPage, Wire } from './support/shop_page.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { eventually } from './support/wait.mjs';

if (noBrowser) process.stderr.write(`\n*** SKIPPED, the chat's widget is not tried in a browser: ${noBrowser} ***\n\n`);

const chat = (ticket) => ticket.channel_kind === 'chat';
describe('the chat\'s widget in a browser', { skip: noBrowser || false }, () => {
  let engine;
  let browser;
  let shop;
  let wire;
  let ann;
  const contexts = [];
  before(async () => {
    engine = await Engine.start();
    [browser, shop, wire] = await Promise.all([launch(), ShopPage.open(), Wire.to(engine.ports.listen)]);
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await browser?.close();
    await Promise.all([shop?.close(), wire?.close()]);
    await ann?.leave();
    await engine?.dispose();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  /** A visitor's browser, with a page that has the chat open. */
  async function visit({ attributes = {}, options = {}, context = null } = {}) {
    const where = context ?? await browser.newContext({ locale: 'en-GB', ...options });
    if (!context) contexts.push(where);
    const page = await where.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(shop.address(wire.url, attributes));
    await page.locator('kindred-chat .launch').click();
    return page;
  }
  const lines = (page) => page.locator('kindred-chat ol li');
  const write = async (page, text) => {
    await page.locator('kindred-chat textarea').fill(text);
    await page.keyboard.press('Enter');
  };
  const textsOf = (page) => lines(page).evaluateAll((items) => items.map((item) => [item.classList[0], [...item.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('')]));

  it('carries words, typing and what was read, in both directions', async () => {
    const page = await visit();
    await write(page, 'Do you ship to Peru?');
    const ticket = await ann.take(chat);
    await page.locator('kindred-chat textarea').pressSequentially('and');
    await ann.desk.next('typing', (frame) => frame.ticket === ticket.id);
    ann.desk.send({ type: 'typing', ticket: ticket.id });
    await page.locator('kindred-chat .typing', { hasText: 'is writing' }).waitFor();
    const { entries } = await ann.client.ticket(ticket.id);
    ann.desk.send({ type: 'read', ticket: ticket.id, entry: entries.find((entry) => entry.kind === 'contact').number });
    await page.locator('kindred-chat li.customer .seen').waitFor();
    await ann.reply(ticket, 'We do.');
    await lines(page).filter({ hasText: 'We do.' }).waitFor();
    await eventually(async () => (await ann.client.ticket(ticket.id)).entries.some((entry) => entry.kind === 'status' && entry.record.status === 'read'), 'the read mark to be on record');
    await ann.resolve(ticket);
  });

  it('shows what anybody wrote as text and nothing else', async () => {
    const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=2</script><a href="javascript:window.pwned=3">x</a>{{7*7}}';
    const page = await visit();
    await write(page, evil);
    const ticket = await ann.take(chat);
    await ann.reply(ticket, evil);
    await eventually(async () => await lines(page).count() === 2, 'both lines');
    await page.reload();
    await page.locator('kindred-chat .launch').click();
    await eventually(async () => await lines(page).count() === 2, 'both lines after a reload');
    assert.deepEqual((await textsOf(page)).map(([, text]) => text), [evil, evil]);
    assert.equal(await page.locator('kindred-chat ol :is(img, script, a, iframe)').count(), 0);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    await ann.resolve(ticket);
  });

  it('is one conversation in two windows', async () => {
    const one = await visit();
    await write(one, 'from the first');
    const ticket = await ann.take(chat);
    const two = await visit({ context: one.context() });
    await lines(two).filter({ hasText: 'from the first' }).waitFor();
    await write(two, 'from the second');
    await lines(one).filter({ hasText: 'from the second' }).waitFor();
    await ann.reply(ticket, 'to both');
    for (const page of [one, two]) {
      await lines(page).filter({ hasText: 'to both' }).waitFor();
      assert.equal(await lines(page).count(), 3);
    }
    assert.equal((await ann.client.ticket(ticket.id)).contacts.length, 2);
    await ann.resolve(ticket);
  });
});
