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
    await bubble('Anything else?').locator('.delivery').getByText(/^sent/).waitFor();
    await engine.anyone.deliver(sign.whatsappStatus({ id: second.id, status: 'failed', to: from, errors: [{ code: 131026, title: 'Message undeliverable' }] }));
    await bubble('Anything else?').locator('.delivery').getByText(/^failed.*undeliverable/).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'messages-1440');
    await ann.resolve(ticket, 'solved');
  });

  it('show what their writer changed, took back and felt about them, while somebody looks', async () => {
    const from = freshNumber();
    const name = `M ${from}`;
    const first = sign.whatsapp({ from, name, text: 'my card is 4111' });
    await engine.anyone.deliver(first);
    const ticket = await ann.take((held) => held.customer.name === name);
    const second = sign.whatsapp({ from, name, text: 'helo' });
    await engine.anyone.deliver(second);
    const page = await open(ticket);
    const said = page.locator('.bubble.contact');
    await said.filter({ hasText: 'my card is 4111' }).waitFor();
    await said.filter({ hasText: 'helo' }).waitFor();
    const event = (content) => engine.anyone.deliver(sign.whatsappRaw({ from, name, content }));

    await event({ type: 'edit', edit: { original_message_id: second.id, message: { type: 'text', text: { body: 'hello there' } } } });
    await said.filter({ hasText: 'hello there' }).getByText(/^changed by who wrote it/).waitFor();
    assert.equal(await said.filter({ hasText: /helo$/ }).count(), 0, 'what was changed is not shown beside it');
    await event({ type: 'revoke', revoke: { original_message_id: first.id } });
    await said.getByText(/^deleted by who wrote it/).waitFor();
    assert.ok(!(await page.content()).includes('4111'), 'what was taken back is nowhere on the page');

    await ann.reply(ticket, 'Good day!');
    const { id } = await engine.doubles.graph.next((message) => message.to.replace('+', '') === from && message.text === 'Good day!');
    // Before the engine knows under which id it left, nobody has seen it and can feel something about it.
    await page.locator('.bubble.reply').filter({ hasText: 'Good day!' }).locator('.delivery').getByText(/^sent/).waitFor();
    const ours = page.locator('.bubble.reply').filter({ hasText: 'Good day!' });
    for (const emoji of ['👍', '🎉']) {
      await event({ type: 'reaction', reaction: { message_id: id, emoji } });
      await ours.getByLabel('Reactions').getByText(emoji).waitFor();
    }
    assert.equal(await ours.getByLabel('Reactions').innerText(), '🎉', 'one person has one reaction');
    await event({ type: 'reaction', reaction: { message_id: id, emoji: '' } });
    await ours.getByLabel('Reactions').waitFor({ state: 'detached' });
    assert.deepEqual(await accessibilityFaults(page), []);
    // Whoever comes later sees the same.
    await page.reload();
    await said.filter({ hasText: 'hello there' }).waitFor();
    await said.getByText(/^deleted by who wrote it/).waitFor();
    assert.ok(!(await page.content()).includes('4111'));
    await ann.resolve(ticket, 'solved');
  });

  it('show pictures where somebody asks for them, and nothing else that came with them', async () => {
    const from = `${freshId('m')}@mail.example`;
    const to = secrets.postbox.address;
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAAEElEQVR4nGM4kKCAjBgI8AHLnxLByIPW9QAAAABJRU5ErkJggg==';
    const part = (type, name, content) => `--cut\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}\r\n`;
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').toString('base64');
    const content = `From: Pia Picture <${from}>\r\nTo: ${to}\r\nSubject: pictures\r\nMessage-ID: <${freshId('m')}@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n`
      + `--cut\r\nContent-Type: text/plain\r\n\r\nThis is my lamp.\r\n${part('image/png', 'lamp.png', png)}${part('image/svg+xml', 'drawing.svg', svg)}${part('text/html', 'page.html', svg)}--cut--\r\n`;
    const relay = await MailSender.connect(engine.ports.mail);
    assert.deepEqual(await relay.mail({ from, to: [to], content }), [250]);
    await relay.quit();
    const ticket = await ann.take((held) => held.subject === 'pictures');
    const page = await open(ticket);
    const bubble = page.locator('.bubble.contact').filter({ hasText: 'This is my lamp.' });
    await bubble.getByRole('link', { name: 'lamp.png' }).waitFor();
    assert.equal(await bubble.locator('img').count(), 0, 'nothing is fetched that nobody asks for');
    const button = bubble.getByRole('listitem').filter({ hasText: 'lamp.png' }).getByRole('button', { name: 'Show it here' });
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
    assert.equal(await bubble.getByRole('button', { name: 'Show it here' }).count(), 1, 'what can have a script in it is no picture');
    await button.focus();
    await page.keyboard.press('Enter');
    const picture = bubble.getByRole('img', { name: 'lamp.png' });
    await eventually(() => picture.evaluate((img) => img.complete && img.naturalWidth === 5 && img.naturalHeight === 3), 'the picture to be drawn');
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'picture-1440');
    await bubble.getByRole('button', { name: 'Hide it' }).click();
    await picture.waitFor({ state: 'detached' });

    // What is not to be seen is saved, and is never a page of this site.
    const waiting = page.waitForEvent('download');
    await bubble.getByRole('link', { name: 'page.html' }).click();
    assert.equal((await waiting).suggestedFilename(), 'page.html');
    const drawing = await bubble.getByRole('link', { name: 'drawing.svg' }).getAttribute('href');
    const headers = await page.evaluate(async (url) => {
      const answer = await fetch(url);
      return [answer.status, answer.headers.get('content-disposition'), answer.headers.get('content-security-policy')];
    }, drawing);
    assert.equal(headers[0], 200);
    assert.match(headers[1], /^attachment/);
    assert.match(headers[2], /sandbox/);

    // Ours, from the desk.
    await page.keyboard.press('r');
    await page.keyboard.type('And this is ours.');
    await page.locator('input[type=file]').setInputFiles({ name: 'ours.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
    await page.getByRole('button', { name: 'Leave ours.png out' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+Enter');
    const ours = page.locator('.bubble.reply').filter({ hasText: 'And this is ours.' });
    await ours.getByRole('button', { name: 'Show it here' }).click();
    await eventually(() => ours.getByRole('img', { name: 'ours.png' }).evaluate((img) => img.complete && img.naturalWidth === 5), 'our picture to be drawn');
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
