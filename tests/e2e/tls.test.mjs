import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Agent as Connections, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { MailSender } from './support/lmtp.mjs';
import { missing, Postfix } from './support/mail_servers.mjs';
import { secrets } from './support/secrets.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

// fetch() and the desk's socket cannot be told whom to believe. What is asked here by hand is checked by hand.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

const noPostfix = missing('postfix', 'swaks');
const adminToken = 'e2e-admin-token-0123456789';

/** A new key and certificate for the engine's names, at these paths, put there in one go. */
async function issue(folder) {
  const fresh = (name) => join(folder, `${name}.new`);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=support.lumen.example',
    '-addext', 'subjectAltName=DNS:support.lumen.example,DNS:localhost,IP:127.0.0.1', '-keyout', fresh('key.pem'), '-out', fresh('certificate.pem')], { stdio: 'ignore' });
  for (const name of ['key.pem', 'certificate.pem']) await rename(fresh(name), join(folder, name));
  return readFile(join(folder, 'certificate.pem'), 'utf8');
}

describe('the engine with a certificate of its own', () => {
  const sign = new Signer();
  let folder;
  let engine;
  let port;
  let ann;
  let certificate;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kindred-tls-'));
    certificate = await issue(folder);
    engine = await Engine.start();
    await engine.stop();
    port = engine.ports.listen;
    engine.url = `https://127.0.0.1:${port}`;
    const tls = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
    await engine.reconfigure((config) => {
      Object.assign(config.server, { tls, public_url: `https://support.lumen.example:${port}` });
      Object.assign(config.channels.postbox, { tls: 'required', tls_certificate: tls.certificate, tls_key: tls.key });
      config.tokens.push({ name: 'boss', token: adminToken, role: 'admin' });
    });
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const ask = (path, { ca = certificate, agent, servername = 'support.lumen.example', ...more } = {}) => new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, ca, agent, servername, rejectUnauthorized: true, ...more }, async (answer) => {
      let body = '';
      for await (const part of answer) body += part;
      resolve({ status: answer.statusCode, body, reused: asked.reusedSocket, from: asked.socket });
    });
    asked.on('error', reject).end();
  });
  /** What a new connection is shown. */
  const shown = () => new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] }, () => {
      resolve({ certificate: socket.getPeerX509Certificate().toString(), version: socket.getProtocol(), alpn: socket.alpnProtocol });
      socket.end();
    });
    socket.on('error', reject);
  });
  const shows = (wanted) => eventually(async () => (await shown()).certificate.trim() === wanted.trim(), 'the new certificate', { within: 15_000 });

  it('is believed by who knows the certificate, and speaks HTTP/1.1 over TLS 1.3', async () => {
    assert.equal((await ask('/readyz')).status, 200);
    const { version, alpn } = await shown();
    assert.deepEqual([version, alpn], ['TLSv1.3', 'http/1.1']);
    await assert.rejects(ask('/readyz', { servername: 'elsewhere.example' }), /altnames/);
  });

  it('is spoken to by openssl in TLS 1.2 and 1.3, and in nothing older', () => {
    const speak = (...flags) => spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', join(folder, 'certificate.pem'), '-verify_return_error',
      '-cipher', 'DEFAULT@SECLEVEL=0', ...flags], { input: 'GET /livez HTTP/1.0\r\n\r\n', encoding: 'utf8' });
    for (const [flag, name] of [['-tls1_2', 'TLSv1.2'], ['-tls1_3', 'TLSv1.3']]) {
      const { stdout } = speak(flag, '-ign_eof');
      assert.match(stdout, new RegExp(`New, ${name}`));
      assert.match(stdout, /HTTP\/1\.1 200/);
    }
    for (const flag of ['-tls1', '-tls1_1']) assert.match(speak(flag).stderr, /alert protocol version/);
    assert.match(speak('-tls1_2', '-cipher', 'AES128-SHA@SECLEVEL=0').stderr, /handshake failure/, 'without forward secrecy');
  });

  it('takes webhooks and carries the desk', async () => {
    const from = freshNumber();
    const signed = sign.whatsapp({ from, text: 'over TLS', name: `W ${from}` });
    assert.equal((await engine.anyone.deliver(signed)).status, 200);
    const ticket = await ann.take((each) => each.customer.name === `W ${from}`);
    const entry = await ann.reply(ticket, 'x'.repeat(4000));
    await ann.delivered(ticket, entry);
    await ann.resolve(ticket);
  });

  it('is found by the commands, whatever name the world knows it by', async () => {
    const { stdout } = await promisify(execFile)(binary, ['user', 'list', '--config', join(engine.folder, 'kindred.yaml')], { encoding: 'utf8' });
    assert.match(stdout, /ann/);
  });

  it('takes a new certificate at SIGHUP, and breaks no connection off', async () => {
    const agent = new Connections({ keepAlive: true, maxSockets: 1 });
    const first = await ask('/readyz', { agent });
    const before = certificate;
    certificate = await issue(folder);
    engine.signal('SIGHUP');
    await shows(certificate);
    const second = await ask('/readyz', { agent, ca: before });
    assert.deepEqual([second.status, second.reused, second.from], [200, true, first.from]);
    const from = freshNumber();
    await engine.anyone.deliver(sign.whatsapp({ from, text: 'still there?', name: `W ${from}` }));
    await ann.resolve(await ann.take((each) => each.customer.name === `W ${from}`));
    agent.destroy();
  });

  it('notices replaced files by itself, and keeps what it has when they are wrong', async () => {
    certificate = await issue(folder);
    await shows(certificate);
    await copyFile(join(folder, 'key.pem'), join(folder, 'kept.pem'));
    await writeFile(join(folder, 'key.pem'), 'half a fi');
    await eventually(async () => (await engine.metric('kindred_certificate_refused_total')) === 1, 'the refusal', { within: 15_000 });
    assert.match(engine.logs, /key\.pem: is no unencrypted key/);
    await shows(certificate);
    await rename(join(folder, 'kept.pem'), join(folder, 'key.pem'));
    const until = await engine.metric('kindred_certificate_until_seconds', { file: join(folder, 'certificate.pem') });
    assert.ok(until > Date.now() / 1000 + 86_400);
  });

  it('says nothing to who speaks plain HTTP, and counts it', async () => {
    await assert.rejects(fetch(`http://127.0.0.1:${port}/readyz`));
    assert.ok(await engine.metric('kindred_http_refused_total', { reason: 'failed_handshake' }) >= 1);
  });

  it('takes mail from its own mail server alone after STARTTLS, where that is required', async () => {
    const plain = await MailSender.connect(engine.ports.mail);
    assert.match(plain.hello.text, /250-STARTTLS/);
    assert.equal((await plain.command('MAIL FROM:<x@mail.example>')).code, 530);
    await plain.quit();
    const { stdout } = spawnSync('openssl', ['s_client', '-starttls', 'lmtp', '-connect', `127.0.0.1:${engine.ports.mail}`, '-CAfile', join(folder, 'certificate.pem'), '-verify_return_error', '-crlf', '-ign_eof'],
      { input: 'LHLO here\nMAIL FROM:<x@mail.example>\nQUIT\n', encoding: 'utf8', timeout: 10_000 });
    assert.match(stdout, /Verify return code: 0/);
    assert.match(stdout, /250 2\.1\.0 sender fine/);
    assert.doesNotMatch(stdout.slice(stdout.indexOf('Verify return code')), /250-STARTTLS/);
  });

  it('is handed mail by a Postfix that checks the certificate', { skip: noPostfix || false }, async () => {
    const postfix = await Postfix.start({ domain: 'lumen.example', lmtpPort: engine.ports.mail, relayPort: 9, lmtpCaFile: join(folder, 'certificate.pem') });
    try {
      const subject = freshId('tls');
      postfix.send('--from', `${subject}@mail.example`, '--to', secrets.postbox.address, '--header', `Subject: ${subject}`, '--body', 'hello');
      await ann.resolve(await ann.take((each) => each.subject === subject));
      assert.match(postfix.log, /Verified TLS connection established to 127\.0\.0\.1.*TLSv1\.3/);
    } finally {
      await postfix.stop();
    }
  });
});
