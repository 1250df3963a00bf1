import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { launch, noBrowser, ShopPage, Wire } from './support/shop_page.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { eventually } from './support/wait.mjs';

if (noBrowser) process.stderr.write(`\n*** SKIPPED, the chat's widget is not tried in a browser: ${noBrowser} ***\n\n`);

const identitySecret = 'e2e-webchat-identity-secret';
const chat = (ticket) => ticket.channel_kind === 'chat';
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function identityToken(claims, secret = identitySecret) {
  const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ exp: Math.floor(Date.now() / 1000) + 300, ...claims })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('the chat\'s widget in a browser', { skip: noBrowser || false }, () => {
  let engine;
  let browser;
  let shop;
  let wire;
  let ann;
  const contexts = [];
  before(async () => {
    engine = await Engine.start({ channels: { webchat: { connector: 'webchat', identity_secret: identitySecret } } });
    [browser, shop, wire] = await Promise.all([launch(), ShopPage.open(), Wire.to(engine.ports.listen)]);
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await browser?.close();
    await Promise.all([shop?.close(), wire?.close()]);
    await ann?.leave();
    await engine?.dispose();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  /** A visitor's browser, with a page that has the chat open. */
  async function visit({ attributes = {}, options = {}, context = null } = {}) {
    const where = context ?? await browser.newContext({ locale: 'en-GB', ...options });
    if (!context) contexts.push(where);
    const page = await where.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(shop.address(wire.url, attributes));
    await page.locator('kindred-chat .launch').click();
    return page;
  }
  const lines = (page) => page.locator('kindred-chat ol li');
  const write = async (page, text) => {
    await page.locator('kindred-chat textarea').fill(text);
    await page.keyboard.press('Enter');
  };
  const settled = (page) => eventually(async () => await page.locator('kindred-chat li.pending').count() === 0, 'everything to be acknowledged', { within: 20_000 });
  const textsOf = (page) => lines(page).evaluateAll((items) => items.map((item) => [item.classList[0], [...item.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('')]));

  it('carries words, typing and what was read, in both directions', async () => {
    const page = await visit();
    await write(page, 'Do you ship to Peru?');
    const ticket = await ann.take(chat);
    await page.locator('kindred-chat textarea').pressSequentially('and');
    await ann.desk.next('typing', (frame) => frame.ticket === ticket.id);
    ann.desk.send({ type: 'typing', ticket: ticket.id });
    await page.locator('kindred-chat .typing', { hasText: 'is writing' }).waitFor();
    const { entries } = await ann.client.ticket(ticket.id);
    ann.desk.send({ type: 'read', ticket: ticket.id, entry: entries.find((entry) => entry.kind === 'contact').number });
    await page.locator('kindred-chat li.customer .seen').waitFor();
    await ann.reply(ticket, 'We do.');
    await lines(page).filter({ hasText: 'We do.' }).waitFor();
    await eventually(async () => (await ann.client.ticket(ticket.id)).entries.some((entry) => entry.kind === 'status' && entry.record.status === 'read'), 'the read mark to be on record');
    await ann.resolve(ticket);
  });

  it('shows what anybody wrote as text and nothing else', async () => {
    const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=2</script><a href="javascript:window.pwned=3">x</a>{{7*7}}';
    const page = await visit();
    await write(page, evil);
    const ticket = await ann.take(chat);
    await ann.reply(ticket, evil);
    await eventually(async () => await lines(page).count() === 2, 'both lines');
    await page.reload();
    await page.locator('kindred-chat .launch').click();
    await eventually(async () => await lines(page).count() === 2, 'both lines after a reload');
    assert.deepEqual((await textsOf(page)).map(([, text]) => text), [evil, evil]);
    assert.equal(await page.locator('kindred-chat ol :is(img, script, a, iframe)').count(), 0);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    await ann.resolve(ticket);
  });

  it('is one conversation in two windows', async () => {
    const one = await visit();
    await write(one, 'from the first');
    const ticket = await ann.take(chat);
    const two = await visit({ context: one.context() });
    await lines(two).filter({ hasText: 'from the first' }).waitFor();
    await write(two, 'from the second');
    await lines(one).filter({ hasText: 'from the second' }).waitFor();
    await ann.reply(ticket, 'to both');
    for (const page of [one, two]) {
      await lines(page).filter({ hasText: 'to both' }).waitFor();
      assert.equal(await lines(page).count(), 3);
    }
    assert.equal((await ann.client.ticket(ticket.id)).contacts.length, 2);
    await ann.resolve(ticket);
  });

  it('loses and doubles nothing when the network is cut fifty times', { timeout: 240_000 }, async () => {
    const page = await visit();
    await write(page, 'visitor 0');
    const ticket = await ann.take(chat);
    const cuts = 50;
    for (let i = 1; i <= cuts; i += 1) {
      const cut = (async () => { await eventually(() => wire.connections > 0, 'the widget to come back', { within: 20_000 }); wire.cut(); })();
      await Promise.all([write(page, `visitor ${i}`), ann.reply(ticket, `agent ${i}`), cut]);
    }
    await settled(page);
    await eventually(async () => await lines(page).count() >= 2 * cuts + 1, 'every line to be there', { within: 30_000 });
    const shown = await textsOf(page);
    const inOrder = (who) => shown.filter(([from]) => from === who).map(([, text]) => text);
    const wanted = (name, from) => Array.from({ length: cuts + 1 - from }, (_, i) => `${name} ${i + from}`);
    assert.deepEqual(inOrder('customer'), wanted('visitor', 0));
    assert.deepEqual(inOrder('agent'), wanted('agent', 1));
    assert.deepEqual((await ann.client.ticket(ticket.id)).contacts.map((contact) => contact.text), wanted('visitor', 0));
    await ann.resolve(ticket);
  });

  it('goes on when the engine has died and come back', async () => {
    const page = await visit();
    await write(page, 'before');
    const ticket = await ann.take(chat);
    await settled(page);
    await engine.kill();
    wire.cut();
    await page.locator('kindred-chat textarea').fill('meanwhile');
    await page.keyboard.press('Enter');
    await engine.begin();
    await ann.desk.close();
    ann = await Agent.arrive(engine, 'ann');
    await settled(page);
    await ann.reply(ticket, 'after');
    await lines(page).filter({ hasText: 'after' }).waitFor();
    assert.deepEqual((await textsOf(page)).map(([, text]) => text), ['before', 'meanwhile', 'after']);
    await ann.resolve(ticket);
  });

  it('fits a telephone', async () => {
    const page = await visit({ options: { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true } });
    await write(page, `a word of${'x'.repeat(200)} letters`);
    const ticket = await ann.take(chat);
    const box = await page.locator('kindred-chat .window').boundingBox();
    assert.deepEqual([box.x, box.width, box.height], [0, 360, 640]);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    const inside = await lines(page).first().evaluate((item) => item.scrollWidth <= item.clientWidth + 1);
    assert.ok(inside, 'a long word is broken');
    await ann.resolve(ticket);
  });

  it('can be used by ear and by keyboard, and speaks Spanish', async () => {
    const page = await visit({ options: { locale: 'es-MX' } });
    const root = page.locator('kindred-chat');
    await root.getByRole('dialog', { name: 'Chatee con nosotros' }).waitFor();
    assert.equal(await root.getByRole('log', { name: 'Mensajes' }).getAttribute('aria-live'), 'polite');
    assert.equal(await page.evaluate(() => document.querySelector('kindred-chat').shadowRoot.activeElement.getAttribute('aria-label')), 'Mensaje');
    for (const control of await root.locator('button:visible, textarea:visible').all()) {
      assert.ok(await control.evaluate((each) => (each.getAttribute('aria-label') ?? each.textContent).trim() !== ''), 'every control has a name');
    }
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.querySelector('kindred-chat').shadowRoot.activeElement.textContent), 'Chatee con nosotros');
    await page.keyboard.press('Enter');
    await root.getByRole('dialog').waitFor();
  });

  it('joins the customer whom the page has proven', async () => {
    const page = await visit({ attributes: { 'data-identity': identityToken({ sub: 'c-42', email: 'ada@shop.example', name: 'Ada Lovelace' }) } });
    await write(page, 'it is me');
    const ticket = await ann.take(chat);
    const sam = await engine.login('sam');
    for (const identity of ['external:c-42', 'email:ada@shop.example']) {
      assert.ok((await sam.customer(identity)).tickets.some((each) => each.id === ticket.id), identity);
    }
    await ann.resolve(ticket);
    const forged = await visit({ attributes: { 'data-identity': identityToken({ sub: 'c-42' }, 'another secret') } });
    await write(forged, 'it is not me');
    await settled(forged);
    const other = await ann.take(chat);
    assert.ok(!(await sam.customer('external:c-42')).tickets.some((each) => each.id === other.id));
    await ann.resolve(other);
  });

  it('has a form for when the queue is closed', async () => {
    const rules = join(engine.folder, 'rules');
    const queues = JSON.parse(await readFile(join(rules, 'queues.yaml'), 'utf8'));
    const yesterday = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + 6) % 7];
    await writeFile(join(rules, 'calendars.yaml'), JSON.stringify({ calendars: { past: { timezone: 'UTC', open: { [yesterday]: ['00:00-01:00'] } } } }));
    queues.queues.general = { ...queues.queues.general, calendar: 'past', when_closed: { hold: true } };
    await writeFile(join(rules, 'queues.yaml'), JSON.stringify(queues));
    engine.signal('SIGHUP');
    await eventually(async () => {
      const page = await visit();
      return page.locator('kindred-chat form.offline').waitFor({ timeout: 1_000 }).then(() => true, () => false);
    }, 'the form', { within: 20_000 });
    const page = await visit();
    await page.locator('kindred-chat form.offline').waitFor();
    await page.getByLabel('Your name').fill('Nora Night');
    await page.getByLabel('Your e-mail').fill('nora@mail.example');
    await write(page, 'Please call me tomorrow');
    await page.locator('kindred-chat [role=status]', { hasText: 'we have your message' }).waitFor();
    const [ticket] = (await (await engine.login('sam')).tickets({ status: 'waiting' })).filter((each) => each.subject === 'Please call me tomorrow');
    assert.equal(ticket.customer.name, 'Nora Night');
  });
});
