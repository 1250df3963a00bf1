import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { Providers } from './support/providers.mjs';

const token = 'bots-e2e-token-0123456789';
const callback = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

describe('Bots, and providers that the configuration describes', () => {
  let engine;
  let providers;
  let ann;
  before(async () => {
    providers = await Providers.start();
    engine = await Engine.start({
      channels: {
        bot: { connector: 'bots', token, api_base: `${providers.url}/rasa`, rasa_token: 'rt', callback_url: `${providers.url}/bot`, callback_secret: callback },
        parcels: {
          connector: 'declared', kind: 'social', secret: 'parcel-secret', api_base: `${providers.url}/parcels`, token: 'parcel-token',
          proof: { scheme: 'header', header: 'X-Key' },
          each: '/events/*',
          ignore: [{ path: '/type', not: 'note', because: 'other_event' }],
          contact: { message_id: '/id', from: '/author', text: '/text', thread: '/order' },
          reply: { url: '{api_base}/orders/{thread}/notes', headers: { Authorization: 'Bearer {token}' }, body: '{"text": "{text}", "key": "{key}"}', answered_id: '/note' },
        },
      },
    });
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await providers?.stop();
  });

  const post = async (channel, content, headers) => {
    const answer = await fetch(`${engine.url}/webhooks/${channel}`, { method: 'POST', body: JSON.stringify(content), headers: { 'Content-Type': 'application/json', ...headers } });
    return { status: answer.status, text: await answer.text() };
  };
  const asBot = { Authorization: `Bearer ${token}` };
  const answered = async (channel, text) => {
    const ticket = await ann.take((each) => each.channel === channel, `the ticket of ${channel}`);
    const entry = await ann.reply(ticket, text);
    return { ticket, entry };
  };

  it('Dialogflow is told the ticket and the queue, and the answer goes to the callback', async () => {
    const asked = {
      detectIntentResponseId: 'd-1', languageCode: 'en', text: 'a person, please', fulfillmentInfo: { tag: 'handoff' },
      intentInfo: { displayName: 'talk.to.agent', confidence: 0.9 },
      sessionInfo: { session: 'projects/p/locations/global/agents/a/sessions/df-1', parameters: { topic: 'billing' } },
    };
    const answer = await post('bot', asked, asBot);
    assert.equal(answer.status, 200);
    const said = JSON.parse(answer.text);
    const { metadata } = said.fulfillmentResponse.messages[1].liveAgentHandoff;
    assert.equal(metadata.queue, 'general');
    assert.match(metadata.ticket, /^\d+$/);
    assert.equal(said.sessionInfo.parameters.handoff, true);
    const again = await post('bot', asked, asBot);
    assert.equal(JSON.parse(again.text).fulfillmentResponse.messages[1].liveAgentHandoff.metadata.ticket, metadata.ticket, 'the same delivery is the same ticket');

    const { ticket, entry } = await answered('bot', 'Here I am');
    assert.equal(ticket.id, metadata.ticket);
    const detail = await ann.client.ticket(ticket.id);
    assert.equal(detail.contacts[0].text, 'a person, please');
    const call = await providers.next('/bot');
    const event = new Webhook(callback).verify(call.body, call.headers);
    assert.equal(event.data.text, 'Here I am');
    assert.equal(event.data.conversation, 'df-1');
    await ann.delivered(ticket, entry);
    await ann.resolve(ticket, 'solved');
  });

  it('Rasa is paused, says the answer itself, and keeps its other actions', async () => {
    const asked = (action) => ({
      next_action: action, sender_id: 'rasa 1', domain: {}, version: '3.6.0',
      tracker: {
        sender_id: 'rasa 1', slots: { topic: 'lamp', name: null }, latest_event_time: 1767225600.1, latest_message: { text: 'human please', message_id: 'm-1', intent: { name: 'human', confidence: 0.97 } },
        events: [{ event: 'user', text: 'hi', timestamp: 1767225500 }, { event: 'bot', text: 'Hello!', timestamp: 1767225501 }],
      },
    });
    const other = await post('bot', asked('action_weather'), asBot);
    assert.equal(other.status, 404);
    assert.equal(JSON.parse(other.text).action_name, 'action_weather');
    const answer = await post(`bot?token=${token}`, asked('action_handoff'), {});
    assert.equal(answer.status, 200);
    assert.deepEqual(JSON.parse(answer.text).events[0], { event: 'pause' });
    const { ticket, entry } = await answered('bot', 'How can I help?');
    const call = await providers.next('/rasa');
    assert.equal(call.path, '/rasa/conversations/rasa%201/tracker/events?output_channel=latest&execute_side_effects=true&token=rt');
    assert.equal(JSON.parse(call.body).text, 'How can I help?');
    await ann.delivered(ticket, entry);
    await ann.resolve(ticket, 'solved');
  });

  it('a described provider is read and answered as described', async () => {
    const body = { events: [{ id: 1, type: 'scan' }, { id: 2, type: 'note', author: 'olga', text: 'It is wet', order: '4711' }] };
    assert.equal((await post('parcels', body, {})).status, 401);
    assert.equal((await post('parcels', body, { 'X-Key': 'guess' })).status, 403);
    assert.equal((await post('parcels', body, { 'X-Key': 'parcel-secret' })).status, 200);
    const { ticket, entry } = await answered('parcels', 'We send a new one');
    const call = await providers.next('/parcels');
    assert.equal(call.path, '/parcels/orders/4711/notes');
    assert.equal(call.headers.authorization, 'Bearer parcel-token');
    assert.equal(JSON.parse(call.body).text, 'We send a new one');
    await ann.delivered(ticket, entry);
  });
});
