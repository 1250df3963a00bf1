import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, presence, screenshot } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const macros = [
  { name: 'ask for the model', reply: 'Hello {{ customer.name | there }}, which model is it?', note: 'Asked for the model.', snooze: '2d' },
  { name: 'by phone only', when: { 'channel.kind': 'phone' }, reply: 'One moment.' },
  { name: 'nothing to do', note: 'Needs no answer.', resolve: 'none needed' },
];
const returning = '---\nid: returns\nfor: { language: en }\nquestions: [how do I send something back, refund]\n---\n# Sending things back\nYou have thirty days, {{ customer.name | dear customer }}.\n';

describe('what helps an agent to answer, in a browser', () => {
  let engine;
  let browser;
  let ann;
  let bo;
  let sam;
  before(async () => {
    engine = await Engine.start();
    const root = await engine.login('root');
    await writeFile(join(engine.folder, 'rules/macros.yaml'), JSON.stringify({ macros }));
    await writeFile(join(engine.folder, 'rules/faq/returns.md'), returning);
    engine.signal('SIGHUP');
    await eventually(async () => (await root.expect(200, 'GET', '/api/v1/macros')).macros.length > 0, 'the rules');
    [ann, bo, sam] = await Promise.all(['ann', 'bo', 'sam'].map((login) => engine.login(login)));
    for (const each of [ann, bo]) each.id = (await each.expect(200, 'GET', '/api/v1/me')).agent.id;
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  afterEach(() => browser.check());

  /** A ticket of somebody that ann holds, open on a page of hers. */
  async function held(name, text = 'My lamp is dark') {
    const { ticket: id } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('g')}@mail.example`, name, text });
    await sam.expect(200, 'POST', `/api/v1/tickets/${id}/assign`, { agent: ann.id });
    return id;
  }
  async function open(id, login = 'ann', page = undefined) {
    const shown = page ?? await browser.desk(engine, login);
    await shown.goto(`/tickets/${id}`);
    await shown.getByRole('log').waitFor();
    return shown;
  }
  const reply = (page) => page.getByRole('textbox', { name: 'Reply' });

  it('finds articles by words, with the customer in them, and puts one into the reply by keys', async () => {
    const page = await open(await held('Ada Lovelace'));
    await page.keyboard.press('f');
    await page.keyboard.type('send it back');
    const found = page.locator('.articles .article').first();
    await found.getByText('Sending things back').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Enter');
    await eventually(async () => (await reply(page).inputValue()) === 'You have thirty days, Ada Lovelace.', 'the article in the reply');
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('####');
    await page.getByText('0 articles found').waitFor();
    await screenshot(page, 'articles-1440');
  });

  it('does a macro: its words can be changed, the rest comes once they are sent, and not when they are taken back', async () => {
    const id = await held('Grace Hopper');
    const page = await open(id);
    await page.keyboard.press('x');
    const dialog = page.getByRole('dialog', { name: 'Use a macro' });
    assert.deepEqual(await dialog.getByLabel('Macro').locator('option:not([disabled])').allInnerTexts(), ['ask for the model · writes a note · puts it aside for 48 hours', 'nothing to do · writes a note · resolves it: none needed']);
    assert.deepEqual(await accessibilityFaults(page), []);
    await dialog.getByLabel('Macro').selectOption('ask for the model');
    await dialog.getByRole('button', { name: 'Use a macro' }).click();
    await eventually(async () => (await reply(page).inputValue()) === 'Hello Grace Hopper, which model is it?', 'its words');
    await reply(page).press('End');
    await reply(page).pressSequentially(' Thanks!');
    await reply(page).press('Control+Enter');
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('Once it is sent').waitFor();
    assert.equal((await sam.ticket(id)).ticket.status, 'held');
    await reply(page).press('Control+Enter');
    await page.locator('.ticket-head .status.snoozed').waitFor();
    const { entries } = await sam.ticket(id);
    assert.deepEqual(entries.map((each) => each.kind).filter((kind) => ['reply', 'note', 'snoozed'].includes(kind)), ['reply', 'note', 'snoozed']);
    assert.equal(entries.find((each) => each.kind === 'reply').text, 'Hello Grace Hopper, which model is it? Thanks!');
    const until = new Date(entries.find((each) => each.kind === 'snoozed').until) - Date.now();
    assert.ok(Math.abs(until - 2 * 86_400_000) < 60_000, String(until));
  });

  it('keeps drafts where another computer finds them', async () => {
    const id = await held('Mary Somerville');
    const first = await open(id);
    await reply(first).fill('Dear Mary, half a sen');
    await eventually(async () => (await ann.expect(200, 'GET', `/api/v1/tickets/${id}/draft`)).text === 'Dear Mary, half a sen', 'the draft at the engine');
    assert.equal((await bo.expect(200, 'GET', `/api/v1/tickets/${id}/draft`)).text, '', 'it is nobody else\'s');
    const second = await open(id);
    await eventually(async () => (await reply(second).inputValue()) === 'Dear Mary, half a sen', 'the draft on another computer');
    await reply(second).press('Control+Enter');
    await eventually(async () => (await sam.ticket(id)).entries.some((each) => each.text === 'Dear Mary, half a sen'), 'the reply');
    await eventually(async () => (await ann.expect(200, 'GET', `/api/v1/tickets/${id}/draft`)).text === '', 'no draft any more');
  });

  it('tells who is named in a note, until they have looked', async () => {
    const id = await held('Emmy Noether');
    const bos = await browser.desk(engine, 'bo');
    await presence(bos, 'away');
    const page = await open(id);
    await page.keyboard.press('n');
    await page.keyboard.type('Could you look, @b');
    await page.getByRole('list', { name: 'Whom to name' }).getByRole('button', { name: /^Bo Berg/ }).click();
    await page.keyboard.type('please? Write to bo@mail.example.');
    await page.keyboard.press('Control+Enter');
    await bos.locator('.news').getByText(`Ann Archer named you in a note of ticket ${id}.`).waitFor();
    const mentions = bos.locator('.rail-item').filter({ hasText: 'Mentions' });
    await eventually(async () => (await mentions.locator('.count').innerText()) === '1', 'one mention');
    await bos.reload();
    await bos.locator('.desk[data-live="live"]').waitFor();
    await bos.keyboard.press('g');
    await bos.keyboard.press('n');
    await bos.locator('.row').getByText('Emmy Noether').click();
    await bos.locator('.bubble.names-me').getByText('names you').waitFor();
    await eventually(async () => (await mentions.locator('.count').innerText()) === '0', 'none any more');
    await eventually(async () => (await bo.expect(200, 'GET', '/api/v1/mentions')).mentions.length === 0, 'none at the engine');
    assert.equal((await ann.expect(200, 'GET', '/api/v1/mentions')).mentions.length, 0, 'who writes is not told');
    assert.deepEqual((await ann.ticket(id)).entries.find((each) => each.kind === 'note').mentions, [bo.id]);
  });

  it('shows who else looks and writes, and lets a supervisor listen and whisper', async () => {
    const id = await held('Hedy Lamarr');
    const page = await open(id);
    const sams = await open(id, 'sam');
    const company = page.locator('.company');
    await company.getByText('Sam Sato looks at this, too').waitFor();
    await sams.locator('.listening').getByText('You listen to Ann Archer').waitFor();
    await reply(page).fill('I am looking into it.');
    await sams.locator('.company').getByText('Ann Archer writes in this').waitFor();
    await reply(page).press('Control+Enter');
    await sams.getByRole('log').getByText('I am looking into it.').waitFor();
    await sams.keyboard.press('n');
    await sams.keyboard.type('Offer her a new one.');
    await company.getByText('Sam Sato writes in this').waitFor();
    await sams.keyboard.press('Control+Enter');
    await page.locator('.bubble.note').getByText('Offer her a new one.').waitFor();
    await sams.goto('/wall');
    await eventually(async () => !(await company.innerText()).includes('Sam Sato'), 'sam to be gone');
  });
});
