import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import twilio from 'twilio';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { Providers } from './support/providers.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

/** Files that people send, where the provider keeps them and gives them to those who prove who they are. */
describe('Files that providers keep', () => {
  const secret = 'files-secret';
  const sid = `AC${'7'.repeat(32)}`;
  const oauth = { key: 'files-consumer', token: '43-files-token', tokenSecret: 'files token/secret' };
  let engine;
  let providers;
  let ann;
  before(async () => {
    providers = await Providers.start();
    engine = await Engine.start({
      attachments: { trusted_hosts: ['127.0.0.1'] },
      channels: {
        line: { connector: 'line', channel_secret: secret, channel_access_token: 'line-token', look_up_names: false, api_base: `${providers.url}/line`, data_base: `${providers.url}/line-data`,
          file_types: ['image/*', 'video/*'] },
        slack: { connector: 'slack', signing_secret: secret, bot_token: 'xoxb-files', look_up_names: false, api_base: `${providers.url}/slack` },
        sms: { connector: 'twilio-sms', account_sid: sid, auth_token: secret, api_base: `${providers.url}/twilio` },
        x: { connector: 'x', consumer_secret: secret, consumer_key: oauth.key, oauth_token: oauth.token, oauth_token_secret: oauth.tokenSecret, api_base: `${providers.url}/x` },
      },
    });
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await providers?.stop();
  });

  const line = async (message) => {
    const body = JSON.stringify({ destination: 'Udesk', events: [{ type: 'message', mode: 'active', timestamp: Date.now(), source: { type: 'user', userId: freshId('U') },
      webhookEventId: freshId('01'), deliveryContext: { isRedelivery: false }, message }] });
    const headers = { 'Content-Type': 'application/json', 'x-line-signature': createHmac('sha256', secret).update(body).digest('base64') };
    assert.equal((await engine.anyone.deliver({ path: '/webhooks/line', headers, body })).status, 200);
  };
  const slack = async (file) => {
    const user = freshId('U');
    const body = JSON.stringify({ team_id: 'T1', type: 'event_callback', event_id: freshId('Ev'), event: { type: 'message', subtype: 'file_share', user, channel: `D${user}`, channel_type: 'im',
      ts: `${Math.floor(Date.now() / 1000)}.000100`, text: 'see', files: [file] } });
    const stamp = String(Math.floor(Date.now() / 1000));
    const headers = { 'Content-Type': 'application/json', 'X-Slack-Request-Timestamp': stamp, 'X-Slack-Signature': `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}` };
    assert.equal((await engine.anyone.deliver({ path: '/webhooks/slack', headers, body })).status, 200);
  };
  const sms = async (fields) => {
    const form = { AccountSid: sid, MessageSid: freshId('SM'), From: `+5255${Math.floor(1e7 + Math.random() * 8e7)}`, To: '+525550001111', Body: '', ...fields };
    const signature = twilio.getExpectedTwilioSignature(secret, `${engine.url}/webhooks/sms`, form);
    assert.equal((await engine.anyone.deliver({ path: '/webhooks/sms', headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': signature }, body: new URLSearchParams(form).toString() })).status, 200);
  };
  const x = async (url) => {
    const user = String(Math.floor(1e9 + Math.random() * 1e9));
    const body = JSON.stringify({ for_user_id: '43', direct_message_events: [{ type: 'message_create', id: freshId('').replace(/\D/g, '').slice(0, 15) + user, created_timestamp: String(Date.now()),
      message_create: { target: { recipient_id: '43' }, sender_id: user, message_data: { text: 'look', attachment: { type: 'media', media: { id_str: '7', type: 'photo', media_url_https: url } } } } }] });
    const headers = { 'Content-Type': 'application/json', 'x-twitter-webhooks-signature': `sha256=${createHmac('sha256', secret).update(body).digest('base64')}` };
    assert.equal((await engine.anyone.deliver({ path: '/webhooks/x', headers, body })).status, 200);
  };
  const arrived = async (channel, state) => {
    const ticket = await ann.take((each) => each.channel === channel);
    const file = await eventually(async () => (await ann.client.ticket(ticket.id)).files.find((each) => each.state === state), `a file of ${channel} to be ${state}`);
    await ann.resolve(ticket);
    return file;
  };
  const bytesOf = async (file) => Buffer.from(await (await fetch(`${engine.url}/api/v1/attachments/${file.id}`, { headers: { Authorization: `Bearer ${ann.client.token}` } })).arrayBuffer());

  it('LINE gives a picture to the channel, by the message that brought it; what it is shows when it comes', async () => {
    const picture = randomBytes(2_000);
    providers.when('/line-data/', () => [200, picture, 'image/jpeg']);
    await line({ id: '32570', type: 'image', contentProvider: { type: 'line' } });
    const file = await arrived('line', 'stored');
    assert.equal(file.type, 'image/jpeg');
    assert.ok((await bytesOf(file)).equals(picture));
    const asked = await providers.next('/line-data/');
    assert.deepEqual([asked.path, asked.headers.authorization], ['/line-data/v2/bot/message/32570/content', 'Bearer line-token']);
  });

  it('a video that LINE still prepares is asked for again, and one of a type that is not wanted is not kept', async () => {
    let tries = 0;
    providers.when('/line-data/v2/bot/message/32571/', () => (tries += 1) === 1 ? [202, {}] : [200, Buffer.from('mp4'), 'video/mp4']);
    await line({ id: '32571', type: 'video', contentProvider: { type: 'line' } });
    const ticket = await ann.take((each) => each.channel === 'line');
    await eventually(async () => (await ann.client.ticket(ticket.id)).files.some((each) => each.state === 'stored'), 'the second try', { within: 20_000 });
    assert.equal(tries, 2);
    await ann.resolve(ticket);
    providers.when('/line-data/v2/bot/message/32572/', () => [200, Buffer.from('MZ'), 'application/x-msdownload']);
    await line({ id: '32572', type: 'file', fileName: 'a.exe', fileSize: 2 });
    assert.equal((await arrived('line', 'failed')).name, 'a.exe');
  });

  it('Slack gives a file to the bot, and its log-in page is no file', async () => {
    providers.when('/slack/files-pri/', () => [200, Buffer.from('%PDF'), 'application/pdf']);
    const file = { id: 'F1', name: 'a.pdf', mimetype: 'application/pdf', size: 4, url_private: `${providers.url}/slack/files-pri/T1-F1/a.pdf` };
    await slack(file);
    assert.equal((await bytesOf(await arrived('slack', 'stored'))).toString(), '%PDF');
    assert.equal((await providers.next('/slack/files-pri/')).headers.authorization, 'Bearer xoxb-files');
    providers.when('/slack/files-pri/', () => [200, Buffer.from('<html>sign in</html>'), 'text/html; charset=utf-8']);
    await slack(file);
    assert.match((await arrived('slack', 'failed')).reason ?? '', /files:read/);
  });

  it('Twilio gives media to the account, and nobody else gets the proof', async () => {
    providers.when('/twilio/', () => [200, Buffer.from('png'), 'image/png']);
    providers.when('/elsewhere/', () => [200, Buffer.from('png'), 'image/png']);
    await sms({ NumMedia: '1', MediaUrl0: `${providers.url}/twilio/2010-04-01/Accounts/${sid}/Messages/MM1/Media/ME1`, MediaContentType0: 'image/png' });
    await arrived('sms', 'stored');
    assert.equal((await providers.next('/twilio/')).headers.authorization, `Basic ${Buffer.from(`${sid}:${secret}`).toString('base64')}`);
    await sms({ NumMedia: '1', MediaUrl0: `${providers.url}/elsewhere/ME1`, MediaContentType0: 'image/png' });
    await arrived('sms', 'stored');
    assert.equal((await providers.next('/elsewhere/')).headers.authorization, undefined);
  });

  it('X gives the picture of a message to a request that the account signed, and nobody else gets a signature', async () => {
    providers.when('/x/', () => [200, Buffer.from('jpg'), 'image/jpeg']);
    providers.when('/elsewhere/', () => [200, Buffer.from('jpg'), 'image/jpeg']);
    await x(`${providers.url}/x/1.1/ton/data/dm/1/2/a.jpg?name=large`);
    await arrived('x', 'stored');
    const asked = await providers.next('/x/1.1/ton');
    const said = Object.fromEntries([...asked.headers.authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, decodeURIComponent(value)]));
    const { oauth_signature: signature, ...signed } = said;
    const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
    const fields = Object.entries({ ...signed, name: 'large' }).map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join('&');
    const base = ['GET', encode(`${providers.url}/x/1.1/ton/data/dm/1/2/a.jpg`), encode(fields)].join('&');
    assert.equal(signature, createHmac('sha1', `${encode(secret)}&${encode(oauth.tokenSecret)}`).update(base).digest('base64'));
    assert.deepEqual([said.oauth_consumer_key, said.oauth_token, said.oauth_version], [oauth.key, oauth.token, '1.0']);
    assert.ok(Math.abs(Number(said.oauth_timestamp) - Date.now() / 1000) < 600);
    await x(`${providers.url}/elsewhere/a.jpg`);
    assert.match((await arrived('x', 'failed')).reason ?? '', /address/);
    assert.equal(providers.left('/elsewhere/').length, 0);
  });
});
