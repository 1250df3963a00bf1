import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { validateSignature } from '@line/bot-sdk';
import { Webhooks } from '@octokit/webhooks';
import bolt from '@slack/bolt';
import { Webhook } from 'standardwebhooks';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freePorts } from './support/ports.mjs';
import { Providers } from './support/providers.mjs';
import { Mailbox } from './support/wait.mjs';

/*
 * The providers' own libraries sign what the engine gets, or say that it is signed as they would want it, and check what
 * the engine sends.
 */
const secrets = {
  whsec: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  callback: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  github: 'clients-github-secret',
  line: 'clients-line-secret',
  slack: 'clients-slack-secret',
};

describe('The providers\' own libraries', () => {
  let engine;
  let providers;
  let ann;
  before(async () => {
    providers = await Providers.start();
    engine = await Engine.start({
      channels: {
        hooks: { connector: 'standard-webhooks', whsec: secrets.whsec, callback_url: `${providers.url}/hooks`, callback_secret: secrets.callback },
        oss: { connector: 'github', secret: secrets.github, token: 'clients-token', api_base: `${providers.url}/github` },
        line: { connector: 'line', channel_secret: secrets.line, channel_access_token: 'clients-token', api_base: `${providers.url}/line` },
        slack: { connector: 'slack', signing_secret: secrets.slack, bot_token: 'xoxb-clients', api_base: `${providers.url}/slack` },
      },
    });
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await providers?.stop();
  });

  const post = (channel, body, headers) => fetch(`${engine.url}/webhooks/${channel}`, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });
  const answered = async (channel, text) => {
    const ticket = await ann.take((each) => each.channel === channel, `the ticket of ${channel}`);
    const entry = await ann.reply(ticket, text);
    return { ticket, entry };
  };

  it('standardwebhooks signs an event, and verifies the answer', async () => {
    const library = new Webhook(secrets.whsec);
    const body = JSON.stringify({ type: 'message.created', timestamp: new Date().toISOString(), data: { from: 'olga@example.org', text: 'Where is it?', conversation: 'c-1' } });
    const headers = (signature) => ({ 'webhook-id': 'msg_clients_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': signature });
    const good = headers(library.sign('msg_clients_1', new Date(), body));
    library.verify(body, good);
    assert.equal((await post('hooks', body, good)).status, 200);
    assert.equal((await post('hooks', body.replace('Where', 'There'), good)).status, 403);

    const { ticket, entry } = await answered('hooks', 'On its way');
    const call = await providers.next('/hooks');
    const event = new Webhook(secrets.callback).verify(call.body, call.headers);
    assert.equal(event.type, 'reply.sent');
    assert.equal(event.data.text, 'On its way');
    assert.equal(event.data.conversation, 'c-1');
    assert.throws(() => new Webhook(secrets.callback).verify(call.body.replace('On', 'in'), call.headers));
    await ann.delivered(ticket, entry);
  });

  it('@octokit/webhooks signs an issue', async () => {
    const library = new Webhooks({ secret: secrets.github });
    const body = JSON.stringify({
      action: 'opened',
      issue: { number: 7, id: 70, node_id: 'I_7', title: 'It does not start', body: 'Nothing happens', html_url: 'https://github.com/e/s/issues/7', created_at: new Date().toISOString(), user: { login: 'olga', id: 9, type: 'User' } },
      repository: { full_name: 'e/s', name: 's', owner: { login: 'e' } },
      sender: { login: 'olga', id: 9, type: 'User' },
    });
    const headers = { 'X-GitHub-Event': 'issues', 'X-GitHub-Delivery': '5d1a0000-0000-4000-8000-000000000001', 'X-Hub-Signature-256': await library.sign(body) };
    assert.equal((await post('oss', body, headers)).status, 200);
    assert.equal((await post('oss', `${body} `, headers)).status, 403);
    const { ticket, entry } = await answered('oss', 'Which version is it?');
    const call = await providers.next('/github');
    assert.equal(call.path, '/github/repos/e/s/issues/7/comments');
    assert.equal(JSON.parse(call.body).body, 'Which version is it?');
    await ann.delivered(ticket, entry);
  });

  it('@line/bot-sdk finds the same signature good as the engine does', async () => {
    const body = JSON.stringify({
      destination: 'Uline', events: [{ type: 'message', mode: 'active', timestamp: Date.now(), webhookEventId: '01CLIENTS', deliveryContext: { isRedelivery: false }, source: { type: 'user', userId: 'Uann' }, replyToken: 'r', message: { id: '1', type: 'text', text: 'Hello', quoteToken: 'q' } }],
    });
    for (const [signature, status] of [[createHmac('sha256', secrets.line).update(body).digest('base64'), 200], [createHmac('sha256', 'guess').update(body).digest('base64'), 403]]) {
      assert.equal(validateSignature(body, secrets.line, signature), status === 200);
      assert.equal((await post('line', body, { 'x-line-signature': signature })).status, status);
    }
    const { ticket, entry } = await answered('line', 'Hello Ann');
    const call = await providers.next('/line/v2/bot/message');
    assert.equal(call.headers.authorization, 'Bearer clients-token');
    assert.deepEqual(JSON.parse(call.body).messages, [{ type: 'text', text: 'Hello Ann' }]);
    await ann.delivered(ticket, entry);
  });

  it('@slack/bolt takes the same request as the engine, and finds the message in it', async () => {
    const [port] = await freePorts(1);
    const heard = new Mailbox();
    const receiver = new bolt.HTTPReceiver({ signingSecret: secrets.slack, endpoints: ['/slack/events'], logLevel: bolt.LogLevel.ERROR });
    const app = new bolt.App({ receiver, authorize: async () => ({ botToken: 'xoxb-clients', botId: 'B1', botUserId: 'UBOT' }), logLevel: bolt.LogLevel.ERROR });
    app.message(async ({ message }) => heard.put(message));
    await app.start(port);
    try {
      const body = JSON.stringify({
        token: 't', team_id: 'T1', api_app_id: 'A1', type: 'event_callback', event_id: 'EvClients1', event_time: Math.floor(Date.now() / 1000), authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }],
        event: { type: 'message', user: 'U1', channel: 'D1', channel_type: 'im', ts: '1790000000.000200', text: 'My lamp is <b> dark' },
      });
      const stamp = String(Math.floor(Date.now() / 1000));
      const signed = (text) => ({ 'Content-Type': 'application/json', 'X-Slack-Request-Timestamp': stamp, 'X-Slack-Signature': `v0=${createHmac('sha256', secrets.slack).update(`v0:${stamp}:${text}`).digest('hex')}` });
      assert.equal((await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', body, headers: signed(body) })).status, 200);
      assert.equal((await heard.take(() => true, 'bolt to read the message')).text, 'My lamp is <b> dark');
      assert.equal((await post('slack', body, signed(body))).status, 200);
      const wrong = signed(`${body} `);
      assert.equal((await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', body, headers: wrong })).status, 401);
      assert.equal((await post('slack', body, wrong)).status, 403);
      const { ticket, entry } = await answered('slack', 'Is <it> plugged in?');
      const call = await providers.next('/slack/api/chat.postMessage');
      assert.deepEqual(JSON.parse(call.body), { channel: 'D1', text: 'Is &lt;it&gt; plugged in?' });
      await ann.delivered(ticket, entry);
    } finally {
      await app.stop();
    }
  });
});
