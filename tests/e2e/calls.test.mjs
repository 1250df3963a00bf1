import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { twimlFault } from './support/doubles/twilio.mjs';
import { Engine } from './support/engine.mjs';
import { freshNumber, Signer, tampered, without } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const unescaped = (text) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The value of an attribute of the first such verb of a TwiML document. */
function attribute(document, verb, name) {
  const tag = new RegExp(`<${verb}\\b[^>]*>`).exec(document)?.[0] ?? '';
  return unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
}

describe('phone calls through Twilio', () => {
  let engine;
  let sign;
  before(async () => {
    engine = await Engine.start();
    sign = new Signer(undefined, engine.url);
  });
  after(() => engine?.dispose());

  /** Twilio asks one of our addresses about a call. */
  function ask(url, sid, from, fields) {
    const { pathname, search } = new URL(url, engine.url);
    return engine.anyone.deliver(sign.twilio(pathname + search, { CallSid: sid, CallStatus: 'in-progress', From: `+${from}`, ...fields }));
  }

  async function ring(from = freshNumber()) {
    const request = sign.call({ from: `+${from}` });
    const answer = await engine.anyone.deliver(request);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /^(text|application)\/xml/);
    assert.equal(twimlFault(answer.text), null, answer.text);
    const wait = attribute(answer.text, 'Enqueue', 'waitUrl');
    const after = attribute(answer.text, 'Enqueue', 'action');
    return { request, answer, from, sid: request.sid, wait, after };
  }

  const resolveAll = async (agent) => {
    for (const ticket of await agent.client.tickets({ agent: agent.id })) {
      if (ticket.status === 'held') await agent.resolve(ticket);
    }
  };

  it('greets a caller and puts the call into the queue', async () => {
    const call = await ring();
    assert.match(call.answer.text, /<Say\b[^>]*>[^<]+<\/Say>\s*<Enqueue\b/);
    assert.match(call.answer.text, /<Enqueue\b[^>]*>calls<\/Enqueue>/);
    assert.ok(call.wait.includes('/webhooks/helpline/wait'));
    assert.ok(call.after.includes('/webhooks/helpline/after-queue'));
    assert.equal((await ask(call.after, call.sid, call.from, { QueueResult: 'hangup', QueueTime: '3', CallStatus: 'completed' })).status, 200);
  });

  it('tells callers their place in the queue', async () => {
    const first = await ring();
    const second = await ring();
    const said = [];
    for (const call of [first, second]) {
      const answer = await ask(call.wait, call.sid, call.from, { QueuePosition: '7', QueueTime: '4', CurrentQueueSize: '9' });
      assert.equal(answer.status, 200);
      assert.equal(twimlFault(answer.text), null, answer.text);
      assert.match(answer.text, /<Say\b/);
      said.push(answer.text);
    }
    assert.match(said[0], /next in line/);
    assert.match(said[1], /number 2/);
    for (const call of [first, second]) await ask(call.after, call.sid, call.from, { QueueResult: 'hangup', QueueTime: '5', CallStatus: 'completed' });
  });

  it('connects the waiting call to the agent who accepts', async () => {
    const call = await ring();
    const ann = await Agent.arrive(engine, 'ann');
    const offer = await ann.offer((ticket) => ticket.channel_kind === 'phone');
    assert.equal(offer.ticket.queue, 'calls');
    assert.equal(offer.why.route, 'phone calls');
    const ticket = await ann.accept(offer);
    const redirect = await engine.doubles.twilio.next((each) => each.call === call.sid, 'the redirection of the call');
    const instructions = redirect.twiml ?? (await ask(redirect.url, call.sid, call.from, {})).text;
    assert.match(instructions, /<Dial\b[^>]*>\s*<Number[^>]*>\+34600000001<\/Number>/);
    const detail = await ann.client.ticket(ticket.id);
    assert.equal(detail.script.id, 'call');

    const ended = await ask('/webhooks/helpline/status', call.sid, call.from, { CallStatus: 'completed', CallDuration: '61', SequenceNumber: '3' });
    assert.ok([200, 204].includes(ended.status));
    await eventually(async () => (await ann.client.ticket(ticket.id)).entries.some((entry) => entry.kind === 'call-status' && (entry.record ?? entry).status === 'completed'), 'the end of the call to be on record');
    await resolveAll(ann);
    await ann.leave();
  });

  it('takes the offer back when the caller hangs up', async () => {
    const call = await ring();
    const ann = await Agent.arrive(engine, 'ann');
    const offer = await ann.offer((ticket) => ticket.channel_kind === 'phone');
    await ask(call.after, call.sid, call.from, { QueueResult: 'hangup', QueueTime: '9', CallStatus: 'completed' });
    const closed = await ann.desk.next('offer_closed', (frame) => frame.offer === offer.id);
    assert.equal(closed.outcome, 'revoked');
    await eventually(async () => (await ann.client.ticket(offer.ticket.id)).entries.some((entry) => entry.kind === 'abandoned'), 'the abandoned call to be on record');
    await ann.leave();
  });

  it('places a call that an agent begins: the agent first, then the customer', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    const to = `+${freshNumber()}`;
    const wordy = await ann.client.post('/api/v1/tickets', { channel: 'helpline', to, text: 'hello' });
    assert.equal(wordy.status, 400, 'a call has no text');
    const { ticket } = await ann.client.expect(201, 'POST', '/api/v1/tickets', { channel: 'helpline', to });
    assert.equal(ticket.holder.id, ann.id);
    const placed = await engine.doubles.twilio.next((each) => each.Twiml?.includes(to), 'the call to be placed');
    assert.equal(placed.To, '+34600000001');
    assert.equal(placed.From, '+525550001111');
    assert.match(placed.Twiml, /<Dial\b[^>]*>\s*<Number[^>]*>\+\d+<\/Number>/);
    const has = (test, what) => eventually(async () => (await ann.client.ticket(ticket.id)).entries.some(test), what);
    await has((entry) => entry.kind === 'delivery' && entry.state === 'sent' && entry.message_id === placed.leg, 'the id of the call to be on record');
    // Twilio tells what becomes of the agent's leg, whose id is all that it knows of the ticket.
    const leg = (url, fields) => ask(url, placed.leg, '525550001111', fields);
    const spoken = await leg(attribute(placed.Twiml, 'Dial', 'action'), { DialCallStatus: 'completed', DialCallDuration: '61' });
    assert.equal(spoken.status, 200);
    await has((entry) => entry.kind === 'queue-result' && JSON.stringify(entry).includes('customer_answered'), 'the talk to be on record');
    await ann.resolve(ticket, 'solved');

    // A phone that its agent does not pick up: the call waits for whoever takes it.
    const again = (await ann.client.expect(201, 'POST', '/api/v1/tickets', { channel: 'helpline', to: `+${freshNumber()}`, from: '+525550002222' })).ticket;
    const second = await engine.doubles.twilio.next((each) => each.From === '+525550002222', 'the second call to be placed');
    await eventually(async () => (await ann.client.ticket(again.id)).entries.some((entry) => entry.message_id === second.leg), 'its id to be on record');
    await ask(second.StatusCallback, second.leg, '525550002222', { CallStatus: 'no-answer' });
    await eventually(async () => (await ann.client.ticket(again.id)).ticket.status === 'waiting', 'the call to wait for somebody else');
    await ann.leave();
    const bo = await Agent.arrive(engine, 'bo');
    await bo.take((each) => each.id === again.id, 'the call that nobody placed yet');
    await resolveAll(bo);
    await bo.leave();
  });

  it('makes a ticket of each call, and one of a repeated request', async () => {
    const from = freshNumber();
    const one = await ring(from);
    const again = await engine.anyone.deliver(one.request);
    assert.equal(again.status, 200);
    assert.match(again.text, /<Enqueue\b/);
    const two = await ring(from);
    const sam = await engine.login('sam');
    const { tickets } = await sam.customer(`phone:+${from}`);
    assert.equal(tickets.length, 2);
    for (const call of [one, two]) await ask(call.after, call.sid, call.from, { QueueResult: 'hangup', QueueTime: '1', CallStatus: 'completed' });
  });

  it('gives a caller without a number a ticket of their own', async () => {
    const request = sign.call({ from: 'anonymous' });
    const answer = await engine.anyone.deliver(request);
    assert.equal(answer.status, 200);
    assert.match(answer.text, /<Enqueue\b/);
    const ended = await ask(attribute(answer.text, 'Enqueue', 'action'), request.sid, '0', { From: 'anonymous', QueueResult: 'hangup', QueueTime: '1', CallStatus: 'completed' });
    assert.equal(ended.status, 200);
  });

  it('asks Twilio for its signature', async () => {
    const request = sign.call({ from: `+${freshNumber()}` });
    for (const each of [tampered(request), without(request, 'X-Twilio-Signature')]) {
      const answer = await engine.anyone.deliver(each);
      assert.ok([400, 401, 403].includes(answer.status));
      assert.ok(!/<Enqueue/.test(answer.text));
    }
  });
});
