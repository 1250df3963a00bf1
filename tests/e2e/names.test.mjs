import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { Providers } from './support/providers.mjs';
import { freshId, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

/** Who has written, where the provider tells it only to those who ask. */
describe('Names', () => {
  const sign = new Signer();
  const secret = 'names-secret';
  let engine;
  let providers;
  let ann;
  before(async () => {
    providers = await Providers.start();
    engine = await Engine.start({
      channels: {
        slack: { connector: 'slack', signing_secret: secret, bot_token: 'xoxb-names', api_base: `${providers.url}/slack`, email_identity: true },
        page: { connector: 'messenger', app_secret: secret, page_id: '1', access_token: 'page-token', api_base: `${providers.url}/graph` },
        line: { connector: 'line', channel_secret: secret, channel_access_token: 'line-token', api_base: `${providers.url}/line` },
        insta: { connector: 'instagram', app_secret: secret, account_id: '2', access_token: 'insta-token', api_base: `${providers.url}/insta` },
      },
    });
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await providers?.stop();
  });

  const slack = async (user, text) => {
    const body = JSON.stringify({
      team_id: 'T1', type: 'event_callback', event_id: freshId('Ev'), authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }],
      event: { type: 'message', user, channel: `D${user}`, channel_type: 'im', ts: `${Math.floor(Date.now() / 1000)}.${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`, text },
    });
    const stamp = String(Math.floor(Date.now() / 1000));
    const headers = { 'Content-Type': 'application/json', 'X-Slack-Request-Timestamp': stamp, 'X-Slack-Signature': `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}` };
    assert.equal((await engine.anyone.deliver({ path: '/webhooks/slack', headers, body })).status, 200);
  };
  const meta = async (channel, object, account, person, text) => {
    const body = JSON.stringify({ object, entry: [{ id: account, time: Date.now(), messaging: [{ sender: { id: person }, recipient: { id: account }, timestamp: Date.now(), message: { mid: freshId('m_'), text } }] }] });
    const headers = { 'Content-Type': 'application/json', 'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
    assert.equal((await engine.anyone.deliver({ path: `/webhooks/${channel}`, headers, body })).status, 200);
  };
  const named = (identity, name) => eventually(async () => {
    const found = await ann.client.customer(identity);
    return found?.customer.name === name ? found.customer : null;
  }, `${identity} to be ${name}`);
  const about = (text) => (ticket) => ticket.subject === text;
  const person = (id, name, more = {}) => ({ ok: true, user: { id, team_id: 'T1', name: 'x', locale: 'es-ES', is_email_confirmed: true, profile: { real_name: name, ...more } } });

  it('of Slack are filled in when they come, and hold up no contact', async () => {
    let answer;
    providers.when('/slack/api/users.info', () => new Promise((resolve) => { answer = resolve; }));
    await slack('U1', 'who am I?');
    const ticket = await ann.take(about('who am I?'));
    const call = await providers.next('/slack/api/users.info');
    assert.equal(call.headers.authorization, 'Bearer xoxb-names');
    assert.match(call.path, /[?&]user=U1$/);
    assert.equal((await ann.client.customer('slack:T1:U1')).customer.name ?? '', '', 'the ticket was taken before anybody knew');
    await slack('U1', 'hello?');
    answer([200, person('U1', 'Uma Uno')]);
    const customer = await named('slack:T1:U1', 'Uma Uno');
    assert.equal(customer.language, 'es');
    await eventually(async () => (await ann.client.ticket(ticket.id)).ticket.customer.name === 'Uma Uno', 'the ticket to show the name');
    await slack('U1', 'and again');
    await ann.resolve(ticket);
    assert.equal(providers.left('/slack/api/users.info').length, 0, 'asked once');
  });

  it('are not asked for again after a restart', async () => {
    await ann.leave();
    await engine.stop();
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
    providers.when('/slack/api/users.info', () => [200, person('U1', 'Somebody Else')]);
    await slack('U1', 'me again');
    const ticket = await ann.take((each) => each.customer.name === 'Uma Uno');
    await ann.resolve(ticket);
    assert.equal(providers.left('/slack/api/users.info').length, 0);
  });

  it('bring the address that Slack has confirmed, so that mails are the same customer\'s', async () => {
    providers.when('/slack/api/users.info', () => [200, person('U2', 'Ulf Dos', { email: 'Ulf@shop.example' })]);
    await slack('U2', 'by slack');
    const ticket = await ann.take(about('by slack'));
    const { id } = await named('email:ulf@shop.example', 'Ulf Dos');
    await engine.anyone.deliver(sign.mailgun({ from: 'ulf@shop.example', name: 'U', subject: 'by mail', text: 'hello' }));
    const mail = await ann.take(about('by mail'));
    assert.equal(mail.customer.id, id);
    await ann.resolve(ticket);
    await ann.resolve(mail);
  });

  it('join nobody: an address stays with the customer who has it', async () => {
    await engine.anyone.deliver(sign.mailgun({ from: 'vic@shop.example', name: 'Vic', subject: 'first', text: 'hello' }));
    const mail = await ann.take(about('first'));
    providers.when('/slack/api/users.info', () => [200, person('U3', 'Vic Tres', { email: 'vic@shop.example' })]);
    await slack('U3', 'second');
    const ticket = await ann.take(about('second'));
    const other = await named('slack:T1:U3', 'Vic Tres');
    assert.notEqual(other.id, mail.customer.id);
    assert.equal((await ann.client.customer('email:vic@shop.example')).customer.id, mail.customer.id);
    await ann.resolve(ticket);
    await ann.resolve(mail);
  });

  it('of Messenger and Instagram come from the Graph API', async () => {
    providers.when('/graph/', () => [200, { first_name: 'Mia', last_name: 'Messenger', id: '77' }]);
    providers.when('/insta/', () => [200, { name: '', username: 'ines.ig', id: '88' }]);
    await meta('page', 'page', '1', '77', 'from messenger');
    await meta('insta', 'instagram', '2', '88', 'from instagram');
    const first = await ann.take(about('from messenger'));
    const second = await ann.take(about('from instagram'));
    await named('messenger:1:77', 'Mia Messenger');
    await named('instagram:2:88', 'ines.ig');
    const [page, insta] = [await providers.next('/graph/'), await providers.next('/insta/')];
    assert.deepEqual([page.path, page.headers.authorization], ['/graph/v25.0/77?fields=first_name,last_name', 'Bearer page-token']);
    assert.deepEqual([insta.path, insta.headers.authorization], ['/insta/v21.0/88?fields=name,username', 'Bearer insta-token']);
    await ann.resolve(first);
    await ann.resolve(second);
  });

  it('of LINE come from the profile, with the language', async () => {
    providers.when('/line/v2/bot/profile/', () => [200, { displayName: 'Lina', userId: 'Ulina', language: 'es' }]);
    const body = JSON.stringify({ destination: 'Udesk', events: [{ type: 'message', mode: 'active', timestamp: Date.now(), source: { type: 'user', userId: 'Ulina' },
      webhookEventId: freshId('01'), deliveryContext: { isRedelivery: false }, message: { id: freshId('7'), type: 'text', text: 'from line' } }] });
    const headers = { 'Content-Type': 'application/json', 'x-line-signature': createHmac('sha256', secret).update(body).digest('base64') };
    assert.equal((await engine.anyone.deliver({ path: '/webhooks/line', headers, body })).status, 200);
    const ticket = await ann.take(about('from line'));
    assert.equal((await named('line:Udesk:Ulina', 'Lina')).language, 'es');
    const asked = await providers.next('/line/v2/bot/profile/');
    assert.deepEqual([asked.path, asked.headers.authorization], ['/line/v2/bot/profile/Ulina', 'Bearer line-token']);
    await ann.resolve(ticket);
  });

  it('that nobody may know are not asked for with every message', async () => {
    providers.when('/graph/', () => [403, { error: { code: 200, message: 'Requires pages_messaging' } }]);
    for (const text of ['one', 'two', 'three']) await meta('page', 'page', '1', '99', text);
    const ticket = await ann.take(about('one'));
    await eventually(async () => (await ann.client.ticket(ticket.id)).contacts.length === 3, 'all three');
    await providers.next('/graph/v25.0/99');
    await eventually(async () => await engine.metric('kindred_inquiries_total', { channel: 'page', outcome: 'failed' }) === 1, 'the failure to be counted');
    assert.equal(providers.left('/graph/v25.0/99').length, 0);
    await ann.resolve(ticket);
  });
});
