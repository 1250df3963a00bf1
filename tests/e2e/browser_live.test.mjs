import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browser, presence, Wire } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const cuts = Number(process.env.KINDRED_CUTS ?? 25);

describe('the desk on a bad line', () => {
  let engine;
  let browser;
  let wire;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    wire = await Wire.to(engine.ports.listen);
  });
  after(async () => {
    await browser?.dispose();
    await wire?.close();
    await engine?.dispose();
  });

  async function contact(text, name, more = {}) {
    const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('l')}@mail.example`, name, text, ...more });
    assert.equal(answer.status, 202, answer.text);
    return answer.body.ticket;
  }

  it(`misses nothing when its socket is cut ${cuts} times`, async () => {
    const page = await browser.desk(engine, 'ann', { url: wire.url });
    await presence(page, 'available');
    const id = await contact('The first of many', 'Many Messages', { conversation: 'many' });
    await page.getByRole('article', { name: 'Offer: Many Messages' }).waitFor();
    await page.keyboard.press('a');
    await page.waitForURL(`**/tickets/${id}`);
    await page.getByRole('log').getByText('The first of many').waitFor();
    const client = await engine.login('ann');
    for (let round = 0; round < cuts; round += 1) {
      wire.cut();
      await client.expect(201, 'POST', `/api/v1/tickets/${id}/note`, { text: `note ${round}, written while the line was cut` });
      if (round % 5 === 4) await page.locator('.desk[data-live="live"]').waitFor();
    }
    await page.locator('.bubble.note').nth(cuts - 1).waitFor();
    const shown = await page.locator('.bubble.note .text').allTextContents();
    assert.deepEqual(shown.map((text) => text.trim()), Array.from({ length: cuts }, (_, round) => `note ${round}, written while the line was cut`));
    await client.expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});
    await page.locator('.ticket-head .status.resolved').waitFor();
    await presence(page, 'offline');
    browser.check();
  });

  it('says that it is not live, and takes back what could not be done', async () => {
    const page = await browser.desk(engine, 'ann', { url: wire.url });
    await presence(page, 'available');
    const id = await contact('Before the silence', 'Silent Sue');
    await page.getByRole('article', { name: 'Offer: Silent Sue' }).waitFor();
    wire.cut({ stay: true });
    await page.getByRole('alert').getByText('Not live since').waitFor();
    assert.equal(await page.locator('.desk').getAttribute('data-live'), 'stale');
    await page.keyboard.press('a');
    await page.locator('.news-item.bad').getByText('cannot be reached').waitFor();
    await page.getByRole('article', { name: 'Offer: Silent Sue' }).waitFor();
    wire.mend();
    // The desk may be back by itself before anybody could press it.
    await page.locator('.stale-banner button').evaluateAll((all) => all.forEach((each) => each.click()));
    await page.locator('.desk[data-live="live"]').waitFor();
    await page.keyboard.press('a');
    await page.waitForURL(`**/tickets/${id}`);
    const client = await engine.login('ann');
    await client.expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});
    await presence(page, 'offline');
    browser.check();
  });

  it('goes on after the engine was killed and started again', async () => {
    const page = await browser.desk(engine, 'ann');
    await presence(page, 'available');
    const id = await contact('Before the crash', 'Crash Carl');
    await page.getByRole('article', { name: 'Offer: Crash Carl' }).waitFor();
    await page.keyboard.press('a');
    await page.waitForURL(`**/tickets/${id}`);
    await page.getByRole('textbox', { name: 'Reply' }).fill('Written before the crash');
    await engine.kill();
    await page.getByRole('alert').getByText('Not live since').waitFor();
    await engine.begin();
    await page.locator('.desk[data-live="live"]').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Reply' }).inputValue(), 'Written before the crash');
    await page.getByRole('textbox', { name: 'Reply' }).press('Control+Enter');
    await page.locator('.bubble.reply:not(.leaving)').getByText('Written before the crash').waitFor();
    const client = await engine.login('ann');
    await client.expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});
    await presence(page, 'offline');
    browser.check();
  });

  it('asks for a log-in when the session has ended, and keeps what was written', async () => {
    const page = await browser.desk(engine, 'ann');
    await presence(page, 'available');
    const id = await contact('Before the session ends', 'Late Lou');
    await page.getByRole('article', { name: 'Offer: Late Lou' }).waitFor();
    await page.keyboard.press('a');
    await page.waitForURL(`**/tickets/${id}`);
    await page.getByRole('textbox', { name: 'Reply' }).fill('Not lost');
    await page.getByRole('radio', { name: 'Note' }).check();
    await page.context().clearCookies();
    // Whatever is asked first hears of it: this note, or what the desk asks by itself, and then the log-in lies over the button.
    await page.getByRole('button', { name: /^Save note/ }).click({ timeout: 3_000 }).catch(() => {});
    await page.getByText('Your session has ended.').waitFor();
    await page.getByLabel('Password').fill('secret-ann');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Your session has ended.').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('textbox', { name: 'Note' }).inputValue(), 'Not lost');
    const client = await engine.login('ann');
    await client.expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});
    browser.check();
  });

  it('says that a role was withdrawn', async () => {
    const page = await browser.desk(engine, 'sam');
    await page.getByRole('link', { name: 'Wall' }).click();
    await page.getByRole('heading', { name: 'Agents' }).waitFor();
    const root = await engine.login('root');
    const { agent } = await (await engine.login('sam')).expect(200, 'GET', '/api/v1/me');
    await root.expect(200, 'PATCH', `/api/v1/agents/${agent.id}`, { role: 'agent' });
    await page.getByRole('status').getByText('Your role is now “agent”. You may no longer:').waitFor();
    await page.getByRole('alert').getByText('does not permit: see the wall').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Wall' }).count(), 0);
    await root.expect(200, 'PATCH', `/api/v1/agents/${agent.id}`, { role: 'supervisor' });
    await page.getByRole('heading', { name: 'Agents' }).waitFor();
    browser.check();
  });
});
