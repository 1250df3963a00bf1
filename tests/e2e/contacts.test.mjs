import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Agent } from './support/desk.mjs';
import { Engine, root } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';
import { freshId } from './support/sign.mjs';

const path = '/api/v1/contacts';

describe('contacts over the API', () => {
  let engine;
  let ann;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
  });
  const contact = (more) => ({ channel: { name: 'api' }, from: `${freshId('c')}@mail.example`, text: 'from the shop', ...more });

  it('routes a contact and says which ticket it became', async () => {
    const answer = await engine.shop.post(path, contact({ subject: 'Through the API' }));
    assert.equal(answer.status, 202, answer.text);
    assert.equal(answer.body.duplicate, false);
    const ticket = await ann.take((each) => each.id === answer.body.ticket);
    assert.equal(ticket.subject, 'Through the API');
    assert.equal(ticket.channel_kind, 'api');
    await ann.resolve(ticket);
  });

  it('takes what the README hands in, as it stands there', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const command = /^ *curl (?:.*\\\n)*.*$/m.exec(readme)[0].replace('http://127.0.0.1:8080', engine.url).replace(/demo-shop-token-\w+/, secrets.shopToken);
    const { stdout } = await promisify(execFile)('sh', ['-c', command]);
    const said = JSON.parse(stdout);
    assert.ok(said.ticket, stdout);
    await ann.resolve(await ann.take((each) => each.id === said.ticket));
  });

  it('gives the same answer to the same Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': freshId('k') };
    const content = contact({ subject: 'One key' });
    const first = await engine.shop.post(path, content, key);
    const second = await engine.shop.post(path, content, key);
    assert.equal(first.status, 202);
    assert.equal(second.status, 202);
    assert.equal(second.body.ticket, first.body.ticket);
    const ticket = await ann.take((each) => each.id === first.body.ticket);
    const { contacts } = await ann.client.ticket(ticket.id);
    assert.equal(contacts.length, 1);
    await ann.resolve(ticket);
  });

  it('knows a contact by its message_id', async () => {
    const content = contact({ message_id: freshId('order-') });
    const first = await engine.shop.post(path, content);
    const second = await engine.shop.post(path, content);
    assert.equal(second.body.ticket, first.body.ticket);
    assert.equal(second.body.duplicate, true);
    await ann.resolve(await ann.take((each) => each.id === first.body.ticket));
  });

  it('goes on in the open ticket of a conversation', async () => {
    const from = `email:${freshId('c')}@mail.example`;
    const conversation = freshId('conv');
    const first = await engine.shop.post(path, contact({ from, conversation, text: 'one' }));
    const second = await engine.shop.post(path, contact({ from, conversation, text: 'two' }));
    assert.equal(second.body.ticket, first.body.ticket);
    assert.notEqual(second.body.entry, first.body.entry);
    await ann.resolve(await ann.take((each) => each.id === first.body.ticket));
  });

  it('routes by the attributes of the contact, to those with the skill', async () => {
    const [carla, dan] = [await Agent.arrive(engine, 'carla'), await Agent.arrive(engine, 'dan')];
    const answer = await engine.shop.post(path, contact({ attributes: { topic: 'expert' } }));
    const offer = await carla.offer((each) => each.id === answer.body.ticket);
    assert.equal(offer.ticket.queue, 'experts');
    assert.equal(offer.why.route, 'expert questions');
    assert.ok(!dan.desk.left.some((frame) => frame.type === 'offer'));
    const why = await carla.client.expect(200, 'GET', `/api/v1/tickets/${answer.body.ticket}/explain?agent=${dan.id}`);
    assert.match(JSON.stringify(why), /lamps/);
    await carla.resolve(await carla.accept(offer));
    await carla.leave();
    await dan.leave();
  });

  it('names the field that is wrong', async () => {
    const faults = [
      [contact({ text: 5 }), /text/], [contact({ colour: 'red' }), /colour/], [contact({ to: { a: 1 } }), /to/],
      [contact({ channel: { name: 'nowhere' } }), /channel/], [contact({ received_at: 'yesterday' }), /received_at/],
      [contact({ attributes: 'none' }), /attributes/], [contact({ attachments: -1 }), /attachments/],
    ];
    for (const [content, field] of faults) {
      const answer = await engine.shop.post(path, content);
      assert.equal(answer.status, 400, `${JSON.stringify(content)}: ${answer.text}`);
      assert.match(answer.headers.get('content-type'), /problem\+json/);
      assert.match(answer.body.detail, field);
    }
  });

  it('is closed without a token, and to the token of an agent', async () => {
    assert.equal((await engine.anyone.post(path, contact({}))).status, 401);
    assert.equal((await ann.client.post(path, contact({}))).status, 403);
  });
});
