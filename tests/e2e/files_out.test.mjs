import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { Agent } from './support/desk.mjs';
import { FileTakers } from './support/doubles/file_takers.mjs';
import { Engine } from './support/engine.mjs';
import { MailSender, mailText } from './support/lmtp.mjs';
import { secrets } from './support/secrets.mjs';
import { freshId } from './support/sign.mjs';

// Providers fetch by https, LINE by nothing else: the engine has a certificate here that nobody but it has signed.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

const account = `AC${'f1'.repeat(16)}`;
const now = () => Math.floor(Date.now() / 1000);
const hmac = (kind, key, text, form) => createHmac(kind, key).update(text).digest(form);
const asJson = { 'Content-Type': 'application/json' };
const asForm = { 'Content-Type': 'application/x-www-form-urlencoded' };
const basic = (text) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('Files that agents send', () => {
  let engine;
  let takers;
  let folder;
  let ann;
  let url;
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(9_000)]);
  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(20_000)]);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kindred-files-out-'));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')], { stdio: 'ignore' });
    takers = await FileTakers.start(account);
    const to = (name) => `${takers.url}/${name}`;
    engine = await Engine.start();
    await engine.stop();
    engine.url = `https://127.0.0.1:${engine.ports.listen}`;
    url = engine.url;
    const mail = { address: 'help@files.example', reply_secret: secrets.postbox.replySecret };
    await engine.reconfigure((config) => {
      Object.assign(config.server, { public_url: url, tls: { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') } });
      Object.assign(config.channels, {
        messenger: { connector: 'messenger', app_secret: 'files-app', verify_token: 'files-verify', page_id: '4711', access_token: 'files-page-token', api_base: to('messenger') },
        instagram: { connector: 'instagram', app_secret: 'files-app', verify_token: 'files-verify', account_id: '1784', access_token: 'files-ig-token', api_base: to('instagram') },
        telegram: { connector: 'telegram', secret_token: 'files_secret', bot_token: 'files-bot-token', api_base: to('telegram') },
        line: { connector: 'line', channel_secret: 'files-line', channel_access_token: 'files-token', api_base: to('line') },
        slack: { connector: 'slack', signing_secret: 'files-slack', bot_token: 'xoxb-files', api_base: to('slack') },
        sms: { connector: 'twilio-sms', account_sid: account, auth_token: 'files-twilio-token', number: '+18005551212', api_base: to('twilio') },
        'whatsapp-mx': { connector: 'twilio-whatsapp', account_sid: account, auth_token: 'files-twilio-token', number: '+14155238886', api_base: to('twilio') },
        'mail-sendgrid': { connector: 'sendgrid', basic_auth: 'parse:files-password-long', api_key: 'files-sendgrid-key', api_base: to('sendgrid'), ...mail },
        'mail-postmark': { connector: 'postmark', basic_auth: 'postmark:files-password-long', server_token: 'files-postmark-token', api_base: to('postmark'), ...mail },
        lamps: { connector: 'discourse', secret: 'files-discourse', base_url: 'https://forum.files.example', own_username: 'desk', api_key: 'files-discourse-key', api_username: 'desk', api_base: to('discourse') },
        hooks: { connector: 'standard-webhooks', whsec: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', callback_url: to('hooks'), callback_secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' },
        shop: { connector: 'github', secret: 'files-github', token: 'files-github-token', api_base: to('github') },
      });
    });
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await takers?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
    takers?.check();
  });

  const upload = async (name, type, bytes) => {
    const answer = await ann.client.send('POST', `/api/v1/attachments?name=${encodeURIComponent(name)}&type=${encodeURIComponent(type)}`, { headers: { 'Content-Type': type }, body: bytes });
    assert.equal(answer.status, 201, answer.text);
    return answer.body.id;
  };
  const post = async (channel, body, headers) => {
    const answer = await fetch(`${url}/webhooks/${channel}`, { method: 'POST', body, headers });
    assert.equal(answer.status, 200, `${channel}: ${await answer.text()}`);
  };
  const twilio = (channel, fields) => {
    const whole = { MessageSid: `SM${randomBytes(16).toString('hex')}`, AccountSid: account, NumMedia: '0', ...fields };
    const text = `${url}/webhooks/${channel}${Object.keys(whole).sort().map((name) => name + whole[name]).join('')}`;
    return post(channel, new URLSearchParams(whole).toString(), { ...asForm, 'X-Twilio-Signature': hmac('sha1', 'files-twilio-token', text, 'base64') });
  };
  const meta = (channel, object, id, from) => {
    const body = JSON.stringify({ object, entry: [{ id, time: Date.now(), messaging: [{ sender: { id: from }, recipient: { id }, timestamp: Date.now(), message: { mid: freshId('m_'), text: 'hello' } }] }] });
    return post(channel, body, { ...asJson, 'X-Hub-Signature-256': `sha256=${hmac('sha256', 'files-app', body, 'hex')}` });
  };
  const forum = (topic) => {
    const body = JSON.stringify({ post: { id: topic, name: 'Ada', username: 'ada', created_at: new Date().toISOString(), updated_at: new Date().toISOString(), cooked: '<p>hello</p>', raw: 'hello', post_number: 1, post_type: 1, topic_id: topic, topic_title: 'Lamps', user_id: 4242, version: 1, topic_archetype: 'regular' } });
    return post('lamps', body, { ...asJson, 'X-Discourse-Instance': 'https://forum.files.example', 'X-Discourse-Event-Id': freshId('d'), 'X-Discourse-Event-Type': 'post', 'X-Discourse-Event': 'post_created', 'X-Discourse-Event-Signature': `sha256=${hmac('sha256', 'files-discourse', body, 'hex')}` });
  };
  const github = () => {
    const body = JSON.stringify({ action: 'opened', issue: { number: 7, id: 70, node_id: 'I_7', title: 'Dark', body: 'It is', html_url: 'https://github.com/e/s/issues/7', created_at: new Date().toISOString(), user: { login: 'olga', id: 9, type: 'User' } }, repository: { full_name: 'e/s', name: 's', owner: { login: 'e' } }, sender: { login: 'olga', id: 9, type: 'User' } });
    return post('shop', body, { ...asJson, 'X-GitHub-Event': 'issues', 'X-GitHub-Delivery': freshId('g'), 'X-Hub-Signature-256': `sha256=${hmac('sha256', 'files-github', body, 'hex')}` });
  };
  /** Says hello as a customer of each provider, and gives who it was. */
  const hello = {
    messenger: async () => { await meta('messenger', 'page', '4711', '70001'); return '70001'; },
    instagram: async () => { await meta('instagram', 'instagram', '1784', '70002'); return '70002'; },
    telegram: async () => {
      await post('telegram', JSON.stringify({ update_id: now(), message: { message_id: 5, date: now(), text: 'hello', from: { id: 70003, is_bot: false, first_name: 'Ada' }, chat: { id: -70003, type: 'supergroup', title: 'Lamps' } } }), { ...asJson, 'X-Telegram-Bot-Api-Secret-Token': 'files_secret' });
      return '-70003';
    },
    line: async () => {
      const body = JSON.stringify({ destination: 'Ux', events: [{ type: 'message', mode: 'active', timestamp: Date.now(), source: { type: 'user', userId: `U${'7'.repeat(32)}` }, webhookEventId: freshId('01'), deliveryContext: { isRedelivery: false }, replyToken: `${freshId('r')}.U${'7'.repeat(32)}`, message: { type: 'text', id: freshId('1'), text: 'hello' } }] });
      await post('line', body, { ...asJson, 'x-line-signature': hmac('sha256', 'files-line', body, 'base64') });
      return `U${'7'.repeat(32)}`;
    },
    slack: async () => {
      const body = JSON.stringify({ type: 'event_callback', team_id: 'T1', api_app_id: 'A1', event_id: freshId('Ev'), event_time: now(), event: { type: 'message', channel: 'C0123', channel_type: 'channel', user: 'U0123', text: 'hello', ts: `${now()}.000100` } });
      const stamp = String(now());
      await post('slack', body, { ...asJson, 'X-Slack-Request-Timestamp': stamp, 'X-Slack-Signature': `v0=${hmac('sha256', 'files-slack', `v0:${stamp}:${body}`, 'hex')}` });
      return 'C0123';
    },
    sms: async () => { await twilio('sms', { From: '+15005550006', To: '+18005551212', Body: 'hello' }); return '+15005550006'; },
    'whatsapp-mx': async () => { await twilio('whatsapp-mx', { From: 'whatsapp:+5215500000006', To: 'whatsapp:+14155238886', WaId: '5215500000006', Body: 'hello' }); return 'whatsapp:+5215500000006'; },
    'mail-sendgrid': async () => {
      const form = new FormData();
      const fields = { headers: `From: ada@files.example\nTo: help@files.example\nSubject: hi\nMessage-ID: <${freshId('s')}@files.example>\nDate: ${new Date().toUTCString()}\n`, from: 'ada@files.example', to: 'help@files.example', subject: 'hi', text: 'hello', envelope: '{"to":["help@files.example"],"from":"ada@files.example"}', charsets: '{"text":"utf-8"}', attachments: '0' };
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      await post('mail-sendgrid/inbound', form, { Authorization: basic('parse:files-password-long') });
      return 'ada@files.example';
    },
    'mail-postmark': async () => {
      await post('mail-postmark/inbound', JSON.stringify({ FromFull: { Email: 'bea@files.example', Name: 'Bea' }, From: 'bea@files.example', ToFull: [{ Email: 'help@files.example' }], To: 'help@files.example', OriginalRecipient: 'help@files.example', Subject: 'hi', MessageID: freshId('p'), Date: new Date().toUTCString(), TextBody: 'hello', Headers: [{ Name: 'Message-ID', Value: `<${freshId('p')}@files.example>` }], Attachments: [] }), { ...asJson, Authorization: basic('postmark:files-password-long') });
      return 'bea@files.example';
    },
    lamps: async () => { await forum(815); return '815'; },
    shop: async () => { await github(); return 'e/s#7'; },
    hooks: async () => {
      const body = JSON.stringify({ type: 'message.created', timestamp: new Date().toISOString(), data: { from: 'cleo@files.example', text: 'hello', conversation: 'c-1' } });
      const id = freshId('msg_');
      await post('hooks', body, { ...asJson, 'webhook-id': id, 'webhook-timestamp': String(now()), 'webhook-signature': new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').sign(id, new Date(), body) });
      return 'cleo@files.example';
    },
    postbox: async () => {
      const from = `${freshId('max')}@files.example`;
      const relay = await MailSender.connect(engine.ports.mail);
      assert.deepEqual(await relay.mail({ from, to: [secrets.postbox.address], content: mailText({ from, to: secrets.postbox.address, subject: 'hi', messageId: `<${freshId('l')}@files.example>`, text: 'hello' }) }), [250]);
      await relay.quit();
      return from;
    },
  };
  const arrive = async (channel) => {
    const from = await hello[channel]();
    return { from, ticket: await ann.take((each) => each.channel === channel, `the ticket of ${channel}`) };
  };
  const reply = (ticket, content) => ann.client.post(`/api/v1/tickets/${ticket.id}/reply`, content);
  const send = async (ticket, text, ...files) => {
    const answer = await reply(ticket, { text, attachments: files });
    assert.equal(answer.status, 201, answer.text);
    return answer.body.entry;
  };
  const refused = async (ticket, why, ...files) => {
    const answer = await reply(ticket, { text: 'see', attachments: files });
    assert.ok([400, 413].includes(answer.status), `${answer.status} ${answer.text}`);
    assert.match(answer.body.detail, why);
  };
  const done = async (ticket, entry) => {
    await ann.delivered(ticket, entry);
    await ann.resolve(ticket);
  };

  for (const [channel, taker] of [['messenger', 'messenger'], ['instagram', 'instagram'], ['sms', 'twilio'], ['whatsapp-mx', 'twilio'], ['line', 'line']]) {
    it(`are fetched from us by ${channel}`, async () => {
      const { from, ticket } = await arrive(channel);
      const entry = await send(ticket, 'here it is', await upload('lamp.png', 'image/png', png));
      const text = await takers[taker].next((one) => one.to === from && one.text);
      assert.equal(text.text, 'here it is');
      const file = await takers[taker].next((one) => one.to === from && one.bytes);
      assert.ok(file.bytes.equals(png));
      assert.equal(file.type, 'image/png');
      await done(ticket, entry);
    });
  }

  it('are named in the signed event of a system of one\'s own', async () => {
    const { from, ticket } = await arrive('hooks');
    const entry = await send(ticket, 'two files', await upload('lamp.png', 'image/png', png), await upload('ñ.pdf', 'application/pdf', pdf));
    const event = await takers.hooks.next((one) => one.data.to === from);
    assert.deepEqual(event.data.attachments.map(({ name, type, size }) => [name, type, size]), [['lamp.png', 'image/png', png.length], ['ñ.pdf', 'application/pdf', pdf.length]]);
    assert.ok(event.files[0].equals(png) && event.files[1].equals(pdf));
    await done(ticket, entry);
  });

  it('go with a form to Telegram, as an answer to the message', async () => {
    const { from, ticket } = await arrive('telegram');
    const entry = await send(ticket, '', await upload('invoice "é".pdf', 'application/pdf', pdf));
    const file = await takers.telegram.next((one) => one.to === from && one.bytes);
    assert.ok(file.bytes.equals(pdf));
    assert.deepEqual([file.type, file.reply.message_id], ['application/pdf', 5]);
    await done(ticket, entry);
  });

  it('are put where Slack says, and shown in the thread', async () => {
    const { from, ticket } = await arrive('slack');
    const entry = await send(ticket, '', await upload('año & lamp.pdf', 'application/pdf', pdf));
    const file = await takers.slack.next((one) => one.to === from && one.bytes);
    assert.ok(file.bytes.equals(pdf));
    assert.equal(file.name, 'año & lamp.pdf');
    assert.match(file.thread, /^\d+\.000100$/);
    await done(ticket, entry);
  });

  it('begin anew where one of several calls fails for a while, and are shown once', async () => {
    const { from, ticket } = await arrive('slack');
    takers.slack.failNext({ status: 200, headers: asJson, body: '{"ok":false,"error":"internal_error"}' });
    const entry = await send(ticket, '', await upload('again.pdf', 'application/pdf', pdf));
    assert.equal((await takers.slack.next((one) => one.to === from && one.bytes)).name, 'again.pdf');
    await done(ticket, entry);
    assert.equal(takers.slack.received.filter((one) => one.name === 'again.pdf').length, 1);
  });

  it('are uploaded to Discourse first, and stand in one post', async () => {
    const { from, ticket } = await arrive('lamps');
    const entry = await send(ticket, 'Two things', await upload('lamp.png', 'image/png', png), await upload('manual [1].pdf', 'application/pdf', pdf));
    const seen = await takers.discourse.next((one) => one.to === from);
    assert.match(seen.text, /^Two things\n\n!\[lamp\.png\]\(upload:.*\n\[manual 1\.pdf\|attachment\]\(upload:/);
    assert.deepEqual(seen.files.map((each) => [each.picture, each.attached]), [[true, false], [false, true]]);
    assert.ok(seen.files[0].bytes.equals(png) && seen.files[1].bytes.equals(pdf));
    await done(ticket, entry);
  });

  for (const [channel, taker] of [['mail-sendgrid', 'sendgrid'], ['mail-postmark', 'postmark']]) {
    it(`go along with a mail through ${taker}`, async () => {
      const { from, ticket } = await arrive(channel);
      const entry = await send(ticket, 'two files', await upload('lamp.png', 'image/png', png), await upload('ñ.pdf', 'application/pdf', pdf));
      const mail = await takers[taker].next((one) => one.to === from);
      assert.equal(mail.text, 'two files');
      assert.deepEqual(mail.files.map((each) => [each.name, each.type]), [['lamp.png', 'image/png'], ['ñ.pdf', 'application/pdf']]);
      assert.ok(mail.files[0].bytes.equals(png) && mail.files[1].bytes.equals(pdf));
      await done(ticket, entry);
    });
  }

  it('go along with a mail by SMTP, in base64 and with their true names', async () => {
    const { from, ticket } = await arrive('postbox');
    const entry = await send(ticket, 'Grüße\n.\n', await upload('lamp.png', 'image/png', png), await upload('ñandú.pdf', 'application/pdf', pdf));
    const { raw } = await engine.doubles.smtp.next((one) => one.envelopeTo.includes(from));
    const boundary = /boundary="([^"]+)"/.exec(raw)[1];
    const parts = raw.split(`--${boundary}`).slice(1, -1).map((part) => {
      const split = part.indexOf('\r\n\r\n');
      return { head: part.slice(0, split).replace(/\r\n[ \t]+/g, ' '), body: part.slice(split + 4) };
    });
    assert.equal(parts.length, 3);
    assert.ok(raw.split('\r\n').every((line) => line.length <= 998));
    assert.match(parts[0].head, /text\/plain; charset=UTF-8/);
    assert.match(parts[0].body, /Gr=C3=BC=C3=9Fe/);
    assert.match(parts[1].head, /image\/png[\s\S]*filename="lamp\.png"/);
    assert.match(parts[2].head, /filename\*=UTF-8''%C3%B1and%C3%BA\.pdf/);
    assert.ok(Buffer.from(parts[1].body, 'base64').equals(png));
    assert.ok(Buffer.from(parts[2].body, 'base64').equals(pdf));
    await done(ticket, entry);
  });

  it('are refused before anything is sent, where the provider would not take them', async () => {
    const large = await upload('large.png', 'image/png', Buffer.alloc(8_500_000, 1));
    const document = await upload('manual.pdf', 'application/pdf', pdf);
    const film = await upload('film.avi', 'video/x-msvideo', Buffer.alloc(600_000, 1));
    const cases = {
      messenger: [[large, /8\.5 MB.*messenger takes image\/\* of at most 8 MB/]],
      instagram: [[document, /is application\/pdf; instagram takes image\/jpeg/]],
      sms: [[film, /600 kB; twilio-sms takes video\/\* of at most 500 kB/]],
      'whatsapp-mx': [[film, /is video\/x-msvideo/]],
      line: [[document, /line takes image\/jpeg, image\/png/], [large, /at most 1 MB/]],
      'mail-postmark': [[large, /together; postmark takes at most 7 MB/]],
      shop: [[document, /github cannot send files/]],
    };
    for (const [channel, wrong] of Object.entries(cases)) {
      const { ticket } = await arrive(channel);
      const before = (await ann.client.ticket(ticket.id)).entries.length;
      for (const [file, why] of wrong) await refused(ticket, why, file);
      assert.equal((await ann.client.ticket(ticket.id)).entries.length, before);
      await ann.resolve(ticket);
    }
  });
});
