import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Browser, presence } from './support/browser.mjs';
import { Visitor } from './support/chat.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { launch, noBrowser, ShopPage, Wire } from './support/shop_page.mjs';
import { eventually } from './support/wait.mjs';

const chat = (ticket) => ticket.channel_kind === 'chat';
const photo = randomBytes(60_000);
const limits = { connector: 'webchat', most_file_bytes: 200_000, file_types: ['image/*', 'text/plain', 'text/html'], visitor_uploads: '6/1h', address_uploads: '100/1h' };

/** A file as a visitor's browser sends it. */
async function bring(engine, visitor, { name = 'a.txt', type = 'text/plain', bytes = Buffer.from('hello'), method = 'POST', channel = 'webchat', headers = {} } = {}) {
  const url = new URL(`/chat/${channel}/files`, engine.url);
  url.searchParams.set('visitor', visitor);
  url.searchParams.set('name', name);
  const answer = await fetch(url, { method, headers: { 'Content-Type': type, ...headers }, ...(method === 'POST' ? { body: bytes } : {}) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? JSON.parse(text) : null };
}

async function get(engine, visitor, id) {
  const answer = await fetch(`${engine.url}/chat/webchat/files/${encodeURIComponent(id)}?visitor=${visitor}`);
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

describe('files of the web chat', () => {
  let engine;
  let ann;
  before(async () => {
    engine = await Engine.start({ channels: { webchat: limits, other: { connector: 'webchat' } }, attachments: { sweep_every: '1s' } });
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const download = async (id, client = ann.client) => {
    const answer = await fetch(`${engine.url}/api/v1/attachments/${id}`, { headers: { Authorization: `Bearer ${client.token}` } });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const say = (visitor, message) => {
    const sent = { type: 'message', id: `m${Math.random()}`, ...message };
    visitor.unsent.push(sent);
    visitor.sendRaw(JSON.stringify(sent));
    return visitor.acknowledged(sent.id);
  };

  it('come with a message, lie outside the database, and go to its agent alone', async () => {
    const visitor = await Visitor.arrive(engine);
    const up = await bring(engine, visitor.visitor, { name: 'lamp.png', type: 'image/png', bytes: photo });
    assert.equal(up.status, 201, up.text);
    assert.equal(up.headers.get('access-control-allow-origin'), '*');
    const ack = await say(visitor, { text: '', attachments: [{ id: up.body.id, name: 'what the widget says', type: 'text/html' }] });
    const ticket = await ann.take(chat);
    const [file] = (await ann.client.ticket(ticket.id)).files;
    assert.deepEqual([file.name, file.type, file.size, file.state], ['lamp.png', 'image/png', photo.length, 'stored']);
    assert.deepEqual(ack.attachments.map((each) => each.id), [file.id]);
    const got = await download(file.id);
    assert.ok(got.bytes.equals(photo));
    assert.match(got.headers.get('content-disposition'), /^attachment; filename="lamp.png"/);
    const folder = join(engine.folder, 'store', 'kindred.db-files');
    const kept = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
    assert.ok((await readFile(join(kept[0].path, kept[0].name))).equals(photo));
    // The visitor has it back, a stranger and the same visitor's other names for it do not.
    assert.ok((await get(engine, visitor.visitor, file.id)).bytes.equals(photo));
    const stranger = await Visitor.arrive(engine);
    assert.equal((await get(engine, stranger.visitor, file.id)).status, 404);
    assert.equal((await get(engine, visitor.visitor, up.body.id)).status, 404);
    // What is sent is spent: nobody sends it again, a stranger could not from the first.
    const again = await bring(engine, visitor.visitor);
    await say(stranger, { text: 'mine', attachments: [{ id: again.body.id, name: 'a.txt' }] });
    const other = await ann.take(chat);
    const [stolen] = (await ann.client.ticket(other.id)).files;
    assert.deepEqual([stolen.state, stolen.reason], ['failed', 'not_uploaded']);
    await ann.resolve(other);
    await ann.resolve(ticket);
    visitor.cut();
    stranger.cut();
  });

  it('are never shown by our origin, whatever they say they are', async () => {
    const visitor = await Visitor.arrive(engine);
    const page = Buffer.from('<script>alert(document.domain)</script>');
    for (const [name, type] of [['x.html', 'text/html'], ['x.svg', 'image/svg+xml'], ['"x\r\n.html', 'text/html; charset=utf-8']]) {
      const up = await bring(engine, visitor.visitor, { name, type, bytes: page });
      assert.equal(up.status, 201, up.text);
      await say(visitor, { text: 'look', attachments: [{ id: up.body.id, name }] });
    }
    const ticket = await ann.take(chat);
    const files = await eventually(async () => { const all = (await ann.client.ticket(ticket.id)).files; return all.length === 3 && all; }, 'three files');
    for (const file of files)
      for (const got of [await download(file.id), await get(engine, visitor.visitor, file.id)]) {
        assert.equal(got.status, 200);
        assert.equal(got.headers.get('content-type'), 'application/octet-stream');
        assert.match(got.headers.get('content-disposition'), /^attachment; /);
        assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
        assert.match(got.headers.get('content-security-policy'), /default-src 'none'; sandbox/);
      }
    await ann.resolve(ticket);
    visitor.cut();
  });

  it('are refused with the reason: too large, of a wrong type, too many, of nobody', async () => {
    const visitor = await Visitor.arrive(engine);
    const refused = async (given, status, detail) => {
      const answer = await bring(engine, visitor.visitor, given);
      assert.equal(answer.status, status, answer.text);
      if (detail) assert.match(answer.body.detail, detail);
      return answer;
    };
    await refused({ type: 'application/pdf' }, 400, /type/);
    await refused({ name: '' }, 400, /name/);
    await refused({ name: 'n'.repeat(300) }, 400, /name/);
    await refused({ bytes: Buffer.alloc(0) }, 400, /bytes/);
    await refused({ bytes: Buffer.alloc(200_001) }, 413);
    assert.equal((await refused({ method: 'OPTIONS' }, 204)).headers.get('access-control-allow-origin'), '*');
    const allowed = await bring(engine, visitor.visitor);
    assert.equal(allowed.status, 201);
    let last = allowed;
    for (let i = 0; i < 6 && last.status === 201; i += 1) last = await bring(engine, visitor.visitor);
    assert.equal(last.status, 429, 'six in an hour are taken');
    assert.ok(Number(last.headers.get('retry-after')) > 60);
    assert.equal(last.headers.get('access-control-allow-origin'), '*');
    const other = await Visitor.arrive(engine);
    assert.equal((await bring(engine, other.visitor)).status, 201, 'one visitor\'s limit is not another\'s');
    other.cut();
    visitor.cut();
    const away = visitor.visitor;
    await eventually(async () => [403, 413].includes((await bring(engine, away)).status), 'nobody to bring files without a chat');
    assert.ok([403, 413].includes((await bring(engine, 'A'.repeat(43))).status));
    assert.ok([404, 413].includes((await bring(engine, away, { channel: 'helpline' })).status));
    assert.ok(await engine.metric('kindred_contacts_total', { channel: 'webchat', reason: 'upload_type_refused' }) >= 1);
    assert.ok(await engine.metric('kindred_contacts_total', { channel: 'webchat', reason: 'upload_too_many' }) >= 1);
  });

  it('come from an agent, with and without words', async () => {
    const visitor = await Visitor.arrive(engine);
    await visitor.say('send me the manual');
    const ticket = await ann.take(chat);
    const manual = randomBytes(9_000);
    const { body } = await ann.client.send('POST', '/api/v1/attachments?name=manual.pdf&type=application/pdf', { headers: { 'Content-Type': 'application/pdf' }, body: manual });
    const { entry } = await ann.client.expect(201, 'POST', `/api/v1/tickets/${ticket.id}/reply`, { text: 'here it is', attachments: [body.id] });
    const line = await visitor.answer();
    assert.deepEqual([line.text, line.attachments.map((each) => each.name)], ['here it is', ['manual.pdf']]);
    await ann.delivered(ticket, entry);
    assert.ok((await get(engine, visitor.visitor, line.attachments[0].id)).bytes.equals(manual));
    await ann.client.expect(201, 'POST', `/api/v1/tickets/${ticket.id}/reply`, { text: '', attachments: [body.id] });
    assert.equal((await visitor.answer()).attachments[0].id, body.id);
    visitor.cut();
    visitor.last = 0;
    const history = await visitor.connect();
    assert.deepEqual(history.map((each) => (each.attachments ?? []).length), [0, 1, 1]);
    await ann.resolve(ticket);
    visitor.cut();
  });

  it('that nobody sent are forgotten, and bytes that nothing names go', async () => {
    const visitor = await Visitor.arrive(engine);
    const lonely = randomBytes(3_000);
    const folder = join(engine.folder, 'store', 'kindred.db-files');
    const paths = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile()).map((each) => join(each.path, each.name));
    const before = new Set(await paths());
    assert.equal((await bring(engine, visitor.visitor, { bytes: lonely })).status, 201);
    const [path] = (await paths()).filter((each) => !before.has(each));
    const longAgo = new Date(Date.now() - 3 * 86_400_000);
    await utimes(path, longAgo, longAgo);
    // The sweep runs every second here; what an upload names stays for its day.
    const swept = randomBytes(10);
    const { createHash } = await import('node:crypto');
    const name = createHash('sha256').update(swept).digest('hex');
    const { mkdir, writeFile } = await import('node:fs/promises');
    await mkdir(join(folder, name.slice(0, 2)), { recursive: true });
    await writeFile(join(folder, name.slice(0, 2), name), swept);
    await utimes(join(folder, name.slice(0, 2), name), longAgo, longAgo);
    await eventually(async () => !(await paths()).some((each) => each.endsWith(name)), 'the bytes that nothing names to go');
    assert.ok((await paths()).includes(path));
    visitor.cut();
  });
});

if (noBrowser) process.stderr.write(`\n*** SKIPPED, files are not tried in a browser: ${noBrowser} ***\n\n`);

describe('files in the chat\'s widget', { skip: noBrowser || false }, () => {
  let engine;
  let browser;
  let desks;
  let shop;
  let wire;
  let desk;
  const contexts = [];
  before(async () => {
    engine = await Engine.start({ channels: { webchat: { ...limits, visitor_uploads: '50/1h' } } });
    [browser, desks, shop, wire] = await Promise.all([launch(), Browser.start(), ShopPage.open(), Wire.to(engine.ports.listen)]);
    desk = await desks.desk(engine, 'ann');
    await presence(desk, 'available');
  });
  after(async () => {
    await browser?.close();
    await desks?.dispose();
    await Promise.all([shop?.close(), wire?.close()]);
    await engine?.dispose();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  async function visit() {
    const context = await browser.newContext({ locale: 'en-GB' });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(shop.address(wire.url));
    await page.locator('kindred-chat .launch').click();
    await page.locator('kindred-chat .attach').waitFor();
    return page;
  }
  const lines = (page) => page.locator('kindred-chat ol li');
  const saved = async (page, link) => {
    const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
    return readFile(await file.path());
  };

  it('go from picker, clipboard and drag to the agent, and from the agent to the visitor', async () => {
    const page = await visit();
    await page.locator('kindred-chat input[type=file]').setInputFiles({ name: 'lamp.png', mimeType: 'image/png', buffer: photo });
    await lines(page).filter({ hasText: 'lamp.png' }).locator('a').waitFor();
    const dropped = await page.evaluateHandle(() => {
      const given = new DataTransfer();
      given.items.add(new File(['from the desktop'], 'dropped.txt', { type: 'text/plain' }));
      return given;
    });
    await page.locator('kindred-chat .window').dispatchEvent('dragover', { dataTransfer: dropped });
    await page.locator('kindred-chat .window.dropping').waitFor();
    await page.locator('kindred-chat .window').dispatchEvent('drop', { dataTransfer: dropped });
    await lines(page).filter({ hasText: 'dropped.txt' }).locator('a').waitFor();
    await page.locator('kindred-chat textarea').evaluate((field) => {
      const given = new DataTransfer();
      given.items.add(new File(['from the clipboard'], 'pasted.txt', { type: 'text/plain' }));
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: given, bubbles: true, cancelable: true }));
    });
    await lines(page).filter({ hasText: 'pasted.txt' }).locator('a').waitFor();
    assert.ok((await saved(page, lines(page).locator('a', { hasText: 'lamp.png' }))).equals(photo));

    await desk.getByRole('article', { name: /^Offer/ }).getByRole('button', { name: /^Accept/ }).click();
    await desk.waitForURL('**/tickets/*');
    for (const [name, bytes] of [['lamp.png', photo], ['dropped.txt', Buffer.from('from the desktop')], ['pasted.txt', Buffer.from('from the clipboard')]])
      assert.ok((await saved(desk, desk.locator('.bubble.contact a', { hasText: name }))).equals(bytes), name);
    const manual = randomBytes(5_000);
    await desk.locator('.composer input[type=file]').setInputFiles({ name: 'manual.pdf', mimeType: 'application/pdf', buffer: manual });
    await desk.locator('.composer .attachments', { hasText: 'manual.pdf' }).waitFor();
    await desk.locator('.composer textarea').fill('the manual');
    await desk.keyboard.press('Control+Enter');
    const answer = lines(page).filter({ hasText: 'the manual' }).locator('a', { hasText: 'manual.pdf' });
    await answer.waitFor();
    assert.ok((await saved(page, answer)).equals(manual));
    await page.reload();
    await page.locator('kindred-chat .launch').click();
    await eventually(async () => await lines(page).locator('a').count() === 4, 'all files after a reload');
  });

  it('say why one is not taken, and go once the line is back', async () => {
    const page = await visit();
    const pick = (name, mimeType, buffer) => page.locator('kindred-chat input[type=file]').setInputFiles({ name, mimeType, buffer });
    await pick('big.png', 'image/png', Buffer.alloc(200_001));
    await lines(page).filter({ hasText: 'big.png' }).locator('small', { hasText: 'too large' }).waitFor();
    await pick('x.pdf', 'application/pdf', Buffer.from('x'));
    await lines(page).filter({ hasText: 'x.pdf' }).locator('small', { hasText: 'not taken' }).waitFor();
    // The first try meets a line that is cut under it.
    let tries = 0;
    await page.route('**/chat/webchat/files?*', async (route) => {
      tries += 1;
      if (tries > 1) return route.continue();
      wire.cut();
      return route.abort('connectionreset');
    });
    await pick('late.txt', 'text/plain', Buffer.from('late'));
    await lines(page).filter({ hasText: 'late.txt' }).locator('a').waitFor();
    assert.ok(tries > 1);
    assert.equal(await lines(page).filter({ hasText: 'late.txt' }).count(), 1);
  });

  it('shows at once what is kept of a card\'s number, in the window it was written in', async () => {
    const page = await visit();
    await page.locator('kindred-chat textarea').fill('my card is 4111 1111 1111 1111, thanks');
    await page.keyboard.press('Enter');
    await lines(page).filter({ hasText: '**** **** **** 1111' }).waitFor();
    assert.equal(await lines(page).filter({ hasText: '4111' }).count(), 0);
    assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes('4111'));
  });
});

describe('uploads behind a reverse proxy', () => {
  const twoEach = { connector: 'webchat', address_uploads: '2/1h' };
  const try3 = async (engine, from) => {
    const statuses = [];
    for (const forwarded of from) {
      const visitor = await Visitor.arrive(engine);
      statuses.push((await bring(engine, visitor.visitor, { headers: { 'X-Forwarded-For': forwarded } })).status);
      visitor.cut();
    }
    return statuses;
  };

  it('count by the address that a trusted proxy tells, whatever the visitor writes before it', async () => {
    const engine = await Engine.start({ channels: { webchat: twoEach }, server: { trusted_proxies: ['127.0.0.0/8', '::1'] } });
    try {
      assert.deepEqual(await try3(engine, ['203.0.113.1', '203.0.113.1', '198.51.100.9, 203.0.113.1', '203.0.113.2']), [201, 201, 429, 201]);
    } finally {
      await engine.dispose();
    }
  });

  it('count by the other end of the line where no proxy is trusted', async () => {
    const engine = await Engine.start({ channels: { webchat: twoEach } });
    try {
      assert.deepEqual(await try3(engine, ['203.0.113.1', '203.0.113.2', '203.0.113.3']), [201, 201, 429]);
    } finally {
      await engine.dispose();
    }
  });
});
