import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { MailSender, mailText } from './support/lmtp.mjs';
import { secrets } from './support/secrets.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('messages after they were sent, in a browser', () => {
  const sign = new Signer();
  let engine;
  let browser;
  let ann;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  afterEach(() => browser.check());

  async function open(ticket) {
    const page = await browser.desk(engine, 'ann');
    await page.goto(`/tickets/${ticket.id}`);
    await page.getByRole('log').waitFor();
    return page;
  }

  it('show while somebody looks that they were read, what failed and why, and reactions', async () => {
    const from = freshNumber();
    assert.equal((await engine.anyone.deliver(sign.whatsapp({ from, name: `M ${from}`, text: 'Where is my lamp?' }))).status, 200);
    const ticket = await ann.take((held) => held.customer.name === `M ${from}`);
    const page = await open(ticket);
    const sent = async (text) => {
      await ann.reply(ticket, text);
      return engine.doubles.graph.next((message) => message.to.replace('+', '') === from && message.text === text);
    };
    const first = await sent('It left yesterday.');
    const bubble = (text) => page.locator('.bubble.reply').filter({ hasText: text });
    await bubble('It left yesterday.').locator('.delivery').getByText(/^sent/).waitFor();
    for (const status of ['delivered', 'read']) {
      await engine.anyone.deliver(sign.whatsappStatus({ id: first.id, status, to: from }));
      await bubble('It left yesterday.').locator('.delivery').getByText(new RegExp(`^${status}`)).waitFor();
    }
    await engine.anyone.deliver(sign.whatsappRaw({ from, name: `M ${from}`, content: { type: 'reaction', reaction: { message_id: first.id, emoji: '👍' } } }));
    await bubble('It left yesterday.').locator('.reactions').getByText('👍').waitFor();
    const second = await sent('Anything else?');
    await engine.anyone.deliver(sign.whatsappStatus({ id: second.id, status: 'failed', to: from, errors: [{ code: 131026, title: 'Message undeliverable' }] }));
    await bubble('Anything else?').locator('.delivery').getByText(/^failed.*undeliverable/).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'messages-1440');
    await ann.resolve(ticket, 'solved');
  });

  it('show a mail of two megabytes by its beginning, and keys go on', async () => {
    const from = `${freshId('m')}@mail.example`;
    const to = secrets.postbox.address;
    const relay = await MailSender.connect(engine.ports.mail);
    const line = 'All work and no play makes a long mail, and this is one line of it. ';
    const text = Array.from({ length: 30_000 }, (_, at) => line + at).join('\n');
    assert.ok(text.length > 2_000_000);
    const codes = await relay.mail({ from, to: [to], content: mailText({ from: `Long Writer <${from}>`, to, subject: 'everything', messageId: `<${freshId('m')}@mail.example>`, text }) });
    assert.deepEqual(codes, [250]);
    await relay.quit();
    const ticket = await ann.take((held) => held.subject === 'everything');
    const page = await open(ticket);
    await page.locator('.bubble .text').getByText(line.trim()).first().waitFor();
    assert.ok((await page.locator('.bubble .text').innerText()).length <= 6_000);
    await page.keyboard.press('c');
    await page.getByText('reached at').waitFor();
    await page.keyboard.press('r');
    await page.keyboard.type('Thank you for all of this.');
    assert.equal(await page.getByRole('textbox', { name: 'Reply' }).inputValue(), 'Thank you for all of this.');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Show all of it/ }).click();
    await eventually(async () => (await page.locator('.bubble .text').evaluate((each) => each.textContent.length)) > 1_000_000, 'the rest of it');
    await ann.resolve(ticket, 'solved');
  });

  it('of one customer who seems to be another are joined by an agent, after a look at what speaks for it', async () => {
    const key = freshId('j');
    const name = `Maria ${key}`;
    const rows = [1, 2].map((each) => ({ external: `${key}-${each}`, email: `${key}-${each}@mail.example`, name, attributes: { orders: 7 } }));
    const brought = await fetch(`${engine.url}/api/v1/import/customers`, {
      method: 'POST', headers: { 'Content-Type': 'application/x-ndjson', Authorization: `Bearer ${engine.shop.token}` }, body: rows.map((row) => JSON.stringify(row)).join('\n'),
    });
    assert.equal(brought.status, 200);
    const sam = await engine.login('sam');
    assert.ok((await sam.expect(200, 'POST', '/api/v1/join-proposals/search', {})).proposed >= 1);
    await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${key}-1@mail.example`, text: 'it is me', conversation: key });
    const ticket = await ann.take((held) => held.customer.name === name);
    const page = await open(ticket);
    await page.keyboard.press('c');
    const proposals = page.getByRole('region', { name: 'May be the same person' });
    await proposals.getByText(`name: ${name} · orders: 7`).waitFor();
    await proposals.getByText(`${key}-2@mail.example`).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await proposals.getByRole('button', { name: 'They are one' }).focus();
    await page.keyboard.press('Enter');
    await proposals.waitFor({ state: 'detached' });
    const joined = (await sam.expect(200, 'GET', `/api/v1/customers?identity=${encodeURIComponent(`external:${key}-2`)}`)).customer;
    assert.equal(joined.id, ticket.customer.id);
  });
});
