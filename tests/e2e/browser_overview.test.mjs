import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('what goes beyond one conversation, in a browser', () => {
  let engine;
  let browser;
  let ann;
  let sam;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    [ann, sam] = await Promise.all(['ann', 'sam'].map((login) => engine.login(login)));
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  afterEach(() => browser.check());

  async function contact(name, text, from = `${freshId('o')}@mail.example`) {
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, name, text, conversation: freshId('o') });
    return { ticket, from };
  }

  it('an agent overrides a stage with a reason and an end, sees the journey, and lifts it again', async () => {
    const { ticket, from } = await contact('Ada Lovelace', 'first');
    const { customer } = (await ann.ticket(ticket)).ticket;
    const page = await browser.desk(engine, 'ann');
    await page.goto(`/tickets/${ticket}`);
    await page.getByRole('log').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Override segment or stage' }).click();
    const dialog = page.getByRole('dialog', { name: 'Override segment or stage' });
    await dialog.getByLabel('Dimension').selectOption('stage');
    await dialog.getByLabel('Is from now on').selectOption('established');
    assert.ok(await dialog.getByRole('button', { name: 'Override segment or stage' }).isDisabled(), 'without a reason');
    await dialog.getByLabel('Why').fill('signed by phone');
    await dialog.getByLabel('Until').fill('2099-01-01T00:00');
    assert.deepEqual(await accessibilityFaults(page), []);
    await dialog.getByRole('button', { name: 'Override segment or stage' }).click();
    await page.locator('.pins').getByText('signed by phone').waitFor();
    const known = async () => (await ann.expect(200, 'GET', `/api/v1/customers/${customer.id}`)).customer;
    const pinned = await known();
    assert.equal(pinned.stage, 'established');
    assert.equal(pinned.pins[0].by, 'agent:ann');
    assert.ok(pinned.pins[0].until.startsWith('2098-12-31') || pinned.pins[0].until.startsWith('2099-01-01'), pinned.pins[0].until);

    await contact('Ada Lovelace', 'second', from);
    await page.reload();
    await page.getByRole('log').waitFor();
    const journey = page.getByRole('region', { name: 'Journey' });
    await journey.getByText('stage: from considering to established').waitFor();
    assert.equal(await journey.locator('li.contact').count(), 2);
    await journey.getByText('First contact').waitFor();
    await screenshot(page, 'journey-1440');
    await page.locator('.pins').getByRole('button', { name: 'Lift the override of stage' }).click();
    await page.locator('.pins').waitFor({ state: 'detached' });
    assert.equal((await known()).stage, 'considering');
  });

  it('a supervisor makes one incident of many tickets, answers all of them at once and ends them', async () => {
    const all = [await contact('Grace Hopper', 'It is down'), await contact('Mary Somerville', 'Down again'), await contact('Emmy Noether', 'Nothing works')];
    const page = await browser.desk(engine, 'sam');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    for (const name of ['Grace Hopper', 'Mary Somerville']) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
    await page.getByRole('button', { name: 'New incident' }).click();
    await page.getByLabel('What has happened').fill('The cloud of the bridges is down');
    await page.getByRole('dialog').getByRole('button', { name: 'New incident' }).click();
    const card = page.getByRole('region', { name: 'The cloud of the bridges is down' });
    await card.getByText('2 tickets').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await card.getByRole('button', { name: 'Add tickets' }).click();
    await page.getByLabel('Numbers of tickets').fill(`#${all[2].ticket}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Add tickets' }).click();
    await card.getByText('3 tickets').waitFor();
    await screenshot(page, 'incidents-1440');
    await card.getByRole('button', { name: 'Reply to all' }).click();
    await page.getByRole('dialog').getByLabel('Reply').fill('We are on it.');
    await page.getByRole('dialog').getByRole('button', { name: 'Reply to all' }).click();
    await page.locator('.news').getByText('Done for 3 tickets, 0 passed over.').waitFor();
    for (const { ticket } of all) assert.ok((await sam.ticket(ticket)).entries.some((each) => each.kind === 'reply' && each.text === 'We are on it.'), ticket);
    await page.goto(`/tickets/${all[0].ticket}`);
    await page.locator('.ticket-head').getByRole('link', { name: /^incident/ }).click();
    await card.getByRole('button', { name: 'Resolve all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve all' }).click();
    await card.getByText('resolved').waitFor();
    for (const { ticket } of all) assert.equal((await sam.ticket(ticket)).ticket.status, 'resolved');
  });

  it('a supervisor sees what each segment gets at each stage on each kind of channel, and what is missing', async () => {
    const page = await browser.desk(engine, 'sam');
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    const cells = page.locator('table.coverage tbody tr');
    await eventually(async () => (await cells.count()) === 4, 'two segments at two stages');
    const row = cells.filter({ hasText: 'regular' }).filter({ hasText: 'established' });
    const phone = (await page.locator('table.coverage thead th').allInnerTexts()).findIndex((each) => each === 'phone') - 1;
    const said = await row.locator('td').nth(phone).innerText();
    assert.match(said, /calls/);
    assert.match(said, /call ·/, 'the script for calls');
    assert.match(await row.locator('td').nth(phone === 1 ? 2 : 1).innerText(), /only the fallback/);
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'coverage-1440');
    const { cells: told } = await sam.expect(200, 'GET', '/api/v1/coverage');
    assert.equal(told.filter((each) => each.channel_kind === 'phone' && each.gaps.includes('fallback')).length, 0);
    assert.equal((await ann.get('/api/v1/coverage')).status, 403);
    assert.equal((await sam.get('/api/v1/coverage?dimension=nothing')).status, 404);
  });
});

describe('the first steps of an admin, in a browser', () => {
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

  it('lead from a site without agents at work to the first answered contact', async () => {
    const page = await browser.desk(engine, 'root');
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    const now = (name) => page.locator('.first-steps li[aria-current="step"]').getByRole('heading', { name: new RegExp(`^${name}`) }).waitFor();
    await now('Somebody who is there');
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'start-1440');
    const ann = await browser.desk(engine, 'ann');
    await ann.getByRole('button', { name: /^Presence/ }).click();
    await ann.getByRole('menuitem', { name: 'available' }).click();
    await now('The first contact');
    await page.getByRole('button', { name: 'Send it as a customer' }).click();
    await now('Somebody takes it');
    await ann.getByRole('article', { name: 'Offer: First Customer' }).getByRole('button', { name: /^Accept/ }).click();
    await now('Somebody answers it');
    await ann.locator('.ticket-head .status.held').waitFor();
    await ann.keyboard.press('r');
    await ann.keyboard.type('It left yesterday.');
    await ann.keyboard.press('Control+Enter');
    await page.getByText('All of it works').waitFor();
    browser.check();
  });
});
