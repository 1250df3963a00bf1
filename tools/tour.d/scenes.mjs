import { randomBytes } from 'node:crypto';
import { Visitor } from '../../tests/e2e/support/chat.mjs';
import { MailSender, mailText } from '../../tests/e2e/support/lmtp.mjs';

const digits = (count) => Array.from(randomBytes(count), (byte) => byte % 10).join('');
const word = () => randomBytes(4).toString('hex');

/**
 * One scene per channel, and the first customer once more: who writes what, how the provider proves it, what the agent answers, and where the answer
 * arrives. `send` gives what the engine answered, `arrived` waits for the answer at the double.
 */
export function scenes({ engine, sign, doubles, secrets, shop }) {
  const deliver = async (request) => {
    const answer = await engine.anyone.deliver(request);
    if (answer.status !== 200) throw new Error(`the engine answered ${answer.status}: ${answer.text}`);
    return answer;
  };
  const nadia = `3460${digits(7)}`;
  return [whatsapp, supportMail, postbox, webchat, forum, contact, helpline, whatsappAgain].map((make) => make({ deliver, engine, sign, doubles, secrets, shop, nadia }));
}

function whatsapp({ deliver, sign, doubles, nadia: from }) {
  const says = 'Hi! Where is my order? The tracking page shows nothing.';
  return {
    channel: 'whatsapp', customer: 'Nadia Rahal', says,
    proof: 'HMAC-SHA256 of the body with the app secret, in X-Hub-Signature-256',
    send: async () => `${(await deliver(sign.whatsapp({ from, name: 'Nadia Rahal', text: says }))).status}`,
    answer: 'Hello Nadia! It left Valencia this morning and is with you tomorrow.',
    arrived: async () => `Graph API took a text for ${(await doubles.graph.next((message) => message.to.replace('+', '') === from)).to}`,
  };
}

function supportMail({ deliver, sign, doubles }) {
  const from = `liam.${word()}@mail.example`;
  const says = 'The glass of the lamp arrived broken. I would like a refund or another one.';
  return {
    channel: 'support-mail', customer: 'Liam Doyle', says,
    proof: 'HMAC-SHA256 of timestamp and token with the signing key, in the form that Mailgun posts',
    send: async () => `${(await deliver(sign.mailgun({ from, name: 'Liam Doyle', subject: 'Broken lamp', text: says }))).status}`,
    answer: 'I am sorry, Liam. A new glass leaves today, keep the old one.',
    arrived: async () => {
      const mail = await doubles.mailgun.next((message) => message.to.includes(from));
      return `Mailgun took "${mail.subject}" for ${mail.to}, in reply to ${mail.inReplyTo}`;
    },
  };
}

function postbox({ secrets, doubles }) {
  const from = `ines.${word()}@mail.example`;
  const says = 'Which lamp do you recommend for a reading corner?';
  const content = mailText({ from: `"Ines Ferrer" <${from}>`, to: secrets.postbox.address, subject: 'A reading corner', messageId: `<${word()}@mail.example>`, text: says });
  return {
    channel: 'postbox', customer: 'Ines Ferrer', says,
    proof: 'handed over by LMTP, as the mail server next door does',
    send: async () => {
      const relay = await MailSender.connect(secrets.postbox.port);
      const [code] = await relay.mail({ from, to: [secrets.postbox.address], content });
      await relay.quit();
      if (code !== 250) throw new Error(`the mail listener answered ${code}`);
      return `${code}`;
    },
    answer: 'Take the Aro floor lamp: warm light, and the arm turns over the page.',
    arrived: async () => {
      const mail = await doubles.smtp.next((message) => message.envelopeTo.includes(from));
      return `the mail server took "${mail.subject}" for ${from}, reply address ${mail.replyTo || mail.from}`;
    },
  };
}

function webchat({ engine }) {
  const says = 'Can I talk to a person about the price of two lamps?';
  let visitor;
  return {
    channel: 'webchat', customer: 'a visitor of the shop', says,
    proof: 'a WebSocket with a visitor token that the engine gave out',
    send: async () => {
      visitor = await Visitor.arrive(engine);
      return `acknowledged as number ${(await visitor.say(says)).number}`;
    },
    answer: 'You are talking to one. Two of them are ten percent off.',
    arrived: async () => {
      const message = await visitor.answer();
      visitor.cut();
      return `the visitor reads it, signed "${message.name}"`;
    },
  };
}

function forum({ deliver, sign, doubles }) {
  const topic = Number(digits(8));
  const says = 'Does anybody know how to dim the Luna with two switches?';
  return {
    channel: 'forum', customer: 'Ada Byron', says,
    proof: 'HMAC-SHA256 of the body with the hook\'s secret, in X-Discourse-Event-Signature',
    send: async () => `${(await deliver(sign.discourse({ id: topic + 1, topic, userId: topic, username: `ada${word()}`, name: 'Ada Byron', title: 'Luna and two switches', text: says }))).status}`,
    answer: 'Set both switches to memory mode, then pair them with the same bulb.',
    arrived: async () => `Discourse took a post into topic ${(await doubles.discourse.next((post) => post.topic === String(topic))).topic}`,
  };
}

function contact({ shop }) {
  const says = 'Please change the delivery address of my order.';
  return {
    channel: 'api', customer: 'Omar Haddad', says,
    proof: 'a bearer token of the shop, and an Idempotency-Key',
    send: async () => {
      const answer = await shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `omar.${word()}@mail.example`, name: 'Omar Haddad', subject: 'Change of address', text: says, attributes: { topic: 'order', order: `L-${digits(5)}` } }, { 'Idempotency-Key': word() });
      if (answer.status !== 202) throw new Error(`the engine answered ${answer.status}: ${answer.text}`);
      return `202, ticket ${answer.body.ticket}`;
    },
    answer: null,
    note: 'Address changed in the shop.',
  };
}

function helpline({ deliver, sign, doubles, engine }) {
  const from = `+3461${digits(7)}`;
  let sid;
  return {
    channel: 'helpline', customer: `a caller, ${from}`, says: '(rings)',
    proof: 'HMAC-SHA1 of the address and the sorted fields with the auth token, in X-Twilio-Signature',
    send: async () => {
      const request = sign.call({ from });
      sid = request.sid;
      const answer = await deliver(request);
      const greeting = /<Say\b[^>]*>([^<]+)/.exec(answer.text)?.[1] ?? '?';
      const wait = /waitUrl="([^"]*)"/.exec(answer.text)?.[1].replaceAll('&amp;', '&') ?? '/';
      const { pathname, search } = new URL(wait, engine.url);
      const music = await deliver(sign.twilio(pathname + search, { CallSid: sid, CallStatus: 'in-progress', From: from, QueuePosition: '1', QueueTime: '2', CurrentQueueSize: '1' }));
      return `200, the caller hears "${greeting}" and, waiting, "${/<Say\b[^>]*>([^<]+)/.exec(music.text)?.[1] ?? 'music'}"`;
    },
    answer: null,
    arrived: async () => {
      const redirect = await doubles.twilio.next((each) => each.call === sid);
      return `Twilio redirects the call: ${/<Number[^>]*>[^<]*<\/Number>/.exec(redirect.twiml ?? '')?.[0] ?? redirect.url}`;
    },
    end: () => deliver(sign.twilio('/webhooks/helpline/after-queue', { CallSid: sid, CallStatus: 'completed', From: from, QueueResult: 'redirected', QueueTime: '4' }))
      .then(() => engine.anyone.deliver(sign.twilio('/webhooks/helpline/status', { CallSid: sid, CallStatus: 'completed', From: from, CallDuration: '42', SequenceNumber: '3' }))),
  };
}

function whatsappAgain({ deliver, sign, doubles, shop, nadia: from }) {
  const says = 'One more thing: which dimmer fits the new lamp?';
  return {
    channel: 'whatsapp', customer: 'Nadia Rahal, who has bought something meanwhile', says,
    before: async () => {
      const { customer } = await shop.customer(`phone:+${from}`);
      await shop.expect(200, 'POST', `/api/v1/customers/${customer.id}/events`, { event: 'order_placed', data: { total: 2600, country: 'ES' } });
      const { customer: now } = await shop.customer(`phone:+${from}`);
      return `the shop reports an order of 2600; she was ${customer.segments.value} and ${customer.stage}, now she is ${now.segments.value} and ${now.stage}`;
    },
    proof: 'her ticket was resolved a moment ago: it goes on, with the agent who knows her first',
    send: async () => `${(await deliver(sign.whatsapp({ from, name: 'Nadia Rahal', text: says }))).status}`,
    answer: 'The Nubo dimmer, and it is on its way with your order.',
    arrived: async () => `Graph API took a text for ${(await doubles.graph.next((message) => message.to.replace('+', '') === from)).to}`,
  };
}
