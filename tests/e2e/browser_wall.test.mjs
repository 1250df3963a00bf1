import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('the wall, where a supervisor steers', () => {
  let engine;
  let browser;
  let sam;
  let ann;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    sam = await engine.login('sam');
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  afterEach(() => browser.check());

  async function contact(text) {
    return (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('w')}@mail.example`, name: 'Ada', text, conversation: freshId('w') })).ticket;
  }
  const queue = async (name) => (await sam.expect(200, 'GET', '/api/v1/queues')).queues.find((each) => each.name === name);

  it('shows the service level of each queue in words and colour', async () => {
    const ticket = await contact('hello');
    await ann.resolve(await ann.take((held) => held.id === ticket), 'solved');
    const page = await browser.desk(engine, 'sam');
    await page.goto('/wall');
    const row = page.getByRole('row', { name: /^general/ });
    await row.getByText('100%, good').waitFor();
    await page.getByText(/^Service level: answered within 20 seconds/).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'wall-service-1440');
  });

  it('measures by what is chosen, which survives a reload and is nobody else\'s', async () => {
    const page = await browser.desk(engine, 'sam');
    await page.goto('/wall');
    await page.getByText('Service level: answered within 20 seconds, of those who came in the last 24 hours.').waitFor();
    const asked = page.waitForRequest((request) => /reports\/service-level\?.*within=60s/.test(request.url()));
    await page.getByLabel('Answered within').selectOption({ label: '1 minute' });
    await asked;
    await page.getByLabel('Of the last').selectOption({ label: '7 days' });
    const words = 'Service level: answered within 1 minute, of those who came in the last 7 days.';
    await page.getByText(words).waitFor();
    await eventually(async () => (await sam.expect(200, 'GET', '/api/v1/me/wall')).period_h === 168, 'the choice to be kept');
    await page.reload();
    await page.getByText(words).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    const root = await browser.desk(engine, 'root');
    await root.goto('/wall');
    await root.getByText(/answered within 20 seconds/).waitFor();
    assert.deepEqual(await sam.expect(200, 'GET', '/api/v1/me/wall'), { within_s: 60, period_h: 168 });
    for (const wrong of [{ within_s: 0 }, { within_s: 86_401 }, { period_h: 745 }, { period_h: 1.5 }, { within_s: '20' }, { other: 1 }]) await sam.expect(400, 'PUT', '/api/v1/me/wall', wrong);
    assert.deepEqual(await sam.expect(200, 'GET', '/api/v1/me/wall'), { within_s: 60, period_h: 168 });
    assert.equal((await (await engine.login('ann')).get('/api/v1/me/wall')).status, 403);
    await sam.expect(200, 'PUT', '/api/v1/me/wall', {});
  });

  it('drains a queue by keyboard: it closes, who waits goes elsewhere, and it opens again', async () => {
    const all = [await contact('brisk one'), await contact('brisk two')];
    await ann.presence('away');
    await eventually(async () => (await queue('brisk')).waiting === 2, 'both to wait');
    const page = await browser.desk(engine, 'sam');
    await page.goto('/wall');
    await page.getByRole('row', { name: /^brisk/ }).getByRole('button', { name: 'Drain brisk' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Drain brisk' });
    await dialog.getByText('2 wait in it now.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'drain-1440');
    await dialog.getByLabel('Closed until').fill('2030-01-01T12:00');
    await dialog.getByLabel('Who waits now').selectOption('general');
    await dialog.getByLabel('Who waits now').press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.news').getByText('2 tickets went to general.').waitFor();
    for (const id of all) assert.equal((await sam.ticket(id)).ticket.queue, 'general');
    assert.equal((await queue('brisk')).open, false);
    const row = page.getByRole('row', { name: /^brisk/ });
    await row.getByText(/by hand, until/).waitFor();
    await row.getByRole('button', { name: 'Open brisk again' }).click();
    await row.getByRole('button', { name: 'Drain brisk' }).waitFor();
    assert.equal((await queue('brisk')).open, true);
    await ann.presence('available');
  });

  it('says how many agents a goal takes, by the rules in force', async () => {
    const page = await browser.desk(engine, 'sam');
    await page.keyboard.press('g');
    await page.keyboard.press('y');
    await page.getByRole('heading', { name: 'Staffing', level: 1 }).waitFor();
    await page.getByLabel('Queue').selectOption('calls');
    await page.getByLabel('Contacts an hour').fill('60');
    await page.getByLabel('Handling, minutes').fill('4.5');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^\d+ agents are enough to answer 80 % within 20 seconds\.$/).waitFor();
    const enough = Number((await page.getByText(/agents are enough/).innerText()).split(' ')[0]);
    assert.ok(enough >= 5 && enough <= 9, `${enough} for four and a half erlangs`);
    await page.getByRole('row', { name: new RegExp(`^${enough}\\b.*enough`) }).waitFor();
    await page.getByRole('row', { name: new RegExp(`^${enough - 1}\\b.*(too few|without end)`) }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'staffing-1440');
    await page.getByLabel('Kind').selectOption('chat');
    await page.getByRole('button', { name: 'Simulate' }).click();
    await page.getByText('By the rules nobody comes into calls, but into: general.').waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    assert.deepEqual(await accessibilityFaults(page), []);
  });

  it('fits a telephone, in Spanish', async () => {
    const page = await browser.desk(engine, 'sam', { width: 360, height: 740 });
    await page.goto('/wall');
    await page.getByRole('button', { name: 'Drain brisk' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Español');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Vaciar brisk' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    assert.deepEqual(await accessibilityFaults(page), []);
  });
});
