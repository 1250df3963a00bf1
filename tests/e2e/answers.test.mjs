import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Visitor } from './support/chat.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { Providers } from './support/providers.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { secrets } from './support/secrets.mjs';

/** Answers that a provider takes in a form of its own: approved templates of Twilio's WhatsApp, reply tokens of LINE. */
describe('Answers', () => {
  const spanish = 'HX0123456789abcdef0123456789abcdef';
  const hello = 'HXfedcba9876543210fedcba9876543210';
  const lineSecret = 'answers-line-secret';
  let engine;
  let providers;
  let sign;
  let ann;
  before(async () => {
    providers = await Providers.start();
    providers.when('/twilio/', () => [201, { sid: `SM${freshId('').padEnd(32, '0').slice(0, 32)}`, status: 'queued' }]);
    engine = await Engine.start({
      channels: {
        wa: {
          connector: 'twilio-whatsapp', account_sid: secrets.twilio.accountSid, auth_token: secrets.twilio.authToken, number: secrets.twilio.number, api_base: `${providers.url}/twilio`,
          templates: [{ name: 'order_update', language: 'es', parameters: 2 }, { name: hello }], content_sids: [`order_update:es=${spanish}`],
        },
        brief: { connector: 'webchat', longest_text: 40 },
        strict: { connector: 'webchat', longest_text: 40, long_text: 'refuse' },
        line: { connector: 'line', channel_secret: lineSecret, channel_access_token: 'line-token', api_base: `${providers.url}/line` },
      },
    });
    sign = new Signer(secrets, engine.url);
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await providers?.stop();
  });
  const reply = (ticket, body) => ann.client.post(`/api/v1/tickets/${ticket.id}/reply`, body);

  it('of WhatsApp through Twilio may be approved templates', async () => {
    const number = `+${freshNumber()}`;
    const message = sign.twilio('/webhooks/wa', { MessageSid: freshId('SM'), From: `whatsapp:${number}`, To: `whatsapp:${secrets.twilio.number}`, Body: 'hola', ProfileName: 'Tina' });
    assert.equal((await engine.anyone.deliver(message)).status, 200);
    const ticket = await ann.take((each) => each.channel === 'wa');
    assert.match((await reply(ticket, { template: { name: 'order_update', parameters: ['one'] } })).body.detail, /wants 2, there are 1/);
    assert.match((await reply(ticket, { template: { name: 'unheard_of' } })).body.detail, /not one that is approved/);
    for (const [template, sid, variables] of [
      [{ name: 'order_update', parameters: ['A-17 "blue"', 'mañana & más'] }, spanish, { 1: 'A-17 "blue"', 2: 'mañana & más' }],
      [{ name: hello }, hello, null],
    ]) {
      const { status, body } = await reply(ticket, { template });
      assert.equal(status, 201);
      const call = await providers.next('/twilio/');
      assert.equal(call.path, `/twilio/2010-04-01/Accounts/${secrets.twilio.accountSid}/Messages.json`);
      const fields = new URLSearchParams(call.body);
      assert.equal(fields.get('To'), `whatsapp:${number}`);
      assert.equal(fields.get('ContentSid'), sid);
      assert.deepEqual(JSON.parse(fields.get('ContentVariables')), variables);
      assert.equal(fields.get('Body'), null);
      await ann.delivered(ticket, body.entry);
    }
    await ann.resolve(ticket);
  });

  it('of WhatsApp through Twilio are templates alone where the customer has not written', async () => {
    const { body, status } = await ann.client.post('/api/v1/tickets', { channel: 'wa', to: `+${freshNumber()}`, text: 'good day' });
    assert.equal(status, 409);
    assert.match(body.detail, /24 hours .*approved: order_update \(es\), HX/);
    const to = `+${freshNumber()}`;
    const unknown = await ann.client.post('/api/v1/tickets', { channel: 'wa', to, template: { name: 'unheard_of' } });
    assert.equal(unknown.status, 400, unknown.text);
    assert.equal((await ann.client.customer(`phone:${to}`)), null, 'what is refused makes nobody');
    const { ticket } = await ann.client.expect(201, 'POST', '/api/v1/tickets', { channel: 'wa', to, template: { name: 'order_update', parameters: ['A-17', 'mañana'] } });
    const fields = new URLSearchParams((await providers.next('/twilio/')).body);
    assert.deepEqual([fields.get('To'), fields.get('From'), fields.get('ContentSid')], [`whatsapp:${to}`, `whatsapp:${secrets.twilio.number}`, spanish]);
    assert.deepEqual(JSON.parse(fields.get('ContentVariables')), { 1: 'A-17', 2: 'mañana' });
    const first = (await ann.client.ticket(ticket.id)).entries.find((each) => each.kind === 'reply');
    assert.equal(first.template.name, 'order_update');
    // Nothing but a template goes until the customer has answered.
    assert.equal((await reply(ticket, { text: 'are you there?' })).status, 409);
    await ann.resolve(ticket);
  });

  it('of the web chat are cut where they are too long for it, or refused before they are sent', async () => {
    for (const [channel, status] of [['brief', 201], ['strict', 413]]) {
      const visitor = await Visitor.arrive(engine, channel);
      await visitor.say('hello');
      const ticket = await ann.take((each) => each.channel === channel);
      const said = await reply(ticket, { text: 'The lamp is on its way. It comes by ship, and then by train. You have it on Monday.' });
      assert.equal(said.status, status, said.text);
      if (status === 201) {
        const lines = [(await visitor.answer()).text, (await visitor.answer()).text, (await visitor.answer()).text];
        assert.deepEqual(lines, ['The lamp is on its way.', 'It comes by ship, and then by train.', 'You have it on Monday.']);
      } else {
        assert.match(said.body.detail, /strict takes 40 characters: shorten it, or set long_text: split/);
      }
      await ann.resolve(ticket);
      visitor.cut();
    }
  });

  it('of LINE use the reply token while it is fresh, and are pushed afterwards', async () => {
    const used = new Set();
    providers.when('/line/v2/bot/message/reply', (call) => {
      const { replyToken } = JSON.parse(call.body);
      if (used.has(replyToken)) return [400, { message: 'Invalid reply token' }];
      used.add(replyToken);
      return [200, { sentMessages: [{ id: '1' }] }];
    });
    const write = async (user, text, at) => {
      const body = JSON.stringify({ destination: 'Uline', events: [{ type: 'message', mode: 'active', timestamp: at, webhookEventId: freshId('01'), deliveryContext: { isRedelivery: false }, source: { type: 'user', userId: user }, replyToken: `token-${text}`, message: { id: freshId(''), type: 'text', text, quoteToken: 'q' } }] });
      const headers = { 'Content-Type': 'application/json', 'x-line-signature': createHmac('sha256', lineSecret).update(body).digest('base64') };
      assert.equal((await engine.anyone.deliver({ path: '/webhooks/line', headers, body })).status, 200);
      return ann.take((each) => each.channel === 'line');
    };
    const fresh = await write('Uone', 'now', Date.now());
    const first = await ann.reply(fresh, 'at once');
    const call = await providers.next('/line/v2/bot/message/reply');
    assert.deepEqual(JSON.parse(call.body), { replyToken: 'token-now', messages: [{ type: 'text', text: 'at once' }] });
    await ann.delivered(fresh, first);
    const second = await ann.reply(fresh, 'and more');
    const pushed = await providers.next('/line/v2/bot/message/push');
    assert.deepEqual(JSON.parse(pushed.body), { to: 'Uone', messages: [{ type: 'text', text: 'and more' }] });
    assert.ok(pushed.headers['x-line-retry-key']);
    await ann.delivered(fresh, second);
    await ann.resolve(fresh);

    const old = await write('Utwo', 'earlier', Date.now() - 60_000);
    const late = await ann.reply(old, 'sorry, late');
    assert.equal(JSON.parse((await providers.next('/line/v2/bot/message/push')).body).to, 'Utwo');
    await ann.delivered(old, late);
    assert.ok(!used.has('token-earlier'));
    await ann.resolve(old);
  });
});
