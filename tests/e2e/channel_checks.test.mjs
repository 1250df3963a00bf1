import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Engine, root as sources } from './support/engine.mjs';
import { Dovecot, missing } from './support/mail_servers.mjs';
import { freePorts } from './support/ports.mjs';
import { Providers } from './support/providers.mjs';
import { secrets } from './support/secrets.mjs';
import { eventually } from './support/wait.mjs';

const noDovecot = missing('dovecot');
const bearer = (token) => (call) => call.headers.authorization === `Bearer ${token}`;
const basic = (user, password) => (call) => call.headers.authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const twilioSid = `AC${'7'.repeat(32)}`;

/** Providers that are played here: settings, the one question, who is answered, what, and how everybody else is refused. */
const played = (url) => {
  const pem = readFileSync(join(sources, 'tests/connectors/fixtures/vonage/application.pem'), 'utf8');
  const at = (name) => ({ api_base: `${url}/${name}` });
  const twilio = (name) => ({ settings: { connector: name, ...at(name), account_sid: twilioSid, auth_token: 'good' }, key: 'auth_token', method: 'GET', path: `/2010-04-01/Accounts/${twilioSid}.json`,
    proven: basic(twilioSid, 'good'), fine: { friendly_name: 'Lumen', status: 'active' }, names: 'Lumen', refusal: [401, { code: 20003, message: 'Authenticate' }], reason: /20003/ });
  return {
    telegram: { settings: { connector: 'telegram', ...at('telegram'), bot_token: 'good' }, key: 'bot_token', method: 'GET', path: '/botgood/getMe', proven: (call) => call.path.includes('/botgood/'), fine: { ok: true, result: { username: 'lumen_bot' } }, names: 'lumen_bot', refusal: [401, { ok: false, error_code: 401, description: 'Unauthorized' }], reason: /Telegram error 401: Unauthorized/ },
    slack: { settings: { connector: 'slack', ...at('slack'), bot_token: 'good' }, key: 'bot_token', method: 'POST', path: '/api/auth.test', proven: bearer('good'), fine: { ok: true, team: 'Lumen' }, names: 'Lumen', refusal: [200, { ok: false, error: 'invalid_auth' }], reason: /invalid_auth/ },
    line: { settings: { connector: 'line', ...at('line'), channel_access_token: 'good' }, key: 'channel_access_token', method: 'GET', path: '/v2/bot/info', proven: bearer('good'), fine: { displayName: 'Lumen' }, names: 'Lumen', refusal: [401, { message: 'Authentication failed' }], reason: /Authentication failed/ },
    github: { settings: { connector: 'github', ...at('github'), token: 'good', repositories: ['lumen/lamps'] }, key: 'token', method: 'GET', path: '/repos/lumen/lamps', proven: bearer('good'), fine: { full_name: 'lumen/lamps' }, names: 'lumen/lamps', refusal: [401, { message: 'Bad credentials' }], reason: /Bad credentials/ },
    x: { settings: { connector: 'x', ...at('x'), access_token: 'good' }, key: 'access_token', method: 'GET', path: '/2/users/me', proven: bearer('good'), fine: { data: { username: 'lumen' } }, names: 'lumen', refusal: [401, { title: 'Unauthorized', detail: 'Unauthorized' }], reason: /X: Unauthorized/ },
    messenger: { settings: { connector: 'messenger', ...at('messenger'), page_id: '77', access_token: 'good' }, key: 'access_token', method: 'GET', path: '/v25.0/77?fields=name', proven: bearer('good'), fine: { name: 'Lumen' }, names: 'Lumen', refusal: [400, { error: { code: 190, message: 'expired' } }], reason: /expired/ },
    instagram: { settings: { connector: 'instagram', ...at('instagram'), access_token: 'good' }, key: 'access_token', method: 'GET', path: '/v21.0/me?fields=username', proven: bearer('good'), fine: { username: 'lumen.shop' }, names: 'lumen.shop', refusal: [400, { error: { code: 190, message: 'expired' } }], reason: /expired/ },
    sendgrid: { settings: { connector: 'sendgrid', ...at('sendgrid'), api_key: 'good', address: 'a@lumen.example' }, key: 'api_key', method: 'GET', path: '/v3/scopes', proven: bearer('good'), fine: { scopes: ['mail.send'] }, refusal: [401, { errors: [{ message: 'authorization required' }] }], reason: /authorization required/ },
    postmark: { settings: { connector: 'postmark', ...at('postmark'), server_token: 'good', address: 'a@lumen.example' }, key: 'server_token', method: 'GET', path: '/server', proven: (call) => call.headers['x-postmark-server-token'] === 'good', fine: { Name: 'Lumen' }, names: 'Lumen', refusal: [401, { ErrorCode: 10, Message: 'bad token' }], reason: /Postmark error 10: bad token/ },
    'twilio-sms': twilio('twilio-sms'),
    'twilio-whatsapp': twilio('twilio-whatsapp'),
    vonage: { settings: { connector: 'vonage', ...at('vonage'), application_id: 'good', private_key: pem }, key: 'application_id', method: 'GET', path: '/v1/calls?page_size=1',
      proven: (call) => JSON.parse(Buffer.from((call.headers.authorization ?? '..').split('.')[1] ?? '', 'base64url').toString() || '{}').application_id === 'good', fine: { count: 0 }, refusal: [401, { title: 'Unauthorized', detail: 'no such application' }], reason: /Vonage: no such application/ },
    rasa: { settings: { connector: 'bots', token: 'x', api_base: `${url}/rasa`, rasa_token: 'good' }, key: 'rasa_token', method: 'GET', path: '/status?token=good', proven: (call) => call.path.endsWith('token=good'), fine: { model_file: 'm.tar.gz' }, names: 'm.tar.gz', refusal: [401, { reason: 'NotAuthenticated' }], reason: /401/ },
  };
};

describe('the test of a channel', () => {
  let engine;
  let providers;
  let dovecot;
  let root;
  let table;
  before(async () => {
    providers = await Providers.start();
    table = played(providers.url);
    const channels = {};
    for (const [name, one] of Object.entries(table)) {
      const mount = name === 'rasa' ? '/rasa' : `/${name}`;
      providers.when(`${mount}/`, (call) => (one.proven(call) ? [200, one.fine] : one.refusal));
      channels[name] = one.settings;
      channels[`${name}-wrong`] = { ...one.settings, [one.key]: 'wrong' };
    }
    if (!noDovecot) {
      dovecot = await Dovecot.start();
      const folder = { connector: 'imap', imap_url: `imaps://localhost:${dovecot.port}`, imap_user: dovecot.user, imap_password: dovecot.password, imap_ca_file: dovecot.caFile, address: 'help@lumen.example' };
      channels.folder = folder;
      const [nobody] = await freePorts(1);
      channels['folder-wrong'] = { ...folder, imap_url: `imaps://localhost:${nobody}` };
      channels['folder-elsewhere'] = { ...folder, imap_folder: 'Nowhere' };
    }
    const [closed] = await freePorts(1);
    channels.unreachable = { connector: 'telegram', api_base: `http://127.0.0.1:${closed}`, bot_token: 'good' };
    channels.bare = { connector: 'telegram' };
    engine = await Engine.start({ channels });
    root = await engine.login('root');
  });
  after(async () => {
    await engine?.dispose();
    await dovecot?.stop();
    await providers?.stop();
  });
  const test = (name) => root.expect(200, 'POST', `/api/v1/channels/${name}/test`, {});

  it('asks each provider its own question, once, and says whose account it is', async () => {
    for (const [name, one] of Object.entries(table)) {
      const { state, checks } = await test(name);
      assert.deepEqual([state, checks.length, checks[0].said, checks[0].status], ['ok', 1, one.names, 200], name);
      assert.ok(Number.isInteger(checks[0].took_ms) && checks[0].took_ms >= 0, name);
      const mount = name === 'rasa' ? '/rasa' : `/${name}`;
      const call = await providers.next(`${mount}/`);
      assert.deepEqual([call.method, call.path, call.body], [one.method, mount + one.path, ''], name);
      assert.deepEqual(providers.left(`${mount}/`), [], name);
    }
  });

  it('says in the words of each provider why it refuses', async () => {
    for (const [name, one] of Object.entries(table)) {
      const { state, checks } = await test(`${name}-wrong`);
      assert.deepEqual([state, checks[0].state, checks[0].status], ['failed', 'failed', one.refusal[0]], name);
      assert.match(checks[0].said, one.reason, name);
    }
  });

  it('asks those that have doubles of their own as well', async () => {
    for (const [name, said, asks] of [['whatsapp', '+34 960 00 00 01', 'phone number'], ['helpline', 'Lumen', 'account'], ['support-mail', secrets.mailgun.domain, 'domain'], ['forum', secrets.discourse.username, 'user'], ['postbox', undefined, 'SMTP log-in']]) {
      const { state, checks } = await test(name);
      assert.deepEqual([state, checks[0].said, checks[0].asks], ['ok', said, asks], name);
    }
    engine.doubles.graph.failNext({ status: 401, headers: {}, body: JSON.stringify({ error: { code: 190, message: 'Session has expired' } }) });
    assert.match((await test('whatsapp')).checks[0].said, /WhatsApp error 190: Session has expired/);
    assert.equal((await test('whatsapp')).state, 'ok');
    assert.equal(engine.doubles.smtp.received.length, 0, 'no mail was sent');
  });

  it('says that nobody can be asked, and why', async () => {
    for (const [name, why] of [['webchat', /there is none/], ['api', /set callback_url/], ['bare', /set bot_token/]]) {
      const { state, checks } = await test(name);
      assert.deepEqual([state, checks[0].state, checks[0].took_ms], ['not_asked', 'not_asked', undefined], name);
      assert.match(checks[0].said, why, name);
    }
  });

  it('says that a provider cannot be reached, and shows no token with it', async () => {
    const { state, checks } = await test('unreachable');
    assert.deepEqual([state, checks[0].status], ['failed', undefined]);
    assert.ok(checks[0].said.length > 5 && !checks[0].said.includes('good'), checks[0].said);
  });

  it('logs in to a real IMAP server and opens the folder', { skip: noDovecot || false }, async () => {
    const { state, checks } = await test('folder');
    assert.deepEqual([state, checks.map((each) => [each.asks, each.state])], ['ok', [['IMAP log-in', 'ok'], ['SMTP log-in', 'not_asked']]]);
    const wrong = await test('folder-wrong');
    assert.deepEqual([wrong.state, wrong.checks[0].state], ['failed', 'failed']);
    const elsewhere = await test('folder-elsewhere');
    assert.match(elsewhere.checks[0].said, /Nowhere/);
  });

  it('is for admins, knows its channels, and runs once at a time for each', async () => {
    const sam = await engine.login('sam');
    assert.equal((await sam.post('/api/v1/channels/telegram/test', {})).status, 403);
    assert.equal((await root.post('/api/v1/channels/nowhere/test', {})).status, 404);
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    providers.when('/line/', async () => { await held; return [200, { displayName: 'Lumen' }]; });
    const first = test('line');
    await eventually(() => providers.left('/line/').length > 0, 'the first test to ask');
    const second = await root.post('/api/v1/channels/line/test', {});
    assert.equal(second.status, 409);
    release();
    assert.equal((await first).state, 'ok');
    assert.equal((await test('line')).state, 'ok');
  });
});
