import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Visitor } from './support/chat.mjs';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshId, freshNumber, Signer } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const routing = (selfService) => ({
  routes: [{ name: 'phone calls', when: { 'channel.kind': 'phone' }, queue: 'calls', script: 'call' }],
  fallback: { queue: 'general' },
  self_service: selfService,
});
const settings = { confidence: 0.8, channels: ['chat', 'email', 'social'], exclude: { value: 'regular', when: { 'customer.tags': 'press' } }, hold: '10m' };
const pages = {
  'faq/returns.md': '---\nid: returns\nfor: { language: en }\nquestions: [how do I send a lamp back, can I return a lamp]\n---\n# Sending it back\nUse **the label** in the box.\n',
  'faq/regulars.md': '---\nid: secret\nfor: { language: en, segment.value: regular }\nquestions: [what is my discount]\n---\n# Your discount\nTen percent.\n',
};
const question = 'How do I send a lamp back?';

describe('self-service answers', () => {
  const sign = new Signer();
  let engine;
  let ann;
  let sam;
  before(async () => {
    engine = await Engine.start({ pages, rules: { routing: routing(settings) } });
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });

  const page = async (path, options) => {
    const answer = await fetch(new URL(path, engine.url), options);
    return { status: answer.status, text: await answer.text() };
  };
  const post = (path, fields) => page(path, { method: 'POST', body: new URLSearchParams(fields) });
  const ticketOf = async (text) => (await sam.expect(200, 'GET', '/api/v1/tickets?limit=200')).tickets.find((each) => each.subject === text);
  const report = async (query = '') => (await sam.expect(200, 'GET', `/api/v1/reports/self-service${query}`)).rows;

  /** A visitor who asks, and what came of it. */
  async function asks(text) {
    const visitor = await Visitor.arrive(engine);
    await visitor.say(text);
    return visitor;
  }
  async function answered(text = question) {
    const visitor = await asks(text);
    const answer = await visitor.answer((frame) => frame.survey?.choices);
    return { visitor, answer };
  }

  it('answer in the web chat, and end the ticket without an agent where they helped', async () => {
    const { visitor, answer } = await answered();
    assert.match(answer.text, /This may answer your question:[^]*the label/);
    assert.equal(answer.automatic, true);
    assert.deepEqual(answer.survey.choices.map((each) => each.label), ['That helped', 'I want a person']);
    const ticket = await ticketOf(question);
    assert.equal(ticket.status, 'waiting');
    assert.equal(ann.desk.left.filter((frame) => frame.type === 'offer').length, 0, 'no agent is offered it');

    await visitor.say('That helped');
    await visitor.answer((frame) => /Good to hear/.test(frame.text));
    const { ticket: over, entries } = await sam.ticket(ticket.id);
    assert.equal(over.status, 'resolved');
    const resolved = entries.find((each) => each.kind === 'resolved');
    assert.equal(resolved.disposition, 'self_service');
    assert.equal(resolved.agent, undefined);
    assert.equal(entries.filter((each) => each.kind === 'contact').length, 1, 'a click is no contact');
    const sent = entries.find((each) => each.self_service);
    assert.equal(sent.kind, 'reply');
    assert.equal(sent.self_service.article, 'returns');
    assert.ok(sent.self_service.confidence >= 0.8 && sent.self_service.confidence <= 1);

    visitor.cut();
    await visitor.closed();
    visitor.last = 0;
    const history = await visitor.connect();
    assert.deepEqual(history.filter((each) => each.from === 'customer').map((each) => each.text), [question, 'That helped']);
    assert.deepEqual(history[1].survey.choices, answer.survey.choices);

    await visitor.say('It still does not fit');
    const again = await ann.take((each) => each.id === ticket.id, 'who comes back gets a person');
    await ann.resolve(again, 'solved');
    visitor.cut();
  });

  it('lead to a person at once by the button, and by whatever else is said', async () => {
    const first = await answered();
    await first.visitor.say('I want a person');
    const taken = await ann.take((each) => each.channel_kind === 'chat', 'the ticket long before its hold is over');
    await first.visitor.answer((frame) => /A person will answer/.test(frame.text));
    await first.visitor.say('That helped');
    assert.equal((await ann.client.ticket(taken.id)).ticket.status, 'held', 'with an agent it is a word like any other');
    await ann.resolve(taken, 'solved');
    first.visitor.cut();

    const second = await answered();
    await second.visitor.say('The label is gone');
    const other = await ann.take((each) => each.channel_kind === 'chat');
    assert.equal((await ann.client.ticket(other.id)).contacts.length, 2);
    await ann.resolve(other, 'solved');
    second.visitor.cut();
  });

  it('are not given where it is not sure, not for them, or not wanted', async () => {
    for (const text of ['My kettle explodes when I sing to it', 'what is my discount']) {
      const visitor = await asks(text);
      const ticket = await ann.take((each) => each.subject === text, text);
      assert.ok((await ann.client.ticket(ticket.id)).entries.every((each) => !each.self_service));
      await ann.resolve(ticket, 'solved');
      visitor.cut();
    }
    const from = `${freshId('r')}@mail.example`;
    const root = await engine.login('root');
    await engine.anyone.deliver(sign.mailgun({ from, subject: 'hello', text: 'who is there' }));
    const known = await ann.take((each) => each.subject === 'hello');
    await root.expect(200, 'PATCH', `/api/v1/customers/${known.customer.id}`, { attributes: { orders: 3 } });
    await ann.resolve(known, 'solved');
    await engine.anyone.deliver(sign.mailgun({ from, subject: question, text: question }));
    const regular = await ann.take((each) => each.customer.id === known.customer.id, 'regulars are left to people');
    assert.ok((await ann.client.ticket(regular.id)).entries.every((each) => !each.self_service));
    await ann.resolve(regular, 'solved');

    const silent = `${freshId('r')}@mail.example`;
    await engine.anyone.deliver(sign.mailgun({ from: silent, subject: 'nothing more', text: 'please' }));
    const held = await ann.take((each) => each.subject === 'nothing more');
    await ann.client.expect(200, 'PUT', `/api/v1/customers/${held.customer.id}/do-not-contact`, { reason: 'asked for it' });
    await ann.resolve(held, 'solved');
    await engine.anyone.deliver(sign.mailgun({ from: silent, subject: question, text: question }));
    const unanswered = await ann.take((each) => each.customer.id === held.customer.id, 'nobody is held back without an answer');
    assert.ok((await ann.client.ticket(unanswered.id)).entries.every((each) => !each.self_service));
    await ann.resolve(unanswered, 'solved');
  });

  it('answer mails with signed links, which act only when a button is pressed', async () => {
    const mail = async () => {
      const from = `${freshId('m')}@mail.example`;
      await engine.anyone.deliver(sign.mailgun({ from, subject: question, text: 'Can I return a lamp?' }));
      const sent = await engine.doubles.mailgun.next((message) => message.to.includes(from));
      const { tickets } = await sam.expect(200, 'GET', `/api/v1/tickets?limit=200`);
      return { from, sent, ticket: tickets.find((each) => each.customer.id && each.channel_kind === 'email' && each.status === 'waiting'),
        helped: /\S+\/answers\/[\w-]+\?said=helped/.exec(sent.text)[0].replace(/^https?:\/\/[^/]+/, ''),
        person: /\S+\/answers\/[\w-]+\?said=person/.exec(sent.text)[0].replace(/^https?:\/\/[^/]+/, '') };
    };
    const one = await mail();
    assert.match(one.sent.text, /the label[^]*That helped[^]*I want a person[^]*just reply/);
    const { entries } = await sam.ticket(one.ticket.id);
    assert.ok(!JSON.stringify(entries).includes('/answers/'), 'who works on the ticket is not shown the links');
    const form = await page(one.helped);
    assert.equal(form.status, 200);
    assert.doesNotMatch(form.text, /<script/);
    assert.equal((await sam.ticket(one.ticket.id)).ticket.status, 'waiting', 'a program that looks into mails changes nothing');
    assert.equal((await post(one.helped, { said: 'maybe' })).status, 400);
    assert.equal((await page(one.helped.replace(/-\d+-/, '-99-'))).status, 403);
    assert.equal((await post(one.helped, { said: 'helped' })).status, 200);
    assert.equal((await sam.ticket(one.ticket.id)).ticket.status, 'resolved');
    assert.equal((await post(one.person, { said: 'person' })).status, 410);

    const two = await mail();
    assert.match((await post(two.person, { said: 'person' })).text, /A person will answer you/);
    const taken = await ann.take((each) => each.id === two.ticket.id);
    assert.equal((await post(two.helped, { said: 'helped' })).status, 409, 'somebody is at it');
    await ann.resolve(taken, 'solved');

    const three = await mail();
    await ann.desk.cut();
    await engine.kill();
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
    assert.equal((await post(three.person, { said: 'person' })).status, 200, 'what is held back survives a kill');
    await ann.resolve(await ann.take((each) => each.id === three.ticket.id), 'solved');
  });

  it('are answered by digits where there are no buttons', async () => {
    const ask = async (text) => {
      const from = freshNumber();
      const name = freshId('Digit');
      const write = (words) => engine.anyone.deliver(sign.whatsapp({ from, name, text: words }));
      const heard = (pattern) => engine.doubles.graph.next((message) => message.to.replace('+', '') === from && pattern.test(message.text));
      await write(text);
      const find = async () => (await sam.expect(200, 'GET', '/api/v1/tickets?limit=200')).tickets.find((each) => each.customer.name === name);
      return { write, heard, name, ticket: await eventually(find, 'the ticket') };
    };
    const one = await ask(question);
    await one.heard(/the label[^]*\n\n1 = That helped\n2 = I want a person\n\nOr just reply/);
    await one.write(' 1 ');
    await one.heard(/Good to hear/);
    const { ticket: over, entries } = await sam.ticket(one.ticket.id);
    assert.equal(over.status, 'resolved');
    assert.deepEqual(entries.filter((each) => each.kind === 'self_service').map((each) => [each.said, each.way]), [['helped', 'digits']]);
    assert.equal(entries.filter((each) => each.kind === 'contact').length, 1, 'a digit is no contact');

    const two = await ask(question);
    await two.heard(/1 = That helped/);
    await two.write('2');
    const taken = await ann.take((each) => each.customer.name === two.name, 'a person at once');
    await two.heard(/A person will answer/);
    await ann.resolve(taken, 'solved');

    const three = await ask(question);
    await three.heard(/1 = That helped/);
    await three.write('3');
    const other = await ann.take((each) => each.customer.name === three.name, 'another number is a contact like any other');
    assert.equal((await ann.client.ticket(other.id)).contacts.length, 2);
    await ann.resolve(other, 'solved');
  });

  it('leave to people whoever a condition names', async () => {
    const from = `${freshId('p')}@mail.example`;
    await engine.anyone.deliver(sign.mailgun({ from, subject: 'good day', text: 'we write for a paper' }));
    const known = await ann.take((each) => each.subject === 'good day');
    await ann.client.expect(200, 'PATCH', `/api/v1/customers/${known.customer.id}`, { tags: ['press'] });
    await ann.resolve(known, 'solved');
    await engine.anyone.deliver(sign.mailgun({ from, subject: question, text: question }));
    const left = await ann.take((each) => each.customer.id === known.customer.id, 'the press is left to people');
    assert.ok((await ann.client.ticket(left.id)).entries.every((each) => !each.self_service));
    await ann.resolve(left, 'solved');
  });

  it('are reported: what came of them, by article, channel and segment', async () => {
    const expected = { offered: 9, helped: 3, asked_for_person: 4, wrote_on: 2, said_nothing: 0, came_back: 0, too_recent: 3 };
    const [whole] = await report();
    for (const [column, count] of Object.entries(expected)) assert.equal(whole[column], count, `${column}: ${JSON.stringify(whole)}`);
    for (const by of ['article', 'channel', 'segment.value']) {
      const rows = await report(`?by=${by}`);
      for (const column of Object.keys(expected)) assert.equal(rows.reduce((all, row) => all + row[column], 0), whole[column], `${column} by ${by}`);
    }
    assert.deepEqual((await report('?by=article')).map((row) => row.group), ['returns']);
    assert.deepEqual((await report('?by=channel')).map((row) => row.offered), [3, 3, 3]);
    assert.equal((await sam.get('/api/v1/reports/volume?by=article')).status, 400);
    // A second after it helped nobody can have come back within a day; within a millisecond everybody has had the time.
    const [settled] = await report('?within=1ms');
    assert.equal(settled.too_recent, 0);
    const csv = (await sam.get('/api/v1/reports/self-service?format=csv')).text;
    assert.match(csv, /^from,until,offered,helped,asked_for_person,wrote_on,said_nothing,came_back,too_recent,helped_share,came_back_share\r\n/);
    const out = await new Promise((resolve) => {
      execFile(binary, ['report', 'self-service', '--store', join(engine.folder, 'store/kindred.db'), '--format', 'json'], (failed, text, err) => resolve(failed ? err : text));
    });
    assert.equal(JSON.parse(out).rows[0].offered, 9);
  });

  it('and /faq are switched off by the rules', async () => {
    assert.equal((await page('/faq')).status, 200);
    const root = await engine.login('root');
    const { hash } = await root.expect(200, 'GET', '/api/v1/rules');
    const { files } = await root.expect(200, 'GET', `/api/v1/rules/${hash}`);
    files['routing.yaml'] = JSON.stringify(routing({ faq: false }));
    await root.expect(200, 'POST', '/api/v1/rules/activate', { from: hash, files });
    for (const path of ['/faq', '/faq/returns', '/faq?q=lamp']) assert.equal((await page(path)).status, 404, path);
    assert.equal((await post('/faq/returns', { question: 'hello', email: 'a@mail.example' })).status, 404);
    const visitor = await asks(question);
    const ticket = await ann.take((each) => each.channel_kind === 'chat', 'a person, since articles answer nobody now');
    await ann.resolve(ticket, 'solved');
    visitor.cut();
  });
});
