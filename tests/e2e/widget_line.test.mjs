import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { launch, noBrowser, ShopPage } from './support/shop_page.mjs';
import { eventually } from './support/wait.mjs';

const cuts = Number(process.env.KINDRED_CUTS ?? 50);
const seed = Number(process.env.KINDRED_SEED ?? Date.now() % 2 ** 31);

/** Numbers that look random and come again with the same seed. */
function randomOf(from) {
  let state = from || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A line that tears after a number of bytes that nobody knows beforehand, in the middle of whatever passes then. */
class FrayedLine {
  #open = new Set();
  #left = Infinity;
  tears = 0;

  static async to(port, random) {
    const line = new FrayedLine();
    line.random = random;
    line.server = createServer((near) => {
      const far = connect({ host: '127.0.0.1', port });
      const pair = [near, far];
      line.#open.add(pair);
      const end = () => { pair.forEach((each) => each.destroy()); line.#open.delete(pair); };
      for (const [from, to] of [[near, far], [far, near]])
        from.on('data', (bytes) => line.#pass(bytes, to)).on('error', () => {}).on('close', end);
    });
    await new Promise((resolve) => { line.server.listen(0, '127.0.0.1', resolve); });
    line.url = `http://127.0.0.1:${line.server.address().port}`;
    return line;
  }

  #pass(bytes, to) {
    if (bytes.length < this.#left) {
      this.#left -= bytes.length;
      to.write(bytes);
      return;
    }
    to.write(bytes.subarray(0, this.#left));
    this.tears += 1;
    this.fray();
    for (const pair of this.#open) pair.forEach((each) => each.destroy());
  }

  /** From now on, until it is mended: where a handshake alone takes 700 bytes, and a line some 300. */
  fray() { this.#left = Math.floor(700 + this.random() * 3_300); }
  mend() { this.#left = Infinity; }

  close() {
    this.mend();
    for (const pair of this.#open) pair.forEach((each) => each.destroy());
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}

if (noBrowser) process.stderr.write(`\n*** SKIPPED, the chat's widget is not tried on a bad line: ${noBrowser} ***\n\n`);

describe('the chat\'s widget on a line that tears', { skip: noBrowser || false }, () => {
  let engine;
  let browser;
  let shop;
  let line;
  let ann;
  before(async () => {
    engine = await Engine.start();
    [browser, shop, line] = await Promise.all([launch(), ShopPage.open(), FrayedLine.to(engine.ports.listen, randomOf(seed))]);
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await browser?.close();
    await Promise.all([shop?.close(), line?.close()]);
    await ann?.leave();
    await engine?.dispose();
  });

  it(`loses, doubles and swaps nothing in ${cuts} tears while both sides write (KINDRED_SEED=${seed})`, async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(shop.address(line.url));
    await page.locator('kindred-chat .launch').click();
    const field = page.locator('kindred-chat textarea');
    const write = async (text) => {
      await field.fill(text);
      await field.press('Enter');
    };
    await write('v0');
    const ticket = await ann.take((each) => each.channel_kind === 'chat');
    line.fray();
    let written = 1;
    let answered = 0;
    const pending = page.locator('kindred-chat li.pending');
    while (line.tears < cuts) {
      // People write a few lines ahead of a bad line, not hundreds.
      await eventually(async () => (await pending.count()) < 4, 'the line to carry something', { within: 60_000, every: 5 });
      await Promise.all([write(`v${written}`), ann.reply(ticket, `a${answered}`)]);
      written += 1;
      answered += 1;
      assert.ok(written < 40 * cuts, 'the line does not tear');
    }
    line.mend();
    const shown = (who) => page.locator('kindred-chat ol').evaluate((log, side) => [...log.children].filter((item) => item.classList.contains(side)).map((item) => [...item.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('')), who);
    const wanted = (letter, count) => Array.from({ length: count }, (_, at) => `${letter}${at}`);
    await eventually(async () => (await page.locator('kindred-chat li.pending').count()) === 0, 'everything that was written to be acknowledged', { within: 60_000 });
    await eventually(async () => (await shown('agent')).length >= answered, 'every answer to be shown', { within: 60_000 });
    assert.deepEqual(await shown('customer'), wanted('v', written));
    assert.deepEqual(await shown('agent'), wanted('a', answered));
    const numbers = await page.locator('kindred-chat ol li').evaluateAll((items) => items.map((item) => Number(item.dataset.number)));
    assert.deepEqual(numbers, [...numbers].sort((one, other) => one - other), 'the order of the window is that of the record');
    assert.equal(await page.locator('kindred-chat li.failed').count(), 0);
    // The agent's desk was told the same, once and in order.
    const told = (kind) => ann.desk.left.filter((each) => each.type === 'entry' && each.ticket === ticket.id && each.entry.kind === kind);
    await eventually(() => told('contact').length >= written - 1 && told('reply').length >= answered, 'the desk to be told everything');
    assert.deepEqual(told('contact').map((each) => each.entry.record.text).filter((text) => text !== 'v0'), wanted('v', written).slice(1));
    assert.deepEqual(told('reply').map((each) => each.entry.text), wanted('a', answered));
    await eventually(() => told('delivery').length >= answered, 'what became of every answer');
    assert.ok(told('delivery').every((each) => each.entry.state === 'sent'), 'no answer failed');
    // What a newcomer's window is told is the same conversation.
    await page.reload();
    await page.locator('kindred-chat .launch').click();
    await eventually(async () => (await page.locator('kindred-chat ol li').count()) === Math.min(200, written + answered), 'the conversation after a reload');
    await ann.resolve(ticket);
    await context.close();
  });
});
