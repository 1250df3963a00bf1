import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

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

  it('sends a failed message again, from the last deliveries and from the ticket', async () => {
    const sign = new Signer();
    const ann = await Agent.arrive(engine, 'ann');
    const from = freshNumber();
    await engine.anyone.deliver(sign.whatsapp({ from, name: `W ${from}`, text: 'hello' }));
    const ticket = await ann.take((one) => one.customer.name === `W ${from}`);
    const refusal = { status: 400, headers: {}, body: JSON.stringify({ error: { code: 131026, message: 'Message undeliverable' } }) };
    engine.doubles.graph.failNext(refusal, refusal);
    await ann.delivered(ticket, await ann.reply(ticket, 'a lamp'), 'failed');
    await ann.delivered(ticket, await ann.reply(ticket, 'and a bulb'), 'failed');

    await page.goto('/channels');
    await page.getByRole('button', { name: 'Last deliveries of whatsapp' }).click();
    const list = page.getByRole('region', { name: 'Last deliveries of whatsapp' });
    const buttons = list.getByRole('button', { name: `Send again the message of ticket ${ticket.id}` });
    await buttons.first().waitFor();
    assert.equal(await buttons.count(), 2);
    assert.deepEqual(await accessibilityFaults(page), []);
    await buttons.last().click();
    await engine.doubles.graph.next((each) => each.text === 'a lamp', 'the first message');
    await eventually(async () => {
      await list.getByRole('button', { name: 'Load anew' }).click();
      return (await buttons.count()) === 1;
    }, 'one failure to be left');

    await page.goto(`/tickets/${ticket.id}`);
    const bubble = page.getByRole('listitem').filter({ hasText: 'and a bulb' });
    await bubble.getByText('failed: WhatsApp error 131026').waitFor();
    await bubble.getByRole('button', { name: 'Send again' }).click();
    await engine.doubles.graph.next((each) => each.text === 'and a bulb', 'the second message');
    await bubble.getByText('sent', { exact: true }).waitFor();
    assert.equal(engine.doubles.graph.received.filter((each) => each.to.replace('+', '') === from).length, 2);
    await ann.resolve(ticket);
    await ann.leave();
  });
});
