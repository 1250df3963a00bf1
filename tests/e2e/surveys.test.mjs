import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Visitor } from './support/chat.mjs';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const csat = { kind: 'csat', text: { en: 'How satisfied are you?', es: '¿Está satisfecho?' } };
const nps = { kind: 'nps', text: 'How likely are you to recommend us?' };
const loves = { kind: 'preference', name: 'loves', text: 'What do you love?', options: { light: { en: 'The light', es: 'La luz' }, price: 'The price' } };
const why = { kind: 'text', name: 'why', text: { en: 'What <b>frustrates</b> you?', es: '¿Qué le molesta?' } };
const surveys = { surveys: [
  { name: 'rare', when: { 'channel.kind': 'api' }, ask: [csat], share: '0%', shares: { value: { regular: '100%' } }, seed: 5 },
  { name: 'how we did', when: { 'channel.kind': ['email', 'chat', 'social', 'phone', 'forum'], 'ticket.disposition': { not: 'spam' } }, ask: [csat, nps, loves, why], at_most_every: '30d' },
] };

describe('surveys', () => {
  const sign = new Signer();
  let engine;
  let ann;
  let sam;
  before(async () => {
    engine = await Engine.start({ rules: { surveys, site: { site: { timezone: 'UTC', languages: ['en', 'es'], default_language: 'en' } } } });
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });

  const page = async (path, options) => {
    const answer = await fetch(new URL(path, engine.url), options);
    return { status: answer.status, text: await answer.text(), policy: answer.headers.get('content-security-policy'), cache: answer.headers.get('cache-control') };
  };
  const post = (path, fields) => page(path, { method: 'POST', body: new URLSearchParams(fields) });
  const linkIn = (text) => /\/surveys\/[\w-]+/.exec(text)?.[0];
  const answersOf = async (ticket) => (await ann.client.ticket(ticket.id)).survey.answers;

  /** A mail that is resolved; gives the ticket and the path of the survey's page. */
  async function asked(more = {}) {
    const from = `${freshId('s')}@mail.example`;
    const subject = freshId('Broken lamp');
    await engine.anyone.deliver(sign.mailgun({ from, subject, text: 'It came in two pieces.', ...more }));
    const ticket = await ann.take((each) => each.subject === subject);
    await ann.resolve(ticket, 'solved');
    const sent = await engine.doubles.mailgun.next((message) => message.to.includes(from));
    return { from, ticket, sent, path: linkIn(sent.text) };
  }
  const report = async (query = '') => (await sam.expect(200, 'GET', `/api/v1/reports/satisfaction${query}`)).rows;

  it('asks by a signed link in a mail, takes one answer, and shows it wherever the customer is shown', async () => {
    const { from, ticket, sent, path } = await asked();
    assert.match(sent.text, /How did we do\?/);
    assert.match(sent.subject, /Broken lamp/);
    const { entries } = await ann.client.ticket(ticket.id);
    const line = entries.find((each) => each.kind === 'survey');
    assert.equal(line.asked, true);
    assert.ok(!JSON.stringify(entries).includes('/surveys/'), 'who works on the ticket is not shown the link');

    const form = await page(path);
    assert.equal(form.status, 200);
    assert.match(form.policy, /default-src 'none'/);
    assert.match(form.cache, /no-store/);
    assert.match(form.text, /How satisfied are you\?/);
    assert.match(form.text, /What &lt;b&gt;frustrates&lt;\/b&gt; you\?/);
    assert.doesNotMatch(form.text, /<script/);
    for (const wrong of [{}, { csat: '6' }, { csat: '0' }, { nps: '11' }, { loves: '3' }, { csat: 'four' }, { other: '4' }])
      assert.equal((await post(path, wrong)).status, 400, JSON.stringify(wrong));
    assert.equal((await post(path, { why: 'x'.repeat(4001) })).status, 413);
    assert.deepEqual(await answersOf(ticket), [], 'nothing that is wrong has changed anything');

    const thanks = await post(path, { csat: '5', nps: '9', loves: '2', why: '<i>Nothing</i>, but my card is 4111 1111 1111 1111' });
    assert.equal(thanks.status, 200);
    assert.deepEqual(await answersOf(ticket), [
      { question: 'csat', kind: 'csat', value: 5 },
      { question: 'nps', kind: 'nps', value: 9 },
      { question: 'loves', kind: 'preference', choice: 'price', text: 'The price' },
      { question: 'why', kind: 'text', text: '<i>Nothing</i>, but my card is **** **** **** 1111' },
    ]);
    const { customer, surveys: kept } = await ann.client.customer(`email:${from}`);
    assert.equal(customer.satisfaction, 5);
    assert.equal(kept[0].ticket, ticket.id);
    assert.equal(kept[0].survey.name, 'how we did');

    for (const again of [await page(path), await post(path, { csat: '1' })]) {
      assert.equal(again.status, 410);
      assert.match(again.text, /have been answered already/);
    }
    assert.equal((await answersOf(ticket)).length, 4);
  });

  it('takes no link that it has not signed', async () => {
    const { ticket, path } = await asked();
    const [, id, entry, until] = /\/surveys\/(\d+)-(\d+)-(\d+)-/.exec(path);
    const forged = [path.slice(0, -2) + (path.endsWith('AA') ? 'BB' : 'AA'), path.replace(`/${id}-`, `/${Number(id) - 1}-`), path.replace(`-${entry}-`, `-${Number(entry) + 1}-`),
      path.replace(until, String(Number(until) + 1)), '/surveys/', '/surveys/1', '/surveys/1-2-3-', `/surveys/${'9'.repeat(200)}`];
    for (const each of forged) {
      assert.equal((await page(each)).status, 403, each);
      assert.equal((await post(each, { csat: '1' })).status, 403, each);
    }
    assert.deepEqual(await answersOf(ticket), []);
    assert.equal((await page(path)).status, 200);
    assert.equal((await page(path, { method: 'DELETE' })).status, 405);
  });

  it('takes two answers at once as one', async () => {
    const { ticket, path } = await asked();
    const both = await Promise.all([post(path, { csat: '4' }), post(path, { csat: '2' })]);
    assert.deepEqual(both.map((each) => each.status).sort(), [200, 410]);
    assert.equal((await answersOf(ticket)).length, 1);
  });

  it('asks nobody twice within the time, nor whom nobody may write to, nor where a machine must not', async () => {
    const { from } = await asked();
    await engine.anyone.deliver(sign.mailgun({ from, subject: 'Once more', text: 'And another one.' }));
    const second = await ann.take((each) => each.subject === 'Once more');
    await ann.resolve(second, 'solved');
    assert.equal((await ann.client.ticket(second.id)).survey, null);

    const silent = `${freshId('s')}@mail.example`;
    await engine.anyone.deliver(sign.mailgun({ from: silent, subject: 'Leave me alone', text: 'please' }));
    const held = await ann.take((each) => each.subject === 'Leave me alone');
    await ann.client.expect(200, 'PUT', `/api/v1/customers/${held.customer.id}/do-not-contact`, { reason: 'asked for it' });
    await ann.resolve(held, 'solved');
    const { survey, entries } = await ann.client.ticket(held.id);
    assert.equal(survey, null);
    assert.match(entries.find((each) => each.kind === 'survey_skipped').reason, /do_not_contact/);
  });

  it('asks as the rules say by how a ticket was resolved, and not after those of an incident', async () => {
    for (const [disposition, incident] of [['spam', false], ['solved', true]]) {
      const from = `${freshId('s')}@mail.example`;
      const subject = freshId('Buy now');
      await engine.anyone.deliver(sign.mailgun({ from, subject, text: 'cheap' }));
      const held = await ann.take((each) => each.subject === subject);
      if (incident) await sam.expect(201, 'POST', '/api/v1/incidents', { title: 'The shop is down', tickets: [held.id] });
      await ann.resolve(held, disposition);
      const { survey, entries } = await ann.client.ticket(held.id);
      assert.equal(survey, null, disposition);
      assert.ok(!entries.some((each) => each.kind.startsWith('survey')), disposition);
    }
  });

  it('speaks the customer\'s language, then the default', async () => {
    const from = `${freshId('s')}@mail.example`;
    await engine.anyone.deliver(sign.mailgun({ from, subject: 'Hola', text: 'Hola' }));
    const ticket = await ann.take((each) => each.subject === 'Hola');
    await ann.client.expect(200, 'PATCH', `/api/v1/customers/${ticket.customer.id}`, { language: 'es' });
    await ann.resolve(ticket, 'solved');
    const sent = await engine.doubles.mailgun.next((message) => message.to.includes(from));
    assert.match(sent.text, /¿Cómo lo hicimos\?/);
    const form = await page(linkIn(sent.text));
    assert.match(form.text, /<html lang="es">/);
    assert.match(form.text, /¿Está satisfecho\?/);
    assert.match(form.text, /How likely are you to recommend us\?/, 'what is said in one language is said to all');
    assert.match(form.text, /La luz/);
  });

  it('takes a number by WhatsApp for an answer, and everything else for a contact', async () => {
    const from = freshNumber();
    const name = `W ${from}`;
    const write = (text) => engine.anyone.deliver(sign.whatsapp({ from, name, text }));
    const heard = (pattern) => engine.doubles.graph.next((message) => message.to.replace('+', '') === from && pattern.test(message.text));
    await write('Where is my order?');
    const ticket = await ann.take((each) => each.customer.name === name);
    await write('4');
    await eventually(async () => (await ann.client.ticket(ticket.id)).contacts.length === 2, 'a number before anybody asked is a contact');
    await ann.resolve(ticket, 'solved');
    await heard(/How satisfied are you\?[^]*from 1 to 5/);
    const contacts = await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'accepted' });
    await write(' 4 ');
    await heard(/How likely[^]*from 0 to 10/);
    await write('3');
    await heard(/1 = The light\n2 = The price/);
    assert.equal((await ann.client.ticket(ticket.id)).ticket.status, 'resolved');
    await write('2');
    const last = await heard(/Thank you.*say more/);
    assert.deepEqual((await answersOf(ticket)).map((each) => each.value ?? each.choice), [4, 3, 'price']);
    assert.equal((await ann.client.ticket(ticket.id)).contacts.length, 2);
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'whatsapp', outcome: 'accepted' }), contacts + 3, 'each has its one outcome');

    const form = await page(linkIn(last.text));
    assert.doesNotMatch(form.text, /How satisfied/, 'what is answered is not asked again');
    assert.equal((await post(linkIn(last.text), { why: 'the wait' })).status, 200);
    assert.equal((await answersOf(ticket)).at(-1).text, 'the wait');

    await write('5');
    const again = await ann.take((each) => each.customer.name === name, 'no question is open: a contact');
    await ann.resolve(again, 'solved');
  });

  it('shows buttons in the web chat, also to who comes back', async () => {
    const visitor = await Visitor.arrive(engine);
    await visitor.say('Do you ship to Peru?');
    const ticket = await ann.take((each) => each.channel_kind === 'chat');
    await ann.resolve(ticket, 'solved');
    const question = await visitor.answer((frame) => frame.survey?.choices);
    assert.equal(question.text, 'How satisfied are you?');
    assert.deepEqual(question.survey.choices.map((each) => each.value), ['1', '2', '3', '4', '5']);
    assert.equal(question.survey.low, 'very dissatisfied');
    visitor.cut();
    await visitor.closed();
    visitor.last = 0;
    const history = await visitor.connect();
    assert.deepEqual(history.at(-1).survey.choices, question.survey.choices);
    await visitor.say('5');
    await visitor.answer((frame) => /recommend/.test(frame.text));
    await visitor.say('10');
    const options = await visitor.answer((frame) => /love/.test(frame.text));
    assert.deepEqual(options.survey.choices.map((each) => each.label), ['The light', 'The price']);
    await visitor.say('1');
    const thanks = await visitor.answer((frame) => frame.survey?.page);
    assert.match(thanks.text, /Thank you/);
    assert.equal((await page(thanks.survey.page)).status, 200);
    assert.equal((await ann.client.ticket(ticket.id)).ticket.status, 'resolved');
    visitor.cut();
    await visitor.closed();
    visitor.last = 0;
    const whole = await visitor.connect();
    assert.deepEqual(whole.filter((each) => each.from === 'customer').map((each) => each.text), ['Do you ship to Peru?', '5', '10', 'The light']);
    assert.match(whole.at(-1).survey.page, /^\/surveys\//);
    await visitor.say('One more thing');
    await ann.resolve(await ann.take((each) => each.channel_kind === 'chat'), 'solved');
    visitor.cut();
  });

  it('waits for no visitor who left, and is there for one who comes back', async () => {
    const visitor = await Visitor.arrive(engine);
    await visitor.say('Do you ship to Chile?');
    const ticket = await ann.take((each) => each.channel_kind === 'chat');
    visitor.cut();
    await visitor.closed();
    await ann.resolve(ticket, 'solved');
    await eventually(async () => {
      const { entries, deliveries } = await ann.client.ticket(ticket.id);
      const line = entries.find((each) => each.kind === 'survey');
      return deliveries.some((each) => each.entry === line.number && each.state === 'failed');
    }, 'the message to be settled');
    const history = await visitor.connect();
    assert.equal(history.at(-1).survey.choices.length, 5);
    await visitor.say('3');
    await eventually(async () => (await answersOf(ticket)).length === 1, 'the answer');
    visitor.cut();
  });

  it('takes samples of single segments', async () => {
    const bring = async (orders) => {
      const from = `${freshId('s')}@mail.example`;
      const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text: 'hello' });
      const held = await ann.take((each) => each.id === ticket);
      if (orders === undefined) await ann.resolve(held, 'solved');
      else {
        await ann.client.expect(200, 'PATCH', `/api/v1/customers/${held.customer.id}`, { attributes: { orders } });
        await ann.resolve(held, 'solved');
        const { ticket: next } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text: 'again' });
        await ann.resolve(await ann.take((each) => each.id === next), 'solved');
        return next;
      }
      return ticket;
    };
    assert.equal((await ann.client.ticket(await bring())).survey, null, 'a newcomer is in no sample');
    assert.equal((await ann.client.ticket(await bring(1))).survey?.name, 'rare');
  });

  it('survives a kill: the link still opens, once', async () => {
    const { ticket, path } = await asked();
    const fresh = await asked();
    assert.equal((await post(path, { csat: '4' })).status, 200);
    await ann.desk.cut();
    await engine.kill();
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
    assert.equal((await post(path, { csat: '1' })).status, 410);
    assert.equal((await answersOf(ticket))[0].value, 4);
    assert.equal((await post(fresh.path, { csat: '3' })).status, 200);
  });

  it('reports satisfaction by groups', async () => {
    const [whole] = await report();
    assert.ok(whole.asked >= 6 && whole.answered >= 5, JSON.stringify(whole));
    assert.ok(whole.csat > 0 && whole.csat <= 1 && whole.csat_mean >= 1 && whole.csat_mean <= 5);
    assert.ok(whole.nps >= -100 && whole.nps <= 100);
    assert.equal(whole.promoters, 2, 'the 9 by mail and the 10 in the chat');
    assert.equal(whole.detractors, 1, 'the 3 by WhatsApp');
    for (const by of ['channel', 'queue', 'agent', 'segment.value', 'stage', 'route', 'script']) {
      const rows = await report(`?by=${by}`);
      const sum = (column) => rows.reduce((all, row) => all + row[column], 0);
      for (const column of ['asked', 'answered', 'csat_answers', 'satisfied', 'nps_answers']) assert.equal(sum(column), whole[column], `${column} by ${by}`);
    }
    assert.deepEqual((await report('?by=agent')).map((row) => row.name), ['Ann Archer']);
    const channels = await report('?by=channel');
    assert.deepEqual(channels.filter((row) => row.nps_answers > 0).map((row) => [row.group, row.nps]), [['support-mail', 100], ['webchat', 100], ['whatsapp', -100]]);
    const csv = (await sam.get('/api/v1/reports/satisfaction?format=csv')).text;
    assert.match(csv, /^from,until,asked,answered,csat_answers,satisfied,nps_answers,promoters,detractors,ces_answers,csat,csat_mean,nps,ces_mean\r\n/);
    const study = (await sam.expect(200, 'GET', '/api/v1/reports/segments')).statistics;
    const outcomes = new Set(study.comparisons.map((each) => each.outcome));
    for (const outcome of ['satisfaction', 'nps', 'preference.loves']) assert.ok(outcomes.has(outcome), `${outcome} in ${[...outcomes]}`);
  });

  it('forgets the answers with the person, and hands them out before', async () => {
    const { from, ticket, path } = await asked();
    await post(path, { why: 'a secret grudge' });
    const { customer } = await ann.client.customer(`email:${from}`);
    const root = await engine.login('root');
    const given = await root.get(`/api/v1/customers/${customer.id}/export`);
    assert.match(given.text, /"kind":"survey_answer".*a secret grudge/);
    const erased = await eventually(async () => {
      const answer = await root.delete(`/api/v1/customers/${customer.id}`, { 'Idempotency-Key': freshId('e') });
      return answer.status === 409 ? null : answer;
    }, 'the mail to have left');
    assert.equal(erased.status, 200, erased.text);
    assert.equal((await page(path)).status, 410);
    assert.equal((await ann.client.get(`/api/v1/tickets/${ticket.id}`)).status, 404);
  });
});
