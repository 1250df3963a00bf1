import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, presence, screenshot } from './support/browser.mjs';
import { Visitor } from './support/chat.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('an agent\'s shift in a browser', () => {
  let engine;
  let browser;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });

  async function contact(text, name = 'Ada Lovelace', more = {}) {
    const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('b')}@mail.example`, name, text, ...more });
    assert.equal(answer.status, 202, answer.text);
    return answer.body.ticket;
  }

  it('is done by keys alone, from log-in to log-out', async () => {
    const page = await browser.page(engine.url);
    const { keyboard } = page;
    await page.goto('/');
    await page.getByLabel('Log-in').waitFor();
    await keyboard.type('ann');
    await keyboard.press('Tab');
    await keyboard.type('secret-ann');
    await keyboard.press('Enter');
    await page.locator('.desk[data-live="live"]').waitFor();
    await keyboard.press('p');
    await page.getByRole('button', { name: 'Presence: available' }).waitFor();

    const first = await contact('Where is my order 4711?');
    await page.getByRole('article', { name: 'Offer: Ada Lovelace' }).waitFor();
    assert.match(await page.title(), /^\(1\)/);
    await keyboard.press('a');
    await page.waitForURL(`**/tickets/${first}`);
    await page.getByRole('log').getByText('Where is my order 4711?').waitFor();
    const held = await engine.login('ann').then((client) => client.ticket(first));
    assert.equal(held.ticket.status, 'held');

    // The script is ticked, the article is used, second thoughts are taken back.
    await keyboard.press('i');
    const field = page.getByRole('textbox', { name: 'Reply' });
    await eventually(async () => (await field.inputValue()).includes('Orders leave within two days.'), 'the article in the reply');
    await keyboard.press('Control+Enter');
    await page.locator('.bubble.leaving').waitFor();
    await keyboard.press('Control+Shift+Z');
    await eventually(async () => (await field.inputValue()).includes('Orders leave'), 'the reply to be taken back');
    assert.equal(await page.locator('.bubble.leaving').count(), 0);
    await keyboard.type(' Yours left today.');
    await keyboard.press('Control+Enter');
    await page.locator('.bubble.reply:not(.leaving)').getByText('Yours left today.').waitFor();
    await keyboard.press('Escape');

    await keyboard.press('n');
    await keyboard.type('Asked the warehouse.');
    await keyboard.press('Control+Enter');
    await page.locator('.bubble.note').getByText('Asked the warehouse.').waitFor();
    await keyboard.press('Escape');

    const second = await contact('And a second lamp', 'Grace Hopper');
    await page.getByRole('article', { name: 'Offer: Grace Hopper' }).waitFor();
    await keyboard.press('a');
    await page.waitForURL(`**/tickets/${second}`);
    await page.getByRole('log').getByText('And a second lamp').waitFor();
    await keyboard.press('Shift+E');
    await page.getByRole('dialog').getByLabel('Outcome').waitFor();
    await keyboard.type('solved');
    await keyboard.press('Enter');
    await page.waitForURL(`**/tickets/${first}`);
    const resolved = await engine.login('ann').then((client) => client.ticket(second));
    assert.equal(resolved.ticket.status, 'resolved');
    assert.equal(resolved.entries.find((entry) => entry.kind === 'resolved').disposition, 'solved');

    // Everything else is in the command bar, which has what can be done with the ticket that is shown.
    await page.getByRole('log').getByText('Where is my order 4711?').waitFor();
    await keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).waitFor();
    await keyboard.type('resolve');
    await keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Outcome').waitFor();
    await keyboard.press('Enter');
    await page.locator('.ticket-head .status.resolved').waitFor();
    await keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
    await keyboard.press('Control+k');
    await keyboard.type('go offline');
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Presence: offline' }).waitFor();
    await keyboard.press('Control+k');
    await keyboard.type('log out');
    await keyboard.press('Enter');
    await page.getByLabel('Log-in').waitFor();
    browser.check();
  });

  it('shows why, the script and the customer, also after going back and loading again', async () => {
    const page = await browser.desk(engine, 'ann');
    await presence(page, 'available');
    const visitor = await Visitor.arrive(engine);
    visitor.name = 'Ñandú García';
    visitor.write('My lamp flickers');
    await page.getByRole('button', { name: /^Accept/ }).click();
    await page.waitForURL('**/tickets/*');
    const id = page.url().split('/').at(-1);
    const why = page.getByRole('main').getByRole('list', { name: 'Why this ticket is here' });
    await why.getByText('fallback').waitFor();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await page.getByText('Greet Ñandú García and ask what happened.').waitFor();
    await page.getByRole('tab', { name: 'Customer' }).click();
    await page.getByRole('region', { name: 'Journey' }).getByText('First contact').waitFor();
    await page.getByRole('tab', { name: 'Why' }).click();
    await page.getByText(/routing\.yaml:\d+/).first().waitFor();
    await page.getByRole('rowheader', { name: 'work in this queue' }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.goBack();
    await page.goForward();
    await page.getByRole('log').getByText('My lamp flickers').waitFor();
    await page.reload();
    await page.getByRole('log').getByText('My lamp flickers').waitFor();
    await (await Agent.arrive(engine, 'ann')).resolve({ id });
    await page.locator('.ticket-head .status.resolved').waitFor();
    await presence(page, 'offline');
    browser.check();
  });

  it('says in a strip why a ticket is where it is: by which line of which rules, and over whom its agent was chosen', async () => {
    const page = await browser.desk(engine, 'root');
    const waiting = (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('w')}@mail.example`, text: 'a pair of lamps' })).ticket;
    await page.goto(`/tickets/${waiting}`);
    const why = page.getByRole('main').getByRole('list', { name: 'Why this ticket is here' });
    const step = (name) => why.getByRole('listitem').filter({ hasText: name });
    await step('nobody yet').getByText('2 work in this queue, 0 are available').or(step('nobody yet').getByText(/2 take this kind of channel, 0 are available/)).waitFor();
    const ann = await Agent.arrive(engine, 'ann');
    await ann.take((ticket) => ticket.id === waiting);
    const bo = await Agent.arrive(engine, 'bo');
    await step('taken by').getByText('Ann Archer', { exact: true }).waitFor();
    await step('taken by').getByText('nobody else could have it').waitFor();
    await ann.resolve({ id: waiting });

    const { ticket: id } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('w')}@mail.example`, text: 'hello' });
    await page.goto(`/tickets/${id}`);
    const chosen = await Promise.race([ann.offer((ticket) => ticket.id === id).then((offer) => [ann, offer, 'Ann Archer over Bo Berg']), bo.offer((ticket) => ticket.id === id).then((offer) => [bo, offer, 'Bo Berg over Ann Archer'])].map((each) => each.catch(() => new Promise(() => {}))));
    await step('offered to').getByText(chosen[2]).waitFor();
    await step('offered to').getByText('idle the longest').waitFor();
    await chosen[0].accept(chosen[1]);
    await step('taken by').getByText(chosen[2]).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    const order = await why.getByRole('listitem').evaluateAll((all) => all.map((each) => each.className));
    assert.deepEqual(order, ['channel', 'segment', 'stage', 'route', 'priority', 'queue', 'agent']);

    const { hash } = await (await engine.login('root')).expect(200, 'GET', '/api/v1/rules');
    await step('route').getByText(hash.slice(0, 8)).waitFor();
    await step('route').getByRole('link', { name: /^routing\.yaml:\d+$/ }).click();
    await page.waitForURL(`**/rules?file=routing.yaml&line=*&version=${hash}`);
    await page.getByRole('region', { name: 'routing.yaml' }).waitFor();
    await page.goto(`/tickets/${id}`);
    await page.setViewportSize({ width: 360, height: 740 });
    await step('taken by').getByText(chosen[2]).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    // Who may not see rules reads where the route stands, and has no link to it.
    const anns = await browser.desk(engine, 'ann');
    await anns.goto(`/tickets/${id}`);
    await anns.getByRole('main').getByRole('list', { name: 'Why this ticket is here' }).getByText(/^routing\.yaml:\d+$/).waitFor();
    assert.equal(await anns.getByRole('link', { name: /routing\.yaml/ }).count(), 0);
    await chosen[0].resolve({ id });
    await ann.leave();
    await bo.leave();
    browser.check();
  });

  it('keeps what was written and not sent', async () => {
    const page = await browser.desk(engine, 'ann');
    await presence(page, 'available');
    const id = await contact('Unfinished business');
    await page.getByRole('button', { name: /^Accept/ }).click();
    await page.waitForURL(`**/tickets/${id}`);
    await page.getByRole('textbox', { name: 'Reply' }).fill('Half a sentence');
    await page.reload();
    await eventually(async () => (await page.getByRole('textbox', { name: 'Reply' }).inputValue()) === 'Half a sentence', 'the draft after a reload');
    await page.goto('/');
    await page.locator('.row .draft').waitFor();
    await (await Agent.arrive(engine, 'ann')).resolve({ id });
    await presence(page, 'offline');
    browser.check();
  });

  it('gives one offer to one of two, and tells the other', async () => {
    const [ann, bo] = [await browser.desk(engine, 'ann'), await browser.desk(engine, 'bo')];
    await Promise.all([presence(ann, 'available'), presence(bo, 'available')]);
    for (let round = 0; round < 5; round += 1) {
      const id = await contact(`a pair of lamps, ${round}`, `Customer ${round}`);
      const cards = [ann, bo].map((page) => page.getByRole('article', { name: `Offer: Customer ${round}` }));
      await Promise.all(cards.map((card) => card.waitFor()));
      await Promise.all([ann, bo].map((page) => page.keyboard.press('a')));
      const { ticket } = await eventually(async () => {
        const detail = await engine.login('sam').then((client) => client.ticket(id));
        return detail.ticket.holder ? detail : null;
      }, 'one of them to hold it');
      const [winner, loser] = ticket.holder.name === 'Ann Archer' ? [ann, bo] : [bo, ann];
      await winner.waitForURL(`**/tickets/${id}`);
      await loser.locator('.news').getByText(new RegExp(`Customer ${round}`)).first().waitFor();
      assert.ok(!loser.url().endsWith(`/tickets/${id}`));
      await Promise.all(cards.map((card) => card.waitFor({ state: 'detached' })));
      await (await engine.login(ticket.holder.name === 'Ann Archer' ? 'ann' : 'bo')).expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});
    }
    await Promise.all([presence(ann, 'offline'), presence(bo, 'offline')]);
    browser.check();
  });

  it('keeps views under their names', async () => {
    const page = await browser.desk(engine, 'bo');
    await contact('A very particular lamp', 'Vera View');
    await page.getByRole('searchbox').fill('particular');
    await page.getByRole('searchbox').press('Enter');
    await page.locator('.row').getByText('Vera View').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('v');
    await page.getByRole('dialog').getByLabel('Name').fill('Particular lamps');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'My tickets' }).click();
    await page.locator('.row').getByText('Vera View').waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('button', { name: 'Particular lamps', exact: true }).click();
    await page.locator('.row').getByText('Vera View').waitFor();
    browser.check();
  });

  it('speaks Spanish', async () => {
    const page = await browser.page(engine.url, { language: 'es-ES' });
    await page.goto('/');
    await page.getByRole('button', { name: 'Entrar' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'es');
    await screenshot(page, 'login-es');
    browser.check();
  });
});
