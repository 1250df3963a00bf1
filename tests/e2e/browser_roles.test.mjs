import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, presence, screenshot } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('roles, in a browser', () => {
  let engine;
  let browser;
  let root;
  let ids;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    root = await engine.login('root');
    ids = Object.fromEntries((await root.expect(200, 'GET', '/api/v1/people')).people.map((each) => [each.login, each.id]));
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  afterEach(() => browser.check());

  async function sound(page, name) {
    assert.deepEqual(await accessibilityFaults(page), [], name);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${name} is wider than the screen`);
    await screenshot(page, name);
  }

  const give = (login, role) => root.expect(200, 'PATCH', `/api/v1/agents/${ids[login]}`, { role });
  const contact = async (text) => (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('r')}@mail.example`, name: 'Kim Kent', text })).ticket;

  it('an admin makes a role by keys and gives it to somebody who is there: what they can do changes while they look', async () => {
    const ticket = await contact('where is my lamp');
    const ann = await browser.desk(engine, 'ann');
    await ann.goto(`/tickets/${ticket}`);
    await ann.getByRole('form', { name: 'Answer' }).waitFor();

    const page = await browser.desk(engine, 'root');
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    const make = page.getByRole('button', { name: 'Make a role', exact: true });
    await make.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').waitFor();
    await page.keyboard.type('quality');
    const box = (name) => dialog.locator(`input[type=checkbox][value="${name}"]`);
    await box('tickets.others').focus();
    await page.keyboard.press('Space');
    for (const name of ['tickets.read', 'tickets.work']) assert.ok(await box(name).isChecked(), `${name} comes with it`);
    await box('tickets.work').focus();
    await page.keyboard.press('Space');
    assert.ok(!(await box('tickets.others').isChecked()), 'it is nothing without');
    assert.ok(await box('tickets.read').isChecked());
    await box('customers.read').check();
    await box('audit.read').check();
    await sound(page, 'role-1440');
    await page.keyboard.press('Enter');
    await page.getByRole('rowheader', { name: 'quality' }).waitFor();
    assert.deepEqual((await root.expect(200, 'GET', '/api/v1/roles')).roles.find((each) => each.name === 'quality').permissions, ['tickets.read', 'customers.read', 'audit.read']);

    await page.getByRole('button', { name: 'Edit Ann Archer' }).click();
    await dialog.getByLabel('Role').selectOption('quality');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await ann.getByRole('status').getByText('Your role is now “quality”. You may now: read the audit log. You may no longer:').waitFor();
    await ann.getByRole('form', { name: 'Answer' }).waitFor({ state: 'detached' });
    assert.equal(await ann.getByRole('button', { name: /^Presence/ }).count(), 0);
    await ann.keyboard.press('g');
    await ann.keyboard.press('l');
    await ann.getByRole('heading', { name: 'Audit log', level: 1 }).waitFor();
    await ann.getByText('role.added').first().waitFor();

    await page.getByRole('button', { name: 'Change the role quality' }).click();
    await box('audit.read').uncheck();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await ann.getByRole('alert').getByText('Your role “quality” does not permit: read the audit log.').waitFor();
    await ann.getByRole('status').getByText('Your role “quality” was changed. You may no longer: read the audit log.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Remove the role quality' }).count(), 0, 'somebody has it');
    await give('ann', 'agent');
    await ann.getByRole('status').getByText('Your role is now “agent”. You may now:').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Remove the role quality' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('The role quality is gone.').waitFor();
    await ann.goto(`/tickets/${ticket}`);
    await ann.getByRole('form', { name: 'Answer' }).waitFor();
  });

  it('somebody who may only read sees everything and is offered nothing', async () => {
    const ticket = await contact('does it come in green');
    await give('dan', 'read-only');
    const dan = await browser.desk(engine, 'dan');
    await dan.goto('/tickets/' + ticket);
    await dan.locator('main.ticket').getByText('does it come in green').first().waitFor();
    await dan.getByRole('tab', { name: 'Customer' }).click();
    await dan.getByRole('heading', { name: 'Kim Kent' }).waitFor();
    const offers = /^(Answer|Resolve|Transfer|Assign|Open again|More|Attach|Presence|Add|Write|Pin|Change|Merge|Do not contact|Edit|Save|Close|Drain|Activate|Revoke|Give out|Lock|Make|Remove|Begin|Link)/;
    const offered = async () => (await dan.locator('main, aside, header.top').getByRole('button').allInnerTexts()).filter((each) => offers.test(each.trim()));
    assert.deepEqual(await offered(), []);
    assert.equal(await dan.locator('main textarea, main select:not([aria-label="Order"]), .composer').count(), 0);
    await sound(dan, 'read-only-1440');
    const titles = { wall: 'Wall', reports: 'Reports', findings: 'Segment findings', staffing: 'Staffing', incidents: 'Incidents', coverage: 'Coverage', channels: 'Channels', rules: 'Rules', people: 'People', tokens: 'API tokens', audit: 'Audit log' };
    for (const [path, title] of Object.entries(titles)) {
      await dan.goto(`/${path}`);
      await dan.getByRole('heading', { name: title, level: 1 }).waitFor();
      await dan.locator('.desk[data-live="live"]').waitFor();
      assert.deepEqual(await offered(), [], path);
    }
    await dan.goto('/rules');
    await dan.getByText('Your role “read only” does not permit to put rules in force and take them back: the files can be read').waitFor();
    const text = dan.locator('.cm-content');
    await text.waitFor();
    assert.equal(await text.getAttribute('aria-readonly'), 'true');
    const before = await text.innerText();
    await text.click();
    await dan.keyboard.type('nothing of this: is written');
    assert.equal(await text.innerText(), before);
    assert.equal(await dan.getByRole('button', { name: 'Discard changes' }).count(), 0);
    await sound(dan, 'rules-read-only-1440');
    await dan.goto('/people');
    await dan.getByRole('heading', { name: 'Roles' }).waitFor();
    await sound(dan, 'people-read-only-1440');
    const own = dan.getByRole('row', { name: /^read only/ });
    await own.getByText('9 of 27').click();
    await own.getByText('read the audit log').waitFor();
    // No key does anything either.
    await dan.goto('/tickets/' + ticket);
    await dan.locator('main.ticket').getByText('does it come in green').first().waitFor();
    for (const key of ['e', 't', 'm', 'r', 'n', 'p', 'l', 'o', 'Shift+M', 'x']) await dan.keyboard.press(key);
    assert.equal(await dan.getByRole('dialog').count(), 0);
    assert.equal((await root.ticket(ticket)).ticket.status, 'waiting');
    await give('dan', 'agent');
  });

  it('who loses the right to work while holding a ticket is told, and the ticket goes to somebody else', async () => {
    const bo = await browser.desk(engine, 'bo');
    await presence(bo, 'Available');
    const ticket = await contact('it flickers');
    await bo.locator('.offer', { hasText: 'it flickers' }).getByRole('button', { name: /^Accept/ }).click();
    await bo.waitForURL(`**/tickets/${ticket}`);
    await give('bo', 'read-only');
    await bo.getByRole('status').getByText('Your role is now “read only”.').waitFor();
    await eventually(async () => (await root.ticket(ticket)).ticket.holder === null, 'the ticket to be free');
    await bo.getByRole('form', { name: 'Answer' }).waitFor({ state: 'detached' });
    await give('bo', 'agent');
  });

  it('the editor of roles is sound on a telephone and in Spanish', async () => {
    const page = await browser.desk(engine, 'root', { width: 360, height: 740 });
    await page.goto('/people');
    await page.getByRole('button', { name: 'Make a role like read only' }).click();
    await page.getByRole('dialog').locator('input[value="audit.read"]').waitFor();
    assert.ok(await page.getByRole('dialog').locator('input[value="audit.read"]').isChecked());
    await sound(page, 'role-360');
    await page.keyboard.press('Escape');
    await page.evaluate(() => localStorage.setItem('kindred.language', 'es'));
    await page.reload();
    await page.getByRole('button', { name: 'Crear un papel', exact: true }).click();
    await page.getByRole('dialog').getByText('leer el registro de auditoría').waitFor();
    await sound(page, 'role-es-360');
  });
});
