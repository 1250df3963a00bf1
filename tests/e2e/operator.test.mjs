import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('what an operator sees', () => {
  const sign = new Signer();
  let engine;
  before(async () => { engine = await Engine.start(); });
  after(() => engine?.dispose());

  it('says that it lives and that it is ready', async () => {
    assert.equal((await engine.anyone.get('/livez')).status, 200);
    assert.equal((await engine.anyone.get('/readyz')).status, 200);
  });

  it('is never ready where it cannot listen everywhere', async () => {
    await engine.stop();
    const squatter = createServer();
    await new Promise((resolve) => { squatter.listen(engine.ports.mail, '127.0.0.1', resolve); });
    const seen = new Set();
    const begun = engine.begin().then(() => 'began', (problem) => problem.message);
    const ask = (async () => {
      const over = begun.then(() => true);
      while (!await Promise.race([over, new Promise((resolve) => { setImmediate(resolve, false); })]))
        await fetch(`${engine.adminUrl}/readyz`).then((answer) => seen.add(answer.status), () => {});
    })();
    assert.match(await begun, /in use/);
    await ask;
    assert.deepEqual([...seen], []);
    await new Promise((resolve) => { squatter.close(resolve); });
    await engine.begin();
  });

  it('tells its figures on the admin listener only', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    await engine.anyone.deliver(sign.whatsapp({ from: freshNumber(), text: 'answer me' }));
    await ann.resolve(await ann.take());
    await ann.leave();
    await engine.anyone.deliver(sign.whatsapp({ from: freshNumber(), text: 'count me' }));
    assert.equal((await engine.anyone.get('/metrics')).status, 404);
    const answer = await fetch(`${engine.adminUrl}/metrics`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /^text\/plain/);
    const text = await answer.text();
    const names = ['kindred_contacts_total', 'kindred_decision_seconds', 'kindred_commit_seconds', 'kindred_webhook_seconds', 'kindred_queue_waiting',
      'kindred_queue_wait_seconds', 'kindred_offers_total', 'kindred_outbox_pending', 'kindred_unmatched_sweep_total', 'kindred_ruleset_info'];
    for (const name of names) assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'));
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'accepted' }), 2);
    assert.equal(await engine.metric('kindred_offers_total', { outcome: 'accepted' }), 1);
    await eventually(async () => await engine.metric('kindred_queue_waiting', { queue: 'general' }) === 1, 'the figure of the waiting ticket');
    assert.equal(await engine.metric('kindred_unmatched_sweep_total'), 0);
  });

  it('writes one JSON object a line, with no secret and no text of customers in it', async () => {
    await engine.anyone.deliver(sign.whatsapp({ from: freshNumber(), text: 'a very private matter' }));
    await eventually(() => engine.logs.split('\n').length > 1, 'a line of the log');
    for (const line of engine.logs.split('\n').filter((text) => text.startsWith('{'))) assert.equal(typeof JSON.parse(line), 'object');
    assert.doesNotMatch(engine.logs, /a very private matter|e2e-app-secret|e2e-graph-token|secret-ann/);
  });

  it('sends the headers that keep browsers careful', async () => {
    const page = await engine.anyone.get('/');
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type'), /^text\/html/);
    const policy = page.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    const tag = page.headers.get('etag');
    assert.equal((await engine.anyone.get('/', { 'If-None-Match': tag })).status, 304);
    const parts = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((found) => found[1]);
    assert.ok(parts.length > 1, page.text);
    for (const path of parts) {
      const part = await engine.anyone.get(path, { 'Accept-Encoding': 'gzip' });
      assert.equal(part.status, 200, path);
      assert.equal(part.headers.get('cache-control'), 'public, max-age=31536000, immutable', path);
      // What is smaller than a packet is not compressed.
      if (part.text.length >= 1_400) assert.equal(part.headers.get('vary'), 'Accept-Encoding', path);
    }
    assert.equal((await engine.anyone.get('/icon.svg')).status, 200);
  });

  it('names the ruleset in force', async () => {
    const root = await engine.login('root');
    const rules = await root.expect(200, 'GET', '/api/v1/rules');
    assert.match(rules.hash, /^[0-9a-f]{16,}$/);
    assert.equal(await engine.metric('kindred_ruleset_info', { hash: rules.hash }), 1);
  });
});

describe('the end of an engine', () => {
  it('finishes what it has begun when it is asked to stop, and takes nothing new', async () => {
    const engine = await Engine.start();
    try {
      const ann = await Agent.arrive(engine, 'ann');
      const sign = new Signer();
      const request = sign.whatsapp({ from: freshNumber(), text: 'half way' });
      const head = `POST ${request.path} HTTP/1.1\r\nHost: x\r\n${Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}Content-Length: ${request.body.length}\r\n\r\n`;
      const socket = connect(engine.ports.listen, '127.0.0.1');
      let said = '';
      // The engine can be gone before its last answer has been read here.
      const closed = new Promise((resolve) => { socket.once('close', resolve); });
      socket.setEncoding('latin1').on('data', (text) => { said += text; }).on('error', () => {});
      await new Promise((resolve) => { socket.write(head + request.body.subarray(0, 100).toString('latin1'), resolve); });
      await eventually(async () => (await engine.anyone.get('/livez')).status === 200, 'the engine');
      engine.signal('SIGTERM');
      await eventually(() => engine.anyone.get('/readyz').then((answer) => answer.status === 503, () => true), 'the engine to refuse new work');
      socket.write(request.body.subarray(100));
      const { code } = await engine.ended;
      await closed;
      assert.equal(code, 0, engine.logs);
      assert.match(said, /^HTTP\/1\.1 (200|503)/);
      ann.desk.cut();
      await engine.begin();
      const again = await Agent.arrive(engine, 'ann');
      const customer = await again.client.customer(`phone:+${JSON.parse(request.body).entry[0].changes[0].value.messages[0].from}`);
      assert.equal(customer !== null, /^HTTP\/1\.1 200/.test(said), 'what was acknowledged is there');
      await again.leave();
    } finally {
      await engine.dispose();
    }
  });

  it('is clean while desks, chats and idle connections are open', async () => {
    const engine = await Engine.start();
    try {
      const ann = await Agent.arrive(engine, 'ann');
      const idle = connect(engine.ports.listen, '127.0.0.1');
      await new Promise((resolve) => { idle.once('connect', resolve); });
      assert.equal(await engine.stop(), 0);
      idle.destroy();
      ann.desk.cut();
    } finally {
      await engine.dispose();
    }
  });
});
