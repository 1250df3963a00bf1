import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { binary, Engine } from './support/engine.mjs';
import { freePorts } from './support/ports.mjs';
import { secrets } from './support/secrets.mjs';

/** Runs `kindred load` to its end. */
async function load(...options) {
  const child = spawn(binary, ['load', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const read = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => { read.out += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { read.err += text; });
  const [code] = await once(child, 'close');
  return { code, ...read, get json() { return JSON.parse(read.out); } };
}

/** A server of the loopback device that does with each connection what `meet` does. */
async function listen(meet) {
  const server = createServer(meet).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => { server.close(resolve); }) };
}

describe('kindred load', () => {
  let engine;
  before(async () => { engine = await Engine.start(); });
  after(async () => { await engine?.dispose(); });
  const secret = ['--secret', secrets.whatsapp.appSecret];
  const accepted = () => engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'accepted' });

  it('sends as many new signed messages as were asked for', async () => {
    const earlier = await accepted();
    const options = ['--target', engine.url, '--rate', '100', '--seconds', '0.5', '--connections', '4', '--customers', '7', ...secret];
    const first = await load(...options, '--json');
    assert.equal(first.code, 0, first.err);
    assert.deepEqual(first.json.statuses, { 200: 50 });
    assert.equal(first.json.due, 50);
    const { p50, p99, max } = first.json.latency_ms;
    assert.ok(p50 > 0 && p50 <= p99 && p99 <= max);
    // The ids of another run are other ids, or its messages would be duplicates.
    const second = await load(...options);
    assert.equal(second.code, 0, second.err);
    assert.match(second.out, /200 +50\n/);
    assert.equal(await accepted(), earlier + 100);
  });

  it('ends with 1 when something was refused', async () => {
    const earlier = await accepted();
    const refused = await load('--target', engine.url, '--rate', '50', '--seconds', '0.2', '--secret', 'wrong', '--json');
    assert.equal(refused.code, 1);
    const { statuses } = refused.json;
    assert.equal((statuses[401] ?? 0) + (statuses[403] ?? 0), 10, refused.out);
    assert.equal(await accepted(), earlier);
  });

  it('says how many a silent target held up, and gives them up', async () => {
    const silent = await listen((socket) => socket.on('error', () => {}).resume());
    try {
      const options = ['--rate', '100', '--seconds', '0.1', '--connections', '2', '--timeout', '0.3'];
      const gave = await load('--target', silent.url, ...options, '--json');
      assert.equal(gave.code, 1);
      const { due, answered, timed_out: late, not_sent: never, held_up: held, latency_ms: latency } = gave.json;
      assert.deepEqual({ due, answered, sum: late + never }, { due: 10, answered: 0, sum: 10 });
      assert.ok(late >= 2 && held >= never);
      assert.ok(latency.p50 >= 300, 'what was given up has waited as long as it was given');
    } finally {
      await silent.close();
    }
  });

  it('counts what a dying connection took along, and connects again', async () => {
    let connections = 0;
    const rude = await listen((socket) => {
      connections += 1;
      socket.on('error', () => {}).once('data', () => socket.destroy());
    });
    try {
      const lost = await load('--target', rude.url, '--rate', '20', '--seconds', '0.2', '--connections', '1', '--json');
      assert.equal(lost.code, 1);
      assert.equal(lost.json.lost, 4, lost.out);
      assert.ok(connections >= 4);
    } finally {
      await rude.close();
    }
  });

  it('uses a new connection after one that the target closes', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    const polite = await listen((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer)));
    try {
      const done = await load('--target', polite.url, '--rate', '50', '--seconds', '0.2', '--connections', '2', '--json');
      assert.equal(done.code, 0, done.out);
      assert.deepEqual(done.json.statuses, { 200: 10 });
    } finally {
      await polite.close();
    }
  });

  it('ends with 3 when nobody listens, with 2 when it is not understood', async () => {
    const [port] = await freePorts(1);
    const nobody = await load('--target', `http://127.0.0.1:${port}`, '--rate', '10', '--seconds', '1');
    assert.equal(nobody.code, 3);
    assert.match(nobody.err, /cannot connect/);
    assert.equal((await load('--target', engine.url, '--rate', '0', '--seconds', '1')).code, 2);
    assert.equal((await load('--rate', '10', '--seconds', '1')).code, 2);
  });
});
