import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Browser, Wire } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const cuts = Number(process.env.KINDRED_CUTS || 100);
const many = 500;

/** Numbers in [0, 1) that a seed decides (mulberry32): what has failed can be done again. */
function chances(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

describe('the desk while much happens', () => {
  let engine;
  let browser;
  let wire;
  let sam;
  let ann;
  let bo;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    wire = await Wire.to(engine.ports.listen);
    [sam, ann, bo] = await Promise.all(['sam', 'ann', 'bo'].map((login) => engine.login(login)));
    for (const each of [ann, bo]) each.id = (await each.expect(200, 'GET', '/api/v1/me')).agent.id;
  });
  after(async () => {
    await browser?.dispose();
    await wire?.close();
    await engine?.dispose();
  });
  afterEach(async () => {
    browser.check();
    // Also where a case has failed: the next one counts what it has given out itself.
    for (const { id } of await sam.tickets({ status: 'open' })) await sam.post(`/api/v1/tickets/${id}/resolve`, {});
  });

  let named = 0;
  async function contact(text) {
    named += 1;
    const name = `Storm ${named}.`;
    const conversation = { channel: { name: 'api' }, from: `${freshId('s')}@mail.example`, name, conversation: freshId('storm') };
    const { ticket: id } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { ...conversation, text });
    return { id, name, conversation };
  }

  /** What the rows in sight say: name and state. */
  const rows = (page) => page.locator('.row').evaluateAll((all) => all.map((row) => `${row.querySelector('strong').textContent} ${row.querySelector('.status').textContent}`).sort());
  const told = (tickets) => tickets.map((each) => `${each.customer.name} ${each.status.replace('wrapping_up', 'wrap-up')}`).sort();

  /** Waits until both say the same, and shows in what they differ when they never do. */
  async function same(look, want, what) {
    let seen;
    let wanted;
    await eventually(async () => {
      [seen, wanted] = [await look(), await want()];
      return JSON.stringify(seen) === JSON.stringify(wanted);
    }, what, { within: 20_000 }).catch((problem) => { assert.deepEqual(seen, wanted, problem.message); });
  }
  const shows = (page, filter, what) => same(() => rows(page), async () => told(await ann.tickets(filter)), what);
  const textsOf = async (bubbles) => (await bubbles.locator('.text').allInnerTexts()).map((text) => text.trim());

  it(`shows what the API says after its wire was cut ${cuts} times at random moments`, async (t) => {
    const seed = Number(process.env.KINDRED_SEED || Date.now() % 1_000_000);
    t.diagnostic(`KINDRED_SEED=${seed}`);
    const chance = chances(seed);
    const one = (list) => list[Math.floor(chance() * list.length)];
    const tickets = [];
    for (let count = 0; count < 16; count += 1) tickets.push(await contact(`storm ticket ${count}`));
    const open = tickets[0];
    await sam.expect(200, 'POST', `/api/v1/tickets/${open.id}/assign`, { agent: ann.id });
    const page = await browser.desk(engine, 'ann', { url: wire.url, height: 2400 });
    await page.goto(`/tickets/${open.id}`);
    await page.getByRole('log').getByText('storm ticket 0').waitFor();

    let notes = 0;
    const did = { done: 0, refused: 0 };
    /** One change at random; what is not possible now is refused and changes nothing. */
    async function change() {
      const { id, conversation } = one(tickets.slice(1));
      const [client, method, path, body] = one([
        () => [ann, 'POST', `/tickets/${open.id}/note`, { text: `note ${notes++}` }],
        () => [sam, 'POST', `/tickets/${id}/assign`, { agent: one([ann.id, bo.id]) }],
        () => [sam, 'POST', `/tickets/${id}/transfer`, { queue: one(['general', 'brisk', 'pair']) }],
        () => [sam, 'POST', `/tickets/${id}/resolve`, {}],
        () => [sam, 'POST', `/tickets/${id}/reopen`, {}],
        () => [engine.shop, 'POST', '/contacts', { ...conversation, text: 'one more word' }],
        () => [engine.shop, 'POST', '/contacts', { ...open.conversation, text: `word ${notes++}` }],
      ])();
      const { status } = await client.post(`/api/v1${path}`, body, { 'Idempotency-Key': freshId('storm') });
      assert.ok([200, 201, 202, 409].includes(status), `${path} was answered ${status}`);
      if (status === 409) did.refused += 1;
      else did.done += 1;
    }
    for (let round = 0; round < cuts; round += 1) {
      let cut = false;
      const coming = wire.cutAfter(1 + Math.floor(chance() * 6_000)).then(() => { cut = true; });
      do await change();
      while (!cut);
      await coming;
      // As a computer does when its network is back; waiting longer after each cut is tried elsewhere.
      await page.evaluate(() => dispatchEvent(new Event('online')));
    }
    t.diagnostic(`${did.done} changes, ${did.refused} refused`);
    assert.ok(did.done >= cuts, 'much has changed');

    await page.locator('.desk[data-live="live"]').waitFor();
    await shows(page, { agent: 'me', status: 'open' }, 'my tickets');
    const { entries } = await ann.ticket(open.id);
    const written = entries.filter((each) => each.kind === 'note').map((each) => each.text);
    const came = entries.filter((each) => each.kind === 'contact').map((each) => each.record.text);
    assert.ok(written.length > 3 && came.length > 3);
    await same(() => textsOf(page.locator('.bubble.note')), () => written, 'every note once, in order');
    await same(() => textsOf(page.locator('.bubble:not(.note):not(.reply)')), () => came, 'every word of the customer once, in order');
    const { queues } = await sam.expect(200, 'GET', '/api/v1/queues');
    for (const { name, waiting } of queues.filter((each) => ['general', 'brisk', 'pair'].includes(each.name)))
      await eventually(async () => (await page.locator('.rail .rail-item').filter({ hasText: name }).locator('.count').innerText()) === String(waiting), `${waiting} to wait in ${name}`);
    for (const [key, filter] of [['q', { status: 'waiting' }], ['a', { status: 'open' }]]) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await shows(page, filter, `the list g ${key}`);
    }
  });

  it('has all of the open ticket after it missed more than is told again, though the first answer did not come', async () => {
    const moreThanIsToldAgain = 220;
    const open = await contact('one that goes on');
    await sam.expect(200, 'POST', `/api/v1/tickets/${open.id}/assign`, { agent: ann.id });
    const page = await browser.desk(engine, 'ann', { url: wire.url });
    await page.goto(`/tickets/${open.id}`);
    await page.locator('.desk[data-live="live"]').waitFor();
    await page.getByRole('log').getByText('one that goes on').waitFor();
    let asked = 0;
    await page.route(`**/api/v1/tickets/${open.id}`, (route) => {
      asked += 1;
      return asked === 1 ? route.abort() : route.continue();
    });
    wire.cut({ stay: true });
    const written = Array.from({ length: moreThanIsToldAgain }, (_, at) => `note ${at}`);
    for (const text of written) await ann.expect(201, 'POST', `/api/v1/tickets/${open.id}/note`, { text });
    wire.mend();
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await same(() => textsOf(page.locator('.bubble.note')), () => written, 'every note');
    assert.ok(asked >= 2);
  });

  it(`answers keys with ${many} open tickets of which 50 change each second`, async (t) => {
    const tickets = [];
    while (tickets.length < many)
      tickets.push(...await Promise.all(Array.from({ length: 20 }, async () => {
        const made = await contact('one of many');
        await sam.expect(200, 'POST', `/api/v1/tickets/${made.id}/assign`, { agent: ann.id });
        return made;
      })));
    const page = await browser.desk(engine, 'ann');
    await page.locator('.list-head').getByText(String(many)).waitFor();
    let sent = 0;
    const running = new Set();
    const clock = setInterval(() => {
      if (running.size > 200) return;
      const { conversation } = tickets[(sent * 7) % many];
      sent += 1;
      const call = engine.shop.expect(202, 'POST', '/api/v1/contacts', { ...conversation, text: `change ${sent}` });
      running.add(call);
      call.catch(() => {}).finally(() => running.delete(call));
    }, 20);
    // From the key to the frame that shows what it did, as the browser itself has it; what is quicker than 16 ms is not told.
    await page.evaluate(() => {
      globalThis.keyTimes = [];
      new PerformanceObserver((list) => globalThis.keyTimes.push(...list.getEntries().filter((each) => each.name === 'keydown').map((each) => each.duration))).observe({ type: 'event', durationThreshold: 16 });
    });
    try {
      const { keyboard } = page;
      for (let press = 0; press < 25; press += 1) {
        const was = page.url();
        await keyboard.press('j');
        await page.waitForURL((now) => now.href !== was);
        if (press % 5 === 4) await page.getByRole('log').getByText('one of many').first().waitFor();
      }
      await keyboard.press('r');
      const text = 'Every letter of this is typed while the list moves.';
      await keyboard.type(text);
      assert.equal(await page.getByRole('textbox', { name: 'Reply' }).inputValue(), text);
      await keyboard.press('Escape');
      await keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
      await eventually(() => sent > 250, 'so much to have changed', { within: 30_000 });
    } finally {
      clearInterval(clock);
    }
    await Promise.all(running);
    const times = (await page.evaluate(() => globalThis.keyTimes)).sort((one, other) => one - other);
    t.diagnostic(`${sent} changes; ${times.length} keys took 16 ms or more, half of those ${times[times.length >> 1] ?? 0}, the slowest ${times.at(-1) ?? 0} ms`);
    assert.equal(await page.locator('.desk').getAttribute('data-live'), 'live');
    const id = page.url().split('/').at(-1);
    const came = (await ann.ticket(id)).contacts.map((each) => each.text);
    await eventually(async () => JSON.stringify((await page.locator('.bubble:not(.reply):not(.leaving) .text').allInnerTexts()).map((text) => text.trim())) === JSON.stringify(came), 'all that came in the open ticket');
    await eventually(async () => (await page.locator('.list-head').innerText()).includes(String(many)), 'all tickets in the list');
  });
});
