import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Doubles } from './support/doubles/doubles.mjs';
import { twimlFault } from './support/doubles/twilio.mjs';
import { MailSender, mailText } from './support/lmtp.mjs';
import { secrets } from './support/secrets.mjs';

const { whatsapp, mailgun, twilio, discourse } = secrets;
const basic = (user, password) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const form = (fields) => new URLSearchParams(fields).toString();
const formType = 'application/x-www-form-urlencoded';

/** One call that each provider takes; every change of it below is one that the provider refuses. */
const good = {
  graph: {
    path: `/graph/v25.0/${whatsapp.phoneNumberId}/messages`,
    headers: { Authorization: `Bearer ${whatsapp.accessToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', recipient_type: 'individual', to: '34600000000', type: 'text', text: { body: 'hello' } }),
  },
  mailgun: {
    path: `/mailgun/v3/${mailgun.domain}/messages`,
    headers: { Authorization: basic('api', mailgun.apiKey), 'Content-Type': formType },
    body: form({ from: 'a@x.example', to: 'b@y.example', subject: 'hi', text: 'hello' }),
  },
  twilio: {
    path: `/twilio/2010-04-01/Accounts/${twilio.accountSid}/Calls/CA${'0'.repeat(32)}.json`,
    headers: { Authorization: basic(twilio.accountSid, twilio.authToken), 'Content-Type': formType },
    body: form({ Twiml: '<Response><Say>hello</Say></Response>' }),
  },
  discourse: {
    path: '/discourse/posts.json',
    headers: { 'Api-Key': discourse.apiKey, 'Api-Username': discourse.username, 'Content-Type': 'application/json' },
    body: JSON.stringify({ topic_id: 5, raw: 'hello' }),
  },
};

describe('the doubles of the providers', () => {
  let doubles;
  before(async () => { doubles = await Doubles.start(); });
  after(() => doubles.stop());
  const send = ({ path, headers, body, method = 'POST' }) => fetch(doubles.addresses.http + path, { method, headers, body });

  for (const [name, call] of Object.entries(good)) {
    it(`${name} takes what is right, and complains of what is not`, async () => {
      assert.equal((await send(call)).status, 200);
      assert.equal(doubles[name].received.length, 1);
      assert.deepEqual(doubles[name].complaints, []);
      const wrong = [
        { ...call, path: `${call.path}x` },
        { ...call, headers: { 'Content-Type': call.headers['Content-Type'] } },
        { ...call, body: call.body.replace('hello', '').replace('%3CResponse%3E', '') },
        { ...call, headers: { ...call.headers, 'Content-Type': 'text/plain' }, body: 'hello' },
      ];
      for (const each of wrong) assert.ok((await send(each)).status >= 400);
      assert.equal(doubles[name].complaints.length, wrong.length);
      assert.equal(doubles[name].received.length, 1);
      assert.throws(() => doubles.check(), /complain/);
    });
  }

  it('the mail server takes a mail and complains of a bad one', async () => {
    const port = Number(new URL(doubles.addresses.smtp).port);
    const sender = await MailSender.connect(port, 'EHLO');
    const mail = { from: 'a@x.example', to: ['b@y.example'], lmtp: false };
    const content = mailText({ from: 'a@x.example', to: 'b@y.example', subject: 'hi', messageId: '<1@x.example>', text: 'one\n.two' });
    assert.deepEqual(await sender.mail({ ...mail, content }), [250]);
    assert.match(doubles.smtp.received[0].text, /^one\r\n\.two$/);
    assert.deepEqual(await sender.mail({ ...mail, content: content.replace(/^Message-ID.*\n/m, '') }), [554]);
    assert.equal(doubles.smtp.complaints.length, 1);
    await sender.quit();
  });

  it('knows TwiML from what only looks like it', () => {
    assert.equal(twimlFault('<?xml version="1.0"?><Response><Say language="en">a &amp; b</Say><Pause length="2"/></Response>'), null);
    for (const bad of ['', '<Say>x</Say>', '<Response><Say>x</Response>', '<Response><Shout/></Response>', '<Response>a & b</Response>', '<Response/><Response/>']) {
      assert.notEqual(twimlFault(bad), null, bad);
    }
  });
});
