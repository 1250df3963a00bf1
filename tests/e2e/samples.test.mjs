import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Engine, root } from './support/engine.mjs';

/*
 * The recorded requests that the project was given, posted to the running engine. They were signed for other addresses
 * (Twilio) and another time (Slack, Mailgun, Vonage): a good one is signed again for here and now, by the provider's
 * rules; a bad one stays as bad as it was.
 */
const samples = join(root, '../shared/samples');
const suffixes = ['/inbound_mime', '/inbound', '/events', '/menu', '/gather', '/wait', '/after-queue', '/status', '/answer', '/event', '/input'];
const now = Math.floor(Date.now() / 1000);

const hmac = (hash, key, text, form) => createHmac(hash, key).update(text).digest(form);
const first = (value) => (Array.isArray(value) ? value[0] : value);

function header(headers, name) {
  return Object.keys(headers).find((each) => each.toLowerCase() === name.toLowerCase());
}

function replace(headers, name, value) {
  const found = header(headers, name);
  if (found) headers[found] = value;
}

const isGood = (ack) => ack.status === undefined ? !(ack.status_in ?? []).some((each) => each >= 400) : ack.status < 400;

function signTwilio(sent, secret, url) {
  const fields = [...new URLSearchParams(sent.method === 'POST' ? sent.body.toString('utf8') : '')];
  const byName = [...new Set(fields.map(([name]) => name))].sort((one, other) => (one < other ? -1 : 1));
  const text = byName.map((name) => [...new Set(fields.filter(([each]) => each === name).map(([, value]) => value))].sort().map((value) => name + value).join('')).join('');
  replace(sent.headers, 'X-Twilio-Signature', hmac('sha1', secret.auth_token, url + text, 'base64'));
}

function signSlack(sent, secret, clock) {
  const stamp = header(sent.headers, 'X-Slack-Request-Timestamp');
  if (!stamp) return;
  sent.headers[stamp] = String(Number(sent.headers[stamp]) + now - clock);
  replace(sent.headers, 'X-Slack-Signature', `v0=${hmac('sha256', first(secret.signing_secret), Buffer.concat([Buffer.from(`v0:${sent.headers[stamp]}:`), sent.body]), 'hex')}`);
}

/** The time is inside the body, as a form's field or in JSON, behind its name. */
function signMailgun(sent, secret, clock) {
  const key = first(Object.values(secret)[0]);
  let text = sent.body.toString('latin1');
  const found = /(?:name="timestamp"\r\n\r\n|"timestamp"\s*:\s*"?|(?:^|&)timestamp=)(\d+)/.exec(text);
  const token = /(?:name="token"\r\n\r\n|"token"\s*:\s*"|(?:^|&)token=)([0-9a-zA-Z]+)/.exec(text);
  const signature = /(?:name="signature"\r\n\r\n|"signature"\s*:\s*"|(?:^|&)signature=)([0-9a-f]{64})/.exec(text);
  if (!found || !token || !signature) return;
  const stamp = String(Number(found[1]) + now - clock);
  text = text.replace(found[0], found[0].slice(0, -found[1].length) + stamp);
  text = text.replace(signature[1], hmac('sha256', key, stamp + token[1], 'hex'));
  sent.body = Buffer.from(text, 'latin1');
}

function signVonage(sent, secret, clock) {
  const name = header(sent.headers, 'Authorization');
  const [head, body] = (sent.headers[name] ?? '').replace(/^Bearer /, '').split('.');
  if (!body) return;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  for (const each of ['iat', 'exp', 'nbf']) if (claims[each] !== undefined) claims[each] += now - clock;
  const moved = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  sent.headers[name] = `Bearer ${moved}.${hmac('sha256', first(secret.signature_secret), moved, 'base64url')}`;
}

/** No time to verify at is given: this one is sent by us, and the time in it is that of the recording. */
function signStandardWebhook(sent, secret) {
  const name = header(sent.headers, 'webhook-timestamp');
  sent.headers[name] = String(now);
  const key = Buffer.from(first(secret.whsec).replace(/^whsec_/, ''), 'base64');
  const text = Buffer.concat([Buffer.from(`${sent.headers[header(sent.headers, 'webhook-id')]}.${now}.`), sent.body]);
  replace(sent.headers, 'webhook-signature', `v1,${hmac('sha256', key, text, 'base64')}`);
}

function signAgain(provider, one, sent, url) {
  if (!isGood(one.ack ?? {})) return;
  if (provider.startsWith('twilio-')) signTwilio(sent, one.secret, url);
  if (provider === 'standard-webhooks') signStandardWebhook(sent, one.secret);
  if (one.clock === undefined) return;
  if (provider === 'slack') signSlack(sent, one.secret, one.clock);
  if (provider === 'mailgun') signMailgun(sent, one.secret, one.clock);
  if (provider === 'vonage') signVonage(sent, one.secret, one.clock);
}

/** As the bytes are: fetch() would set headers of its own. */
function send(url, { method, headers, body }) {
  return new Promise((resolve, reject) => {
    const { host, ...rest } = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const asked = request(url, { method, headers: { ...rest, 'content-length': body.length } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, type: answer.headers['content-type'] ?? '', text: Buffer.concat(parts).toString('utf8') }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function check(ack, answer) {
  if (ack.status !== undefined) assert.equal(answer.status, ack.status, answer.text);
  if (ack.status_in) assert.ok(ack.status_in.includes(answer.status), `status ${answer.status}: ${answer.text}`);
  if (ack.body !== undefined && !ack.body.startsWith('<')) assert.equal(answer.text.trim(), ack.body);
  if (ack.json !== undefined) assert.deepEqual(JSON.parse(answer.text), ack.json);
  if (ack.content_type) assert.ok(answer.type.startsWith(ack.content_type), answer.type);
}

describe('Recorded requests', { skip: existsSync(samples) ? false : `no recorded requests at ${samples}` }, () => {
  const plan = [];
  const channels = {};
  for (const provider of existsSync(samples) ? readdirSync(samples).sort() : []) {
    const folder = join(samples, provider);
    if (!existsSync(join(folder, 'cases.json'))) continue;
    for (const one of JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')).cases) {
      if (!one.request) continue;
      const settings = { connector: provider };
      for (const [name, value] of Object.entries(one.secret ?? {})) settings[name] = name.endsWith('_file') ? join(folder, value) : value;
      if (one.own_username) settings.own_username = one.own_username;
      const known = Object.entries(channels).find(([, each]) => JSON.stringify(each) === JSON.stringify(settings));
      const channel = known ? known[0] : `${provider}-${Object.keys(channels).length}`;
      channels[channel] = settings;
      plan.push({ provider, folder, one, channel });
    }
  }

  let engine;
  before(async () => {
    engine = await Engine.start({ channels });
  });
  after(async () => {
    await engine?.dispose();
  });

  for (const { provider, folder, one, channel } of plan) {
    it(`${provider}: ${one.name}`, async () => {
      const asked = new URL(one.request.url);
      const ending = suffixes.find((each) => asked.pathname.replace(/\/+$/, '').endsWith(each)) ?? '';
      const url = `${engine.url}/webhooks/${channel}${ending === '/gather' ? '/menu' : ending}${asked.search}`;
      const sent = { method: one.request.method, headers: { ...one.request.headers }, body: one.file ? readFileSync(join(folder, one.file)) : Buffer.alloc(0) };
      signAgain(provider, one, sent, url);
      for (let times = 0; times < (one.replay_times ?? 1); ++times) check(one.ack ?? {}, await send(url, sent));
    });
  }
});
