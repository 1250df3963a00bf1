import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('the articles are there for everybody', () => {
  let engine;
  let ann;
  let sam;
  before(async () => {
    engine = await Engine.start({ pages: {
      'faq/returns.md': '---\nid: returns\nfor: { language: en, stage: established }\nquestions: [how do I send it back]\n---\n# Sending it back\nUse **the label**. <b>No</b> tape.\n',
      'faq/envios.md': '---\nid: order-status\nfor: { language: es }\n---\n# ¿Dónde está mi pedido?\nSale en dos días.\n',
      'faq/vip.md': '---\nid: for-regulars\nfor: { language: en, segment.value: regular }\n---\n# Only for regulars\nA secret discount.\n',
    }, rules: { site: { site: { languages: ['en', 'es'], default_language: 'en' } } } });
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const page = async (path, options) => {
    const answer = await fetch(`${engine.url}${path}`, options);
    return { status: answer.status, text: await answer.text(), policy: answer.headers.get('content-security-policy') };
  };
  const post = (path, fields) => page(path, { method: 'POST', body: new URLSearchParams(fields) });

  it('by stage and language, and found by words', async () => {
    const all = await page('/faq');
    assert.equal(all.status, 200);
    assert.match(all.policy, /default-src 'none'/);
    assert.match(all.text, /Where is my order\?/);
    assert.match(all.text, /Sending it back/);
    assert.doesNotMatch(all.text, /Only for regulars/, 'who is not known is not a regular');
    assert.equal((await page('/faq/for-regulars')).status, 404);
    assert.doesNotMatch((await page('/faq?stage=considering')).text, /Sending it back/);
    assert.match((await page('/faq?stage=established')).text, /Sending it back/);
    assert.match((await page('/faq?language=es')).text, /¿Dónde está mi pedido\?/);
    assert.match((await page('/faq', { headers: { 'Accept-Language': 'es-MX,en;q=0.5' } })).text, /Preguntas y respuestas/);
    const found = await page('/faq?q=send+it+back');
    assert.match(found.text, /Sending it back/);
    assert.match((await page('/faq?q=%3Cscript%3Ezzzz')).text, /&lt;script&gt;zzzz/);
    const one = await page('/faq/returns');
    assert.match(one.text, /<strong>the label<\/strong>\. <!-- raw HTML omitted -->No<!-- raw HTML omitted --> tape/);
    assert.equal((await page('/faq/nothing')).status, 404);
  });

  it('and say whether they helped, which the report counts', async () => {
    assert.equal((await post('/faq/order-status', { helped: 'yes' })).status, 200);
    assert.match((await post('/faq/order-status', { helped: 'no' })).text, /Ask a person/);
    assert.equal((await post('/faq/nothing', { helped: 'yes' })).status, 404);
    assert.equal((await post('/faq/order-status', { helped: 'perhaps' })).status, 400);
    await page('/faq/order-status');
    await eventually(async () => {
      const { rows } = await sam.expect(200, 'GET', '/api/v1/reports/texts');
      const row = rows.find((each) => each.kind === 'article' && each.id === 'order-status');
      return row.read >= 1 && row.customers_helped === 1 && row.customers_not_helped === 1;
    }, 'the counts');
  });

  it('and lead to a person, who sees the page', async () => {
    const email = `${freshId('f')}@mail.example`;
    assert.equal((await post('/faq/returns', { question: 'The label is gone', email: 'nobody' })).status, 400);
    assert.equal((await post('/faq/returns', { question: ' ', email })).status, 400);
    assert.equal((await post('/faq/returns', { question: 'The label is gone', email })).status, 200);
    const held = await ann.take((each) => each.subject === 'Sending it back', 'the question');
    const { entries } = await ann.client.ticket(held.id);
    const asked = entries.find((each) => each.kind === 'contact');
    assert.match(JSON.stringify(asked), /The label is gone.*\/faq\/returns/);
    await ann.client.expect(200, 'POST', `/api/v1/tickets/${held.id}/texts`, { id: 'order-status', what: 'helpful' });
    assert.equal((await ann.client.post(`/api/v1/tickets/${held.id}/texts`, { id: 'nothing', what: 'helpful' })).status, 404);
    assert.equal((await ann.client.post(`/api/v1/tickets/${held.id}/texts`, { id: 'welcome', what: 'loved' })).status, 400);
    await ann.client.expect(200, 'POST', `/api/v1/tickets/${held.id}/texts`, { id: 'welcome', what: 'used' });
    await ann.resolve(held, 'solved');
    const { rows } = await sam.expect(200, 'GET', '/api/v1/reports/texts');
    const welcome = rows.find((each) => each.kind === 'script' && each.id === 'welcome');
    assert.deepEqual([welcome.shown, welcome.used, welcome.resolved, welcome.resolved_for_good], [1, 1, 1, 1]);
    const article = rows.find((each) => each.kind === 'article' && each.id === 'order-status');
    assert.equal(article.helpful, 1);
    const never = rows.find((each) => each.id === 'expert');
    assert.equal(never.shown, 0, 'what exists has its row');
  });

  it('and where nothing fits is a gap', async () => {
    for (let i = 0; i < 2; i += 1)
      await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: freshId('g'), text: 'hola', language: 'es' });
    const { rows } = await sam.expect(200, 'GET', '/api/v1/reports/gaps');
    const [first] = rows.filter((each) => each.language === 'es');
    assert.deepEqual([first.missing, first.segments, first.stage, first.channel, first.contacts], ['script', 'value: newcomer', 'considering', 'api', 2]);
    const out = await new Promise((resolve) => {
      execFile(binary, ['gaps', '--store', join(engine.folder, 'store/kindred.db')], (failed, text, err) => resolve(failed ? err : text));
    });
    assert.deepEqual(JSON.parse(out).rows.filter((each) => each.language === 'es')[0], first);
  });
});
