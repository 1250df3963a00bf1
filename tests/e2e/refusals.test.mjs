import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import WebSocket from 'ws';
import { Engine } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';
import { freshNumber, Signer } from './support/sign.mjs';

/** What the engine answers to these bytes; '' when it only closes. `over`: nothing follows them. */
function raw(port, bytes, { over = false } = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => (over ? socket.end(bytes) : socket.write(bytes)));
    let text = '';
    socket.setTimeout(8000, () => { socket.destroy(); reject(new Error(`no end after ${JSON.stringify(text)}`)); });
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
      if (/^HTTP\/1\.1 [45]/.test(text) && text.includes('\r\n\r\n')) socket.end();
    });
    socket.on('close', () => resolve(text)).on('error', () => resolve(text));
  });
}

describe('bad input', () => {
  const sign = new Signer();
  let engine;
  let ann;
  before(async () => {
    engine = await Engine.start();
    ann = await engine.login('ann');
  });
  after(async () => {
    assert.deepEqual(await ann.tickets(), [], 'nothing of all this became a ticket');
    await engine.dispose();
  });
  const isProblem = (answer, status) => {
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.headers.get('content-type'), /application\/problem\+json/);
    assert.match(answer.body.type, /^\/problems\/[a-z_]+$/);
    assert.equal(answer.body.status, status);
    assert.ok(answer.body.title);
  };

  it('is answered 404 where there is nothing', async () => {
    isProblem(await engine.anyone.post('/webhooks/nowhere', {}), 404);
    assert.equal((await engine.anyone.post('/webhooks/whatsapp/inbound', {})).status, 404);
    isProblem(await engine.anyone.get('/api/v2/tickets'), 404);
    isProblem(await ann.get('/api/v1/tickets/999999'), 404);
    isProblem(await ann.post('/api/v1/offers/999999/accept', {}), 409);
    isProblem(await ann.get('/api/v1/customers/999999'), 404);
  });

  it('is answered 405 where the method is wrong', async () => {
    const answer = await ann.send('DELETE', '/api/v1/tickets');
    isProblem(answer, 405);
    assert.match(answer.headers.get('allow'), /GET/);
  });

  it('is answered 413 when it is too large', async () => {
    const huge = sign.whatsapp({ from: freshNumber(), text: 'x'.repeat(40 * 1024 * 1024) });
    const answer = await engine.anyone.deliver(huge).catch((problem) => ({ closed: problem }));
    if (!answer.closed) assert.equal(answer.status, 413);
    const said = await raw(engine.ports.listen, `POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n`);
    assert.match(said, /^HTTP\/1\.1 413/);
  });

  it('is answered 400 with the place when the body is malformed', async () => {
    const cases = [
      ['/api/v1/contacts', engine.shop, '{"text": "a', /text|end|quot|position|offset|line/i],
      ['/api/v1/contacts', engine.shop, '[]', /object/i],
      ['/api/v1/contacts', engine.shop, '{"from":"email:a@x.example","from":"email:b@x.example","text":"x"}', /the key "from" occurs twice/],
      ['/api/v1/login', engine.anyone, '{"login": "ann"}', /password/],
      ['/api/v1/login', engine.anyone, '{"login": 5, "password": "x"}', /login/],
    ];
    for (const [path, client, body, detail] of cases) {
      const answer = await client.send('POST', path, { headers: { 'Content-Type': 'application/json' }, body });
      isProblem(answer, 400);
      assert.match(answer.body.detail, detail, `${path} ${body}`);
    }
    const deep = await engine.shop.send('POST', '/api/v1/contacts', { headers: { 'Content-Type': 'application/json' }, body: `{"attributes":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}` });
    isProblem(deep, 400);
  });

  it('is answered 400 when a signed body is not what the provider sends', async () => {
    const body = '{"object":"whatsapp_business_account","entry":[{"changes":5}]}';
    const signature = createHmac('sha256', secrets.whatsapp.appSecret).update(body).digest('hex');
    const answer = await engine.anyone.send('POST', '/webhooks/whatsapp', { headers: { 'Content-Type': 'application/json', 'X-Hub-Signature-256': `sha256=${signature}` }, body });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /changes|entry/);
  });

  it('is counted by its reason', async () => {
    const before = await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'refused' });
    await engine.anyone.post('/webhooks/whatsapp', {});
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'refused' }), before + 1);
  });

  it('cannot smuggle a second request past the first', async () => {
    const smuggled = [
      'POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef',
      'GET /livez HTTP/1.1\r\nHost: x\r\n folded: yes\r\n\r\n',
      'GET /livez HTTP/1.1\r\nHost : x\r\n\r\n',
      'GET /livez HTTP/1.1\nHost: x\n\n',
      'GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
      'GET /livez HTTP/1.1\r\n\r\n',
    ];
    for (const bytes of smuggled) assert.match(await raw(engine.ports.listen, bytes, { over: true }), /^HTTP\/1\.1 400|^$/, JSON.stringify(bytes));
  });

  it('cannot leave the folder of the page', async () => {
    for (const path of ['/../config/demo.yaml', '/..%2f..%2fetc/passwd', '/%2e%2e/people.yaml', '/desk/../../people.yaml', '//etc/passwd', '/desk.js%00.html']) {
      const said = await raw(engine.ports.listen, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${engine.ports.listen}\r\nConnection: close\r\n\r\n`);
      assert.match(said, /^HTTP\/1\.1 40[04]/, path);
    }
  });

  it('does not keep the engine from serving', async () => {
    assert.equal((await engine.anyone.get('/livez')).status, 200);
    assert.equal((await engine.anyone.get('/readyz')).status, 200);
  });
});

/** A channel for every connector that a provider brings its requests to. */
const door = { secret: 'a-secret-for-refusals-0123456789', token: 'a-token-for-refusals-0123456789', account: `AC${'0'.repeat(32)}` };
const mailbox = { address: 'help@in.example', reply_secret: 'a-reply-secret-0123456789abcdef' };
const providers = {
  messenger: { app_secret: door.secret, verify_token: door.token, page_id: '900' },
  instagram: { app_secret: door.secret, verify_token: door.token, account_id: '178' },
  telegram: { secret_token: 'refusals_token' },
  line: { channel_secret: door.secret },
  slack: { signing_secret: door.secret },
  'twilio-sms': { account_sid: door.account, auth_token: door.secret },
  'twilio-whatsapp': { account_sid: door.account, auth_token: door.secret },
  vonage: { signature_secret: door.secret },
  x: { consumer_secret: door.secret },
  github: { secret: door.secret },
  bots: { token: door.token },
  'standard-webhooks': { whsec: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  declared: { kind: 'social', secret: door.secret, proof: { scheme: 'hmac', header: 'X-Signature', signs: '{body}' }, contact: { message_id: '/id', from: '/from', text: '/text' } },
  sendgrid: { basic_auth: 'parse:refusals-password', ...mailbox },
  postmark: { basic_auth: 'postmark:refusals-password', ...mailbox },
  'ses-sns': { allowed_topic_arn: 'arn:aws:sns:us-east-1:111111111111:mail', ...mailbox },
};
const webhooksOfTheDemo = ['whatsapp', 'helpline', 'support-mail', 'forum'];
const mails = ['sendgrid', 'postmark', 'ses-sns', 'support-mail'];

describe('what is larger than its channel takes', () => {
  let engine;
  before(async () => {
    engine = await Engine.start({ channels: Object.fromEntries(Object.entries(providers).map(([connector, settings]) => [connector, { connector, ...settings }])) });
  });
  after(() => engine?.dispose());
  const counted = (channel, reason) => engine.metric('kindred_contacts_total', { channel, outcome: 'refused', reason });
  const announced = (path, bytes) => raw(engine.ports.listen, `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`);

  for (const channel of [...Object.keys(providers), ...webhooksOfTheDemo]) {
    it(`is answered 413 and counted where it was meant for: ${channel}`, async () => {
      const most = (mails.includes(channel) ? 25 : 3) * 1024 * 1024;
      assert.match(await announced(`/webhooks/${channel}`, most + 1), /^HTTP\/1\.1 413/);
      assert.equal(await counted(channel, 'too_large'), 1);
    });
  }

  it('is counted when its length was not announced, too', async () => {
    const chunk = 'x'.repeat(1024 * 1024);
    const body = `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(4);
    assert.match(await raw(engine.ports.listen, `POST /webhooks/line HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`), /^HTTP\/1\.1 413|^$/);
    assert.equal(await counted('line', 'too_large'), 2);
  });

  it('is counted for contacts of our own systems, for a channel that is not there, and for mail', async () => {
    assert.match(await announced('/api/v1/contacts', 3 * 1024 * 1024 + 1), /^HTTP\/1\.1 413/);
    assert.equal(await counted('api', 'too_large'), 1);
    assert.match(await announced('/webhooks/nowhere', 3 * 1024 * 1024 + 1), /^HTTP\/1\.1 413/);
    assert.equal(await counted('unknown', 'too_large'), 1);
    const said = await new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(engine.ports.mail, '127.0.0.1', () => socket.write(`LHLO x\r\nMAIL FROM:<a@b.example> SIZE=${25 * 1024 * 1024 + 1}\r\nQUIT\r\n`));
      socket.setEncoding('latin1').on('data', (chunk) => { text += chunk; }).on('close', () => resolve(text)).on('error', reject);
    });
    assert.match(said, /^552 5\.3\.4/m);
    assert.equal(await counted('postbox', 'too_large'), 1);
  });

  it('ends a web chat, as a frame does that is no text', async () => {
    const ended = async (frame, binary = false) => {
      const socket = new WebSocket(`${engine.url.replace(/^http/, 'ws')}/chat/webchat`);
      await new Promise((resolve, reject) => { socket.once('open', resolve).once('error', reject); });
      const closed = new Promise((resolve) => { socket.once('close', resolve); });
      socket.on('error', () => {});
      socket.send(frame, { binary });
      return closed;
    };
    assert.equal(await ended(JSON.stringify({ type: 'message', id: 'c1', text: 'x'.repeat(64 * 1024) })), 1009);
    assert.equal(await counted('webchat', 'too_large'), 1);
    assert.equal(await ended(Buffer.from('{}'), true), 1003);
    assert.equal(await counted('webchat', 'wrong_content_type'), 1);
    assert.equal(await ended(Buffer.from([0x7b, 0xff, 0x7d])), 1007);
    assert.equal(await counted('webchat', 'malformed'), 1);
  });
});
