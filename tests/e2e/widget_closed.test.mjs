import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { launch, noBrowser, ShopPage } from './support/shop_page.mjs';
import { eventually } from './support/wait.mjs';

if (noBrowser) process.stderr.write(`\n*** SKIPPED, the closed chat is not tried in a browser: ${noBrowser} ***\n\n`);

describe('the chat\'s widget while the queue is closed', { skip: noBrowser || false }, () => {
  let engine;
  let browser;
  let shop;
  let context;
  before(async () => {
    engine = await Engine.start();
    await engine.stop();
    // Opens for a minute, half a day from now.
    const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][new Date(Date.now() + 12 * 3_600_000).getUTCDay()];
    const hour = String(new Date(Date.now() + 12 * 3_600_000).getUTCHours()).padStart(2, '0');
    await writeFile(join(engine.folder, 'rules', 'calendars.yaml'), JSON.stringify({ calendars: { seldom: { timezone: 'UTC', open: { [day]: [`${hour}:00-${hour}:01`] } } } }));
    const file = join(engine.folder, 'rules', 'queues.yaml');
    const rules = JSON.parse(await readFile(file, 'utf8'));
    Object.assign(rules.queues.general, { calendar: 'seldom', when_closed: { hold: true } });
    await writeFile(file, JSON.stringify(rules));
    await engine.begin();
    [browser, shop] = await Promise.all([launch(), ShopPage.open()]);
    context = await browser.newContext({ locale: 'en-GB' });
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
    await engine?.dispose();
  });

  it('asks for an address, and what is left becomes a contact that waits', async () => {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(shop.address(engine.url));
    await page.locator('kindred-chat .launch').click();
    const form = page.locator('kindred-chat form');
    await page.locator('kindred-chat form.offline').waitFor();
    await form.getByText('We are closed at the moment').waitFor();
    await form.getByLabel('Message').fill('Do you repair lamps?');
    await form.getByRole('button', { name: 'Send' }).click();
    // No address, a wrong one: nothing leaves.
    assert.equal(await page.locator('kindred-chat ol li').count(), 0);
    await form.getByLabel('Your e-mail').fill('no address');
    await form.getByRole('button', { name: 'Send' }).click();
    assert.equal(await page.locator('kindred-chat ol li').count(), 0);
    assert.equal(await form.getByLabel('Message').inputValue(), 'Do you repair lamps?');
    await form.getByLabel('Your name').fill('Nora Night');
    await form.getByLabel('Your e-mail').fill('nora@night.example');
    await form.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Thank you, we have your message.').waitFor();
    await page.locator('kindred-chat li.customer:not(.pending)', { hasText: 'Do you repair lamps?' }).waitFor();

    const sam = await engine.login('sam');
    const [ticket] = await eventually(async () => { const all = await sam.tickets({}); return all.length > 0 && all; }, 'the ticket');
    assert.equal(ticket.status, 'waiting');
    assert.equal(ticket.queue, 'general');
    assert.equal(ticket.customer.name, 'Nora Night');
    const detail = await sam.ticket(ticket.id);
    assert.equal(detail.contacts[0].text, 'Do you repair lamps?');
    assert.equal(detail.entries.find((each) => each.kind === 'contact').record.email, 'nora@night.example');
    // Nobody is offered it, though somebody is there.
    const ann = await Agent.arrive(engine, 'ann');
    assert.equal((await sam.ticket(ticket.id)).ticket.status, 'waiting');
    await ann.leave();
    await page.close();
  });

  it('shows the answer that came meanwhile to whoever comes back', async () => {
    const sam = await engine.login('sam');
    const [ticket] = await sam.tickets({});
    const ann = await Agent.arrive(engine, 'ann');
    await sam.expect(200, 'POST', `/api/v1/tickets/${ticket.id}/assign`, { agent: ann.id });
    await ann.reply(ticket, 'We do, on Mondays.');
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(shop.address(engine.url));
    await page.locator('kindred-chat .launch').click();
    await page.locator('kindred-chat li.agent', { hasText: 'We do, on Mondays.' }).waitFor();
    await page.locator('kindred-chat li.customer', { hasText: 'Do you repair lamps?' }).waitFor();
    await ann.resolve(ticket);
    await ann.leave();
  });
});

describe('the chat\'s widget while a supervisor has closed the queue', { skip: noBrowser || false }, () => {
  let engine;
  let browser;
  let shop;
  before(async () => {
    engine = await Engine.start();
    [browser, shop] = await Promise.all([launch(), ShopPage.open()]);
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
    await engine?.dispose();
  });

  it('asks for an address: who comes, and who was there already with the next message', async () => {
    const sam = await engine.login('sam');
    const open = async () => {
      const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(shop.address(engine.url));
      await page.locator('kindred-chat .launch').click();
      return page;
    };
    const early = await open();
    const say = async (page, text) => {
      await page.locator('kindred-chat form').getByLabel('Message').fill(text);
      await page.locator('kindred-chat form').getByRole('button', { name: 'Send' }).click();
      await page.locator('kindred-chat li.customer:not(.pending)', { hasText: text }).waitFor();
    };
    await say(early, 'first');
    assert.equal(await early.locator('kindred-chat form.offline').count(), 0);
    await sam.expect(200, 'POST', '/api/v1/queues/general/close', { until: new Date(Date.now() + 600_000).toISOString() });
    const late = await open();
    await late.locator('kindred-chat form.offline').waitFor();
    await say(early, 'second');
    await early.locator('kindred-chat form.offline').waitFor();
    await sam.expect(200, 'POST', '/api/v1/queues/general/open', {});
    const after = await open();
    await say(after, 'third');
    assert.equal(await after.locator('kindred-chat form.offline').count(), 0);
    await early.locator('kindred-chat form').getByLabel('Your e-mail').fill('nora@night.example');
    await say(early, 'fourth');
    await early.locator('kindred-chat form:not(.offline)').waitFor();
  });
});
