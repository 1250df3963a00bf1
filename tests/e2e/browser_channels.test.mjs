import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
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

  it('sends a message to an address that somebody types, says what became of it, and puts it on record', async () => {
    const to = `${freshId('t')}@mail.example`;
    await page.goto('/channels');
    await page.getByRole('button', { name: 'Test of support-mail' }).click();
    const form = page.getByRole('form', { name: 'Test message through support-mail' });
    await form.getByLabel('Send a test message to').fill('nobody in particular');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Test of support-mail' }).getByRole('alert').getByText('to: wants a mail address').waitFor();
    await form.getByLabel('Send a test message to').fill(to);
    await page.keyboard.press('Enter');
    const arrived = await engine.doubles.mailgun.next((mail) => mail.to.includes(to), 'the test message');
    assert.match(arrived.subject, /Test of support-mail/);
    assert.match(arrived.text, /test of the channel support-mail/);
    await form.getByRole('status').getByText('sent', { exact: true }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'channel-message-1440');
    const id = (await form.getByRole('link').innerText()).trim().slice(1);

    const root = await engine.login('root');
    const { ticket, entries } = await root.ticket(id);
    assert.deepEqual([ticket.status, ticket.holder], ['resolved', null]);
    assert.deepEqual(entries.map((each) => each.kind).slice(0, 2), ['message_test', 'reply']);
    const { agents } = await root.expect(200, 'GET', '/api/v1/agents');
    assert.ok(agents.every((each) => each.used === 0), 'it takes nobody\'s capacity');
    const noted = (await root.expect(200, 'GET', '/api/v1/audit')).records.find((each) => each.action === 'channel.message_tested');
    assert.deepEqual([noted.by, noted.about, noted.detail], ['agent:root', 'channel:support-mail', { ticket: id }]);

    engine.doubles.mailgun.failNext({ status: 400, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ message: 'Domain is not allowed to send' }) });
    await form.getByRole('button', { name: 'Send' }).click();
    await form.getByRole('status').getByText('failed', { exact: true }).waitFor();
    await form.getByRole('status').getByText('Domain is not allowed to send').waitFor();

    // Whoever answers a test is a customer like any other: nothing of the test stands in the way.
    await page.goto(`/tickets/${id}`);
    await page.getByRole('log').getByText('This is a test of the channel support-mail').waitFor();
    for (const [login, status] of [['sam', 403], ['ann', 403]])
      assert.equal((await (await engine.login(login)).post('/api/v1/channels/support-mail/test-message', { to })).status, status, login);
    for (const [channel, body, status, says] of [['helpline', { to: '+525512345678' }, 400, /no message goes out by phone/], ['nowhere', { to }, 404, /no channel/], ['support-mail', {}, 400, /^to: is missing/], ['support-mail', { to, size: 1 }, 400, /^size: unknown/]]) {
      const refused = await root.post(`/api/v1/channels/${channel}/test-message`, body);
      assert.equal(refused.status, status);
      assert.match(refused.body.detail, says);
    }
    const key = { 'Idempotency-Key': freshId('k') };
    const other = `${freshId('t')}@mail.example`;
    const once = await root.post('/api/v1/channels/support-mail/test-message', { to: other }, key);
    const again = await root.post('/api/v1/channels/support-mail/test-message', { to: other }, key);
    assert.equal(once.body.ticket.id, again.body.ticket.id);
    await page.goto('/channels');
    await page.getByRole('button', { name: 'Test of webchat' }).click();
    await page.getByRole('region', { name: 'Test of webchat' }).waitFor();
    assert.equal(await page.getByRole('form', { name: /^Test message/ }).count(), 0, 'nobody can be written to first there');
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
