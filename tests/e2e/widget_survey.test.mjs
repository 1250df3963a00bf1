import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, noBrowser, ShopPage } from './support/shop_page.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { eventually } from './support/wait.mjs';

if (noBrowser) process.stderr.write(`\n*** SKIPPED, surveys are not tried in the chat's widget: ${noBrowser} ***\n\n`);

const evil = '<img src=x onerror="window.pwned=1">';
const surveys = { surveys: [{ name: 'how we did', ask: [
  { kind: 'csat', text: `How satisfied are you? ${evil}` },
  { kind: 'preference', name: 'loves', text: 'What do you love?', options: { light: `The light ${evil}`, price: 'The price' } },
  'What frustrates you?',
] }] };

describe('a survey in the chat\'s widget', { skip: noBrowser || false }, () => {
  let engine;
  let browser;
  let shop;
  let ann;
  before(async () => {
    engine = await Engine.start({ rules: { surveys } });
    [browser, shop] = await Promise.all([launch(), ShopPage.open()]);
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
    await ann?.leave();
    await engine?.dispose();
  });

  it('is answered by clicks, and on the page that its link opens', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(shop.address(engine.url, {}));
    await page.locator('kindred-chat .launch').click();
    await page.locator('kindred-chat textarea').fill('Do you ship to Peru?');
    await page.keyboard.press('Enter');
    const ticket = await ann.take((each) => each.channel_kind === 'chat');
    await ann.resolve(ticket, 'solved');
    const buttons = page.locator('kindred-chat .choices button');
    await buttons.first().waitFor();
    assert.deepEqual(await buttons.allTextContents(), ['1', '2', '3', '4', '5']);

    await page.reload();
    await page.locator('kindred-chat .launch').click();
    await buttons.filter({ hasText: '4' }).click();
    await buttons.filter({ hasText: 'The price' }).waitFor();
    assert.equal(await buttons.count(), 2, 'the question that is answered has no buttons any more');
    await buttons.filter({ hasText: 'The price' }).click();
    const more = page.locator('kindred-chat li a', { hasText: 'Tell us more' });
    await more.waitFor();
    assert.equal(await buttons.count(), 0);

    const [form] = await Promise.all([context.waitForEvent('page'), more.click()]);
    await form.locator('textarea').fill('The wait.');
    await form.locator('button').click();
    await form.locator('[role=status]', { hasText: 'Thank you' }).waitFor();
    await eventually(async () => (await ann.client.ticket(ticket.id)).survey.answers.length === 3, 'the answers');
    const { survey, ticket: held } = await ann.client.ticket(ticket.id);
    assert.deepEqual(survey.answers.map((each) => each.value ?? each.choice ?? each.text), [4, 'price', 'The wait.']);
    assert.equal(held.status, 'resolved', 'no answer has opened it again');
    for (const each of [page, form]) assert.equal(await each.evaluate(() => window.pwned), undefined);
    await context.close();
  });

  it('keeps the buttons of a question that is shown before the answer to the one before is acknowledged', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    let withheld = null;
    await page.routeWebSocket(/\/chat\//, (line) => {
      const far = line.connectToServer();
      far.onMessage((frame) => {
        if (withheld && /^(ack|own)$/.test(JSON.parse(frame).type)) withheld.push(frame);
        else line.send(frame);
      });
      page.release = () => { const frames = withheld; withheld = null; frames.forEach((frame) => line.send(frame)); return frames.length; };
    });
    await page.goto(shop.address(engine.url, {}));
    await page.locator('kindred-chat .launch').click();
    await page.locator('kindred-chat textarea').fill('And to Chile?');
    await page.keyboard.press('Enter');
    const ticket = await ann.take((each) => each.channel_kind === 'chat');
    await ann.resolve(ticket, 'solved');
    const buttons = page.locator('kindred-chat .choices button');
    await buttons.first().waitFor();
    withheld = [];
    await buttons.filter({ hasText: '4' }).click();
    await page.locator('kindred-chat li.agent', { hasText: 'What do you love?' }).waitFor();
    assert.deepEqual(await buttons.allTextContents(), [`The light ${evil}`, 'The price']);
    assert.equal(page.release(), 2, 'the acknowledgement, and the line for other windows');
    await page.locator('kindred-chat li.customer:not(.pending)', { hasText: '4' }).waitFor();
    const said = await page.locator('kindred-chat li').evaluateAll((lines) => lines.map((each) => each.firstChild.textContent));
    assert.deepEqual(said.slice(-2), ['4', 'What do you love?'], 'in the order of the record');
    assert.deepEqual(await buttons.allTextContents(), [`The light ${evil}`, 'The price']);
    await buttons.filter({ hasText: 'The price' }).click();
    await page.locator('kindred-chat li a', { hasText: 'Tell us more' }).waitFor();
    assert.equal(await buttons.count(), 0);
    await context.close();
  });
});
