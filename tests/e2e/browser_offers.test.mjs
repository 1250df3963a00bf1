import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, presence } from './support/browser.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('offers, and tickets by the handful, in a browser', () => {
  let engine;
  let browser;
  let sam;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    sam = await engine.login('sam');
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  afterEach(() => browser.check());

  const contact = async (name, text) => (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('o')}@mail.example`, name, text, conversation: freshId('o') })).ticket;

  it('are heard, and seen by who looks elsewhere: who, and what it is about', async () => {
    const page = await browser.page(engine.url, { permissions: ['notifications'] });
    // What the browser is asked to show and play is written down, and happens all the same.
    await page.addInitScript(() => {
      globalThis.shown = [];
      globalThis.tones = 0;
      globalThis.looksHere = true;
      const Real = globalThis.Notification;
      globalThis.Notification = class extends Real {
        constructor(title, options) {
          super(title, options);
          globalThis.shown.push([title, options.body]);
        }
      };
      const play = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function start(...at) {
        globalThis.tones += 1;
        return play.apply(this, at);
      };
      Document.prototype.hasFocus = () => globalThis.looksHere;
    });
    await page.goto('/');
    await page.getByLabel('Log-in').fill('ann');
    await page.getByLabel('Password').fill('secret-ann');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.desk[data-live="live"]').waitFor();
    await presence(page, 'available');
    const told = () => page.evaluate(() => ({ shown: globalThis.shown, tones: globalThis.tones }));

    const first = await contact('Ada Lovelace', 'Where is my lamp?');
    await page.getByRole('article', { name: 'Offer: Ada Lovelace' }).waitFor();
    await eventually(async () => (await told()).tones === 2, 'two tones');
    assert.deepEqual((await told()).shown, [], 'whoever looks here sees the card');
    const card = page.getByRole('article', { name: 'Offer: Ada Lovelace' });
    await card.getByText(/^waiting for \d+ s/).waitFor();
    await card.getByRole('timer').waitFor();
    await card.getByRole('list', { name: 'Why this ticket is here' }).getByText('fallback').waitFor();
    await page.keyboard.press('a');
    await page.waitForURL(`**/tickets/${first}`);

    await page.evaluate(() => { globalThis.looksHere = false; });
    const second = await contact('Grace Hopper', 'It hums.');
    await page.getByRole('article', { name: 'Offer: Grace Hopper' }).waitFor();
    await eventually(async () => (await told()).shown.length === 1, 'a notification');
    const [[title, body]] = (await told()).shown;
    assert.equal(title, 'Offer: Grace Hopper');
    assert.match(body, /It hums|\(no subject\)/);
    assert.equal((await told()).tones, 4);
    await page.keyboard.press('a');

    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sound off' }).click();
    await page.keyboard.press('Escape');
    const third = await contact('Mary Somerville', 'Hello.');
    await page.getByRole('article', { name: 'Offer: Mary Somerville' }).waitFor();
    await eventually(async () => (await told()).shown.length === 2, 'the second notification');
    assert.equal((await told()).tones, 4, 'who wants no sound hears none');
    await page.keyboard.press('a');
    await page.waitForURL(`**/tickets/${third}`);
    await presence(page, 'offline');
    for (const id of [first, second, third]) await sam.expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});
  });

  it('several at once are handed on and resolved by keys; those that refuse stay chosen and say why', async () => {
    const names = ['Ida One', 'Ida Two', 'Ida Three'];
    const ids = [];
    for (const name of names) ids.push(await contact(name, 'one of several'));
    const page = await browser.desk(engine, 'sam');
    for (const key of ['g', 'a']) await page.keyboard.press(key);
    for (const name of names) {
      await page.getByRole('checkbox', { name: `Choose ${name}` }).focus();
      await page.keyboard.press('Space');
    }
    const bar = page.getByRole('group', { name: '3 chosen' });
    await bar.waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await bar.getByLabel('Transfer to a queue').or(bar.getByRole('combobox')).first().selectOption('brisk');
    await bar.getByRole('button', { name: 'Transfer' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Done for 3.').waitFor();
    for (const id of ids) assert.equal((await sam.ticket(id)).ticket.queue, 'brisk');

    const ann = await Agent.arrive(engine, 'ann');
    await ann.take((ticket) => ticket.id === ids[0], 'the first of them');
    await ann.presence('away');
    await sam.expect(200, 'POST', `/api/v1/tickets/${ids[1]}/assign`, { agent: ann.id });
    for (const name of names) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
    // One of them ends in another window.
    await ann.resolve({ id: ids[1] });
    await page.getByRole('group', { name: /chosen$/ }).getByRole('button', { name: 'Resolve' }).click();
    await page.locator('.news-item').filter({ hasText: /were refused: / }).waitFor();
    await eventually(async () => (await sam.ticket(ids[0])).ticket.status === 'resolved', 'what could be resolved to be resolved');
    for (const id of ids) if ((await sam.ticket(id)).ticket.status !== 'resolved') {
      await sam.expect(200, 'POST', `/api/v1/tickets/${id}/assign`, { agent: ann.id });
      await ann.resolve({ id });
    }
    await ann.leave();
  });

  it('a supervisor sees on the wall who holds what, and gives it to somebody else', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const id = await contact('Kim Kent', 'does it come in green');
    await ann.take((ticket) => ticket.id === id);
    await ann.presence('away');
    const bo = await Agent.arrive(engine, 'bo');
    const page = await browser.desk(engine, 'sam');
    for (const key of ['g', 'w']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Ann Archer' }).click();
    const give = page.getByLabel(`Give ticket ${id} to somebody else`);
    await give.waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await give.selectOption({ label: 'Bo Berg · available' });
    await page.getByText(`Ticket ${id} goes to Bo Berg.`).waitFor();
    assert.equal((await sam.ticket(id)).ticket.holder.id, bo.id);
    await bo.resolve({ id });
    await bo.leave();
    await ann.leave();
  });
});
