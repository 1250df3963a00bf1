import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Client } from './support/client.mjs';
import { Engine } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('the screens of supervisors and admins', () => {
  let engine;
  let browser;
  let root;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    root = await engine.login('root');
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

  const people = async () => (await root.expect(200, 'GET', '/api/v1/people')).people;

  it('are opened by keys and told apart by roles', async () => {
    const page = await browser.desk(engine, 'root');
    for (const [keys, title] of [['g e', 'Reports'], ['g c', 'Channels'], ['g p', 'People'], ['g t', 'API tokens'], ['g l', 'Audit log'], ['g r', 'Rules']]) {
      for (const key of keys.split(' ')) await page.keyboard.press(key);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    }
    const ann = await browser.desk(engine, 'ann');
    assert.equal(await ann.getByRole('link', { name: 'People' }).count(), 0);
    for (const [path, needs] of [['/people', 'see accounts and roles'], ['/tokens', 'see which API tokens there are'], ['/audit', 'read the audit log'], ['/rules', 'see the rules'], ['/reports', 'see reports'], ['/channels', 'see channels'], ['/wall', 'see the wall']]) {
      await ann.goto(path);
      await ann.getByRole('alert').getByText(`Your role “agent” does not permit: ${needs}`).waitFor();
    }
    await sound(ann, 'forbidden-1440');
    const sam = await browser.desk(engine, 'sam');
    await sam.goto('/channels');
    await sam.getByText('Your role does not permit to handle quarantine and events.').waitFor();
    await sam.getByRole('rowheader', { name: 'whatsapp' }).waitFor();
  });

  it('add somebody, change them and lock them out', async () => {
    const page = await browser.desk(engine, 'root');
    await page.goto('/people');
    await page.getByRole('rowheader', { name: 'ann', exact: true }).waitFor();
    await page.keyboard.press('+');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Log-in').fill('zoe');
    await dialog.getByLabel('Name', { exact: true }).fill('Zoe Zorn');
    await dialog.getByLabel('Password').fill('short');
    await dialog.getByLabel('Skills').fill('lamps 11');
    await dialog.getByLabel('Password').fill('a long enough one');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('levels from 1 to 10').waitFor();
    await dialog.getByLabel('Skills').fill('lamp 7');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('did you mean "lamps"').waitFor();
    await dialog.getByLabel('Skills').fill('lamps 7');
    await dialog.getByLabel('Languages').fill('en, es 8');
    await dialog.getByLabel('general').check();
    await sound(page, 'person-1440');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('rowheader', { name: 'zoe' }).waitFor();
    let zoe = (await people()).find((each) => each.login === 'zoe');
    assert.deepEqual([zoe.name, zoe.role, zoe.queues, zoe.skills, zoe.languages], ['Zoe Zorn', 'agent', ['general'], { lamps: 7 }, { en: 10, es: 8 }]);
    await sound(page, 'people-1440');

    await page.getByRole('button', { name: 'Edit Zoe Zorn' }).click();
    await dialog.getByLabel('Role').selectOption('supervisor');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /zoe/ }).getByText('supervisor').waitFor();

    const session = (await engine.anyone.post('/api/v1/login', { login: 'zoe', password: 'a long enough one', bearer: true })).body.token;
    const client = new Client(engine.url, session);
    assert.equal((await client.get('/api/v1/me')).status, 200);
    await page.getByRole('button', { name: 'Lock out Zoe Zorn' }).click();
    await dialog.getByRole('button', { name: 'Lock out' }).click();
    await page.getByText('Zoe Zorn is locked out.').waitFor();
    assert.equal((await client.get('/api/v1/me')).status, 401);
    assert.equal((await engine.anyone.post('/api/v1/login', { login: 'zoe', password: 'a long enough one' })).status, 401);
    zoe = (await people()).find((each) => each.login === 'zoe');
    assert.deepEqual(zoe.queues, []);
    assert.equal(await page.getByRole('button', { name: 'Lock out Root' }).count(), 0, 'nobody locks out themselves');
  });

  it('give out a token whose secret is shown once, and revoke it', async () => {
    const page = await browser.desk(engine, 'root');
    await page.goto('/tokens');
    await page.getByText('No token was given out.').waitFor();
    await page.keyboard.press('+');
    await page.getByRole('dialog').getByLabel('Name').fill('crm');
    await page.getByRole('dialog').getByLabel('Role').selectOption('supervisor');
    await page.getByRole('dialog').getByRole('button', { name: 'Give out a token' }).click();
    const secret = await page.getByLabel('Secret').inputValue();
    const crm = new Client(engine.url, secret);
    assert.equal((await crm.get('/api/v1/queues')).status, 200);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('row', { name: /crm/ }).getByText('in force').waitFor();
    await page.reload();
    await page.getByRole('rowheader', { name: 'crm' }).waitFor();
    assert.ok(!(await page.content()).includes(secret), 'the secret is shown once');
    await sound(page, 'tokens-1440');
    await page.getByRole('button', { name: 'Revoke crm' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row', { name: /crm/ }).getByText('revoked').waitFor();
    assert.equal((await crm.get('/api/v1/queues')).status, 401);
  });

  it('show who changed what, filtered by words, older records on demand', async () => {
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('a')}@mail.example`, text: 'hello' });
    const { customer } = (await root.ticket(ticket)).ticket;
    for (let count = 0; count < 55; count += 1) {
      await root.expect(200, 'PUT', `/api/v1/customers/${customer.id}/do-not-contact`, { reason: `number ${count}` });
      await root.expect(200, 'DELETE', `/api/v1/customers/${customer.id}/do-not-contact`);
    }
    const { records } = await root.expect(200, 'GET', '/api/v1/audit');
    assert.equal(records.length, 100, 'there is more than a page');
    const page = await browser.desk(engine, 'root', { width: 360, height: 740 });
    await page.goto('/audit');
    await page.getByText('100 of 100 records.').waitFor();
    await page.getByText('Their numbers have no gap').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('"number 54"');
    await page.getByText(/^1 of 100 records/).waitFor();
    await sound(page, 'audit-360');
    await page.getByRole('searchbox').fill('');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Load older records' }).click();
    await eventually(async () => !(await page.getByText('100 of 100 records.').isVisible()), 'older records');
    assert.ok(!(await page.getByText('Numbers are missing').isVisible()));
  });

  it('show what could not be taken in and try it again', async () => {
    const body = '{"this is": "no message of the provider"';
    const signature = createHmac('sha256', secrets.whatsapp.appSecret).update(body).digest('hex');
    await engine.anyone.send('POST', '/webhooks/whatsapp', { headers: { 'Content-Type': 'application/json', 'X-Hub-Signature-256': `sha256=${signature}` }, body });
    const held = await eventually(async () => (await root.expect(200, 'GET', '/api/v1/quarantine')).quarantine.find((each) => each.channel === 'whatsapp'), 'the quarantined request');
    for (const width of [1440, 360]) {
      const page = await browser.desk(engine, 'root', { width, height: 800 });
      await page.goto('/channels');
      const row = page.locator('.quarantined');
      await row.getByText(held.reason === 'bug' ? 'met a fault' : 'is malformed').waitFor();
      await row.getByRole('button', { name: 'Look at it' }).click();
      await row.getByText('no message of the provider').first().waitFor();
      await sound(page, `channels-${width}`);
      await row.getByRole('button', { name: 'Take it in now' }).click();
      await page.locator('.news-item.bad').waitFor();
      assert.equal((await root.expect(200, 'GET', '/api/v1/quarantine')).quarantine.length, 1, 'it still cannot be taken in and stays');
      if (width === 1440) continue;
      await row.getByRole('button', { name: 'Forget it' }).click();
      await page.getByText('Nothing is in quarantine.').waitFor();
    }
  });

  it('report what happened, as charts, tables and files, in the figures of the API', async () => {
    for (const [name, text] of [['One', 'a brisk thing'], ['Two', 'a pair of lamps'], ['Three', 'hello'], ['Four', 'hello']])
      await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('r')}@mail.example`, name, text });
    const client = await engine.login('sam');
    for (const width of [1440, 360]) {
      const page = await browser.desk(engine, 'sam', { width, height: 900, timezoneId: 'Europe/Madrid' });
      for (const key of ['g', 'e']) await page.keyboard.press(key);
      await page.getByLabel('Groups').selectOption('queue');
      await page.getByLabel('Periods').selectOption('');
      assert.equal(await page.getByLabel('Time zone').inputValue(), 'Europe/Madrid');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByRole('columnheader', { name: 'queue' }).waitFor();
      const asked = await page.getByRole('link', { name: 'Save as NDJSON' }).getAttribute('href');
      const { rows } = (await client.expect(200, 'GET', asked.replace('format=ndjson', 'format=json')));
      const shown = await page.locator('.reports tbody tr').evaluateAll((all) => all.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent)));
      assert.deepEqual(shown, rows.map((row) => [row.group || '(none)', ...['contacts', 'opened', 'reopened', 'resolved', 'closed', 'abandoned'].map((column) => String(row[column]))]));
      assert.ok(rows.some((row) => row.group === 'brisk' && row.contacts >= 1));
      await page.getByRole('img', { name: 'Chart: contacts' }).waitFor();
      assert.equal(await page.locator('.chart rect').count(), rows.length);
      await sound(page, `reports-${width}`);
      const waiting = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Save as CSV' }).click();
      const file = await waiting;
      assert.equal(file.suggestedFilename(), 'volume.csv');
      const stream = await file.createReadStream();
      let csv = '';
      for await (const part of stream) csv += part;
      assert.match(csv, /^from,until,group.*contacts/);
      assert.equal(csv.trim().split(/\r?\n/).length, rows.length + 1);
      await page.getByLabel('Time zone').fill('Nowhere/Land');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByRole('alert').getByText('zone').waitFor();
    }
  });

  it('show what became of what was sent through a channel, with the reason of what failed', async () => {
    const ann = await engine.login('ann');
    const { agent } = await ann.expect(200, 'GET', '/api/v1/me');
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('d')}@mail.example`, text: 'hello', conversation: freshId('d') });
    await root.expect(200, 'POST', `/api/v1/tickets/${ticket}/assign`, { agent: agent.id });
    await ann.expect(201, 'POST', `/api/v1/tickets/${ticket}/reply`, { text: 'It left.' });
    const told = await eventually(async () => {
      const found = (await ann.ticket(ticket)).deliveries[0];
      return found && found.state !== 'pending' ? found : null;
    }, 'what became of it');
    const page = await browser.desk(engine, 'sam');
    await page.goto('/channels');
    await page.getByRole('button', { name: 'Last deliveries of api' }).click();
    const list = page.getByRole('region', { name: 'Last deliveries of api' });
    const line = list.getByRole('listitem').filter({ hasText: `#${ticket}` });
    await line.getByText(told.state, { exact: true }).waitFor();
    if (told.reason) await line.getByText(told.reason).waitFor();
    await sound(page, 'channels-deliveries-1440');
    await page.getByRole('button', { name: 'Last deliveries of webchat' }).click();
    await page.getByText('Nothing was sent in the last 24 hours.').waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    await sound(page, 'channels-deliveries-360');
    assert.equal((await ann.get('/api/v1/channels/api/deliveries')).status, 403);
    assert.equal((await root.get('/api/v1/channels/nowhere/deliveries')).status, 404);
    assert.equal((await root.get('/api/v1/channels/api/deliveries?hours=0')).status, 400);
  });

  it('speak Spanish', async () => {
    const page = await browser.desk(engine, 'root');
    await page.evaluate(() => localStorage.setItem('kindred.language', 'es'));
    for (const [path, title] of [['/people', 'Personas'], ['/tokens', 'Claves de API'], ['/audit', 'Registro de auditoría'], ['/channels', 'Canales'], ['/reports', 'Informes']]) {
      await page.goto(path);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await page.getByText(/Cargando/).waitFor({ state: 'detached' });
    }
  });
});
