import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';

describe('the screen of the channels', () => {
  let engine;
  let browser;
  let page;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    page = await browser.desk(engine, 'root');
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  afterEach(() => browser.check());

  it('tests a channel by a button: it works, it does not, it cannot be asked', async () => {
    await page.goto('/channels');
    await page.getByRole('button', { name: 'Test of helpline' }).click();
    const helpline = page.getByRole('region', { name: 'Test of helpline' });
    await helpline.getByRole('status').getByText('works', { exact: true }).waitFor();
    assert.match(await helpline.getByRole('listitem').innerText(), /works · account · Lumen · answered 200 · \d+ ms/);

    engine.doubles.twilio.failNext({ status: 401, headers: {}, body: JSON.stringify({ code: 20003, message: 'Authenticate' }) });
    await helpline.getByRole('button', { name: 'Test again' }).click();
    await helpline.getByRole('status').getByText('does not work').waitFor();
    await helpline.getByText('Twilio error 20003: Authenticate').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'channel-test-1440');

    await page.getByRole('button', { name: 'Test of webchat' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Test of webchat' }).getByRole('status').getByText('cannot be asked').waitFor();

    const sam = await browser.desk(engine, 'sam');
    await sam.goto('/channels');
    await sam.getByRole('rowheader', { name: 'helpline' }).waitFor();
    assert.equal(await sam.getByRole('button', { name: /^Test of/ }).count(), 0);
  });
});
