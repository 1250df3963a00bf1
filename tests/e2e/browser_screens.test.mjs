import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, presence, screenshot } from './support/browser.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';

const firstLoad = 250_000;
const stories = [
  ['Ada Lovelace', 'Where is my order 4711?', 'Order 4711', 'I ordered the Aurora floor lamp two weeks ago and it has not arrived yet. Could you tell me where my order is? I need it by Friday.'],
  ['Grace Hopper', 'Invoice without VAT number', 'Invoice', 'The invoice for my last order has no VAT number on it. Could you send it again?'],
  ['Ñandú García', 'La lámpara parpadea', 'Parpadeo', 'Hola, la lámpara del salón parpadea desde ayer.'],
  ['Katherine Johnson', 'Forty lamps for our office', 'Quote', 'We are moving in March and need forty desk lamps. What would you recommend?'],
  ['محمد', 'Return', 'Return', 'I would like to send a lamp back.'],
];

describe('the screens of the desk', () => {
  let engine;
  let browser;
  let first;
  const faults = new Set();
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    for (const [name, subject, , text] of stories) {
      const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('s')}@mail.example`, name, subject, text });
      assert.equal(answer.status, 202, answer.text);
      first ??= answer.body.ticket;
    }
    const ann = await Agent.arrive(engine, 'ann');
    for (let count = 0; count < 4; count += 1) await ann.accept(await ann.offer());
    await ann.note({ id: first }, 'The warehouse has it at the door.');
    await ann.reply({ id: first }, 'Hello Ada, it left our warehouse this morning and arrives on Thursday.');
    await ann.presence('away', 'lunch');
    await ann.desk.close();
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });

  afterEach(() => {
    const found = [...faults];
    faults.clear();
    assert.deepEqual(found, []);
  });

  /** No serious fault, nothing wider than the screen, no word cut off by the edge. */
  async function sound(page, what) {
    for (const fault of await accessibilityFaults(page)) faults.add(`${what}: ${fault}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) faults.add(`${what} is ${wide} pixels wider than the screen`);
    browser.check();
  }

  it('are small at the first load, compressed, and kept by the browser', async () => {
    const page = await browser.page(engine.url);
    const loaded = [];
    page.on('response', (answer) => loaded.push(answer));
    await page.goto('/');
    await page.getByLabel('Log-in').waitFor();
    let scripts = 0;
    for (const answer of loaded.filter((each) => /\.(js|css)$/.test(new URL(each.url()).pathname))) {
      const { responseBodySize } = await answer.request().sizes();
      if (answer.url().endsWith('.js')) scripts += responseBodySize;
      const headers = await answer.allHeaders();
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable', answer.url());
      // What is smaller than a packet is not worth it.
      if (responseBodySize >= 1_400) assert.match(headers['content-encoding'] ?? '', /^(br|gzip)$/, answer.url());
    }
    assert.ok(scripts > 10_000 && scripts < firstLoad, `${scripts} bytes of script at the first load`);
    const policy = (await loaded[0].allHeaders())['content-security-policy'];
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    for (const path of ['/tickets/17', '/wall', '/nowhere/at/all']) {
      const view = await engine.anyone.get(path, { Accept: 'text/html' });
      assert.equal(view.status, 200, path);
      assert.match(view.text, /<div id="app">/);
    }
    assert.equal((await engine.anyone.get('/assets/nothing-12345678.js', { Accept: '*/*' })).status, 404);
    browser.check();
  });

  for (const [width, height, dark] of [[1440, 900, false], [1440, 900, true], [360, 740, false], [360, 740, true], [900, 800, false]]) {
    it(`are sound at ${width} pixels, ${dark ? 'dark' : 'light'}`, async () => {
      const shape = `${width}${dark ? '-dark' : ''}`;
      const size = { width, height, dark };
      const login = await browser.page(engine.url, size);
      await login.goto('/');
      await login.getByLabel('Log-in').waitFor();
      await sound(login, 'the log-in');
      await screenshot(login, `login-${shape}`);

      const page = await browser.desk(engine, 'ann', size);
      await page.locator('.row').first().waitFor();
      await sound(page, 'the list');
      await screenshot(page, `inbox-${shape}`);
      await page.locator('.row-button').filter({ hasText: 'Ada Lovelace' }).click();
      await page.locator('.bubble.reply').waitFor();
      await page.getByRole('tab', { name: 'Why' }).click();
      await page.getByText(/routing\.yaml:\d+/).first().waitFor();
      await sound(page, 'why');
      await screenshot(page, `why-${shape}`);
      await page.getByRole('tab', { name: 'Customer' }).click();
      await page.getByText('reached at').waitFor();
      await sound(page, 'the customer');
      await screenshot(page, `customer-${shape}`);
      await page.getByRole('tab', { name: 'Script and articles' }).click();
      await sound(page, 'a ticket');
      await presence(page, 'available');
      await page.locator('.offer').first().waitFor();
      await sound(page, 'an offer');
      await screenshot(page, `ticket-${shape}`);
      await presence(page, 'away');
      await page.locator('.offer').waitFor({ state: 'detached' });
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Commands' }).waitFor();
      await sound(page, 'the command bar');
      await screenshot(page, `commands-${shape}`);
      await page.keyboard.press('Escape');
      await page.getByRole('combobox', { name: 'Commands' }).waitFor({ state: 'detached' });
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await sound(page, 'the keys');
      await screenshot(page, `keys-${shape}`);

      const lead = await browser.desk(engine, 'sam', size);
      await lead.getByRole('link', { name: 'Wall' }).click();
      await lead.getByRole('button', { name: 'Ann Archer' }).click();
      await lead.getByText('Order 4711').or(lead.getByText('Where is my order 4711?')).first().waitFor();
      await sound(lead, 'the wall');
      await screenshot(lead, `wall-${shape}`);
    });
  }

  it('show a call', async () => {
    const sign = new Signer(undefined, engine.url);
    const bo = await Agent.arrive(engine, 'bo');
    await bo.resolve(await bo.take());
    assert.equal((await engine.anyone.deliver(sign.call({ from: `+${freshNumber()}` }))).status, 200);
    const offer = await bo.offer((ticket) => ticket.channel_kind === 'phone');
    const page = await browser.desk(engine, 'sam');
    await page.goto(`/tickets/${offer.ticket.id}`);
    await page.getByRole('region', { name: 'Call' }).getByText('Caller waits').waitFor();
    await sound(page, 'a call');
    await screenshot(page, 'call-1440');
    await bo.decline(offer);
    await bo.leave();
  });
});
