import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('what is on record of customers', () => {
  let engine;
  let ann;
  let sam;
  before(async () => {
    engine = await Engine.start();
    ann = await Agent.arrive(engine, 'ann');
    sam = await engine.login('sam');
  });
  after(() => engine?.dispose());

  /** Somebody who wrote once and has a ticket. */
  async function newcomer(text = 'hello') {
    const from = `${freshId('c')}@mail.example`;
    const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from, text });
    const detail = await eventually(async () => {
      const found = await engine.shop.get(`/api/v1/customers?identity=${encodeURIComponent(`email:${from}`)}`);
      return found.status === 200 && found.body;
    }, 'the customer');
    return { id: detail.customer.id, from, ticket, path: `/api/v1/customers/${detail.customer.id}` };
  }
  const profile = (of) => engine.shop.expect(200, 'GET', of.path);

  describe('notes', () => {
    it('are for colleagues, pinned or not, and found by their words', async () => {
      const carl = await newcomer();
      const first = await ann.client.expect(201, 'POST', `${carl.path}/notes`, { text: 'Prefers **mornings**' });
      assert.equal(first.note, 1);
      await ann.client.expect(201, 'POST', `${carl.path}/notes`, { text: 'Alérgico a las nueces', pinned: true });
      const shown = await profile(carl);
      assert.deepEqual(shown.notes.map((each) => [each.number, each.pinned, each.by]), [[1, false, 'agent:ann'], [2, true, 'agent:ann']]);
      const found = await ann.client.expect(200, 'GET', `${carl.path}/notes?q=${encodeURIComponent('ALÉRGICO nueces')}`);
      assert.deepEqual(found.notes.map((each) => each.number), [2]);
    });

    it('are changed and removed by whoever wrote them, and by supervisors', async () => {
      const carl = await newcomer();
      await ann.client.expect(201, 'POST', `${carl.path}/notes`, { text: 'one' });
      const bo = await engine.login('bo');
      assert.equal((await bo.patch(`${carl.path}/notes/1`, { text: 'mine' })).status, 403);
      await ann.client.expect(200, 'PATCH', `${carl.path}/notes/1`, { text: 'one, corrected' });
      await sam.expect(200, 'PATCH', `${carl.path}/notes/1`, { pinned: true });
      const [note] = (await profile(carl)).notes;
      assert.deepEqual([note.text, note.pinned, note.by, note.changed_by], ['one, corrected', true, 'agent:ann', 'agent:sam']);
      await sam.expect(200, 'DELETE', `${carl.path}/notes/1`);
      assert.deepEqual((await profile(carl)).notes, []);
      assert.equal((await ann.client.expect(201, 'POST', `${carl.path}/notes`, { text: 'two' })).note, 2, 'numbers are not given twice');
      assert.equal((await sam.delete(`${carl.path}/notes/1`)).status, 404);
    });

    it('are refused when they say nothing or too much', async () => {
      const carl = await newcomer();
      assert.equal((await ann.client.post(`${carl.path}/notes`, { text: '  ' })).status, 400);
      assert.equal((await ann.client.post(`${carl.path}/notes`, { text: 'x'.repeat(10001) })).status, 400);
      assert.equal((await ann.client.post(`${carl.path}/notes`, { text: 'x', colour: 'red' })).status, 400);
      assert.equal((await ann.client.post('/api/v1/customers/999999/notes', { text: 'x' })).status, 404);
      assert.deepEqual((await profile(carl)).notes, []);
    });
  });

  it('changes once for each idempotency key', async () => {
    const carl = await newcomer();
    const key = { 'Idempotency-Key': freshId('key') };
    const first = await engine.shop.post(`${carl.path}/notes`, { text: 'from the CRM' }, key);
    const again = await engine.shop.post(`${carl.path}/notes`, { text: 'from the CRM' }, key);
    assert.deepEqual([first.status, first.body.note], [201, 1]);
    assert.deepEqual([again.body.note, again.body.repeated], [1, true]);
    assert.equal((await profile(carl)).notes.length, 1);
  });

  it('has a name, a language and tags beside the declared attributes', async () => {
    const carl = await newcomer();
    await engine.shop.expect(200, 'PATCH', carl.path, { name: 'Carl Castro', language: 'es', tags: ['wholesale'] });
    const { customer } = await profile(carl);
    assert.deepEqual([customer.name, customer.language, customer.tags], ['Carl Castro', 'es', ['wholesale']]);
    assert.equal(customer.attributes.orders.kind, 'behavioral', 'as the profile declares it');
    assert.equal((await engine.shop.patch(carl.path, {})).status, 400);
    assert.equal((await engine.shop.patch(carl.path, { language: 'Spanish' })).status, 400);
    assert.equal((await engine.shop.patch(carl.path, { tags: 'wholesale' })).status, 400);
    assert.equal((await engine.shop.patch(carl.path, { attributes: { nonsense: 1 }, name: 'Other' })).status, 404);
    assert.equal((await profile(carl)).customer.name, 'Carl Castro', 'what is refused changes nothing');
  });

  describe('merged with another', () => {
    it('goes on as that one, with identities, tickets and notes, and can be taken apart again', async () => {
      const home = await newcomer('from home');
      const work = await newcomer('from work');
      await engine.shop.expect(200, 'PATCH', home.path, { name: 'Dana Diaz', tags: ['early'] });
      await ann.client.expect(201, 'POST', `${home.path}/notes`, { text: 'has a dog' });
      await ann.client.expect(200, 'POST', `${home.path}/merge`, { into: work.id, reason: 'the same signature' });

      for (const path of [home.path, work.path, `/api/v1/customers?identity=${encodeURIComponent(`email:${home.from}`)}`]) {
        const seen = await engine.shop.expect(200, 'GET', path);
        assert.equal(seen.customer.id, work.id);
        assert.deepEqual(seen.customer.identities.map((each) => each.identity).sort(), [`email:${home.from}`, `email:${work.from}`].sort());
        assert.deepEqual(seen.tickets.map((each) => each.id).sort(), [home.ticket, work.ticket].sort());
        assert.deepEqual(seen.notes.map((each) => each.text), ['has a dog']);
        assert.deepEqual([seen.customer.merged_from, seen.customer.tags, seen.customer.contacts], [[home.id], ['early'], 2]);
      }
      const listed = await sam.expect(200, 'GET', `/api/v1/tickets?customer=${home.id}`);
      assert.deepEqual(listed.tickets.map((each) => each.id).sort(), [home.ticket, work.ticket].sort());

      // Who writes from either address is one person.
      const { ticket } = await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: home.from, text: 'again' });
      await eventually(async () => (await profile(work)).tickets.some((each) => each.id === ticket), 'the new ticket');

      await ann.client.expect(200, 'POST', `${home.path}/unmerge`, { reason: 'two sisters' });
      const apart = await profile(home);
      assert.deepEqual([apart.customer.id, apart.customer.name], [home.id, 'Dana Diaz']);
      assert.deepEqual(apart.tickets.map((each) => each.id), [home.ticket]);
      assert.deepEqual(apart.notes.map((each) => each.text), ['has a dog']);
      const other = await profile(work);
      assert.deepEqual(other.customer.identities.map((each) => each.identity), [`email:${work.from}`]);
      assert.deepEqual([other.customer.tags, other.customer.merged_from], [[], undefined]);
      assert.ok(other.tickets.some((each) => each.id === ticket), 'what came while they were one stays');
    });

    it('stays so over a restart, and the tickets of both can become one', async () => {
      const home = await newcomer('first');
      const work = await newcomer('second');
      const mine = await ann.take((each) => each.id === home.ticket);
      const apart = await ann.client.post(`/api/v1/tickets/${mine.id}/merge`, { into: work.ticket });
      assert.equal(apart.status, 409);
      await ann.client.expect(200, 'POST', `${home.path}/merge`, { into: work.id });
      await engine.stop();
      await engine.begin();
      ann = await Agent.arrive(engine, 'ann');
      sam = await engine.login('sam');
      assert.equal((await profile(home)).customer.id, work.id);
      await ann.client.expect(200, 'POST', `/api/v1/tickets/${mine.id}/merge`, { into: work.ticket });
    });

    it('refuses circles, itself and nobody', async () => {
      const one = await newcomer();
      const two = await newcomer();
      const three = await newcomer();
      assert.equal((await ann.client.post(`${one.path}/merge`, { into: one.id })).status, 409);
      assert.equal((await ann.client.post(`${one.path}/merge`, { into: '999999' })).status, 404);
      assert.equal((await ann.client.post(`${one.path}/merge`, { into: 'two' })).status, 400);
      assert.equal((await ann.client.post(`${one.path}/unmerge`, {})).status, 409);
      await ann.client.expect(200, 'POST', `${one.path}/merge`, { into: two.id });
      assert.equal((await ann.client.post(`${two.path}/merge`, { into: one.id })).status, 409, 'a circle');
      await ann.client.expect(200, 'POST', `${two.path}/merge`, { into: three.id });
      assert.deepEqual((await profile(one)).customer.merged_from.sort(), [one.id, two.id].sort());
      const early = await ann.client.post(`${one.path}/unmerge`, {});
      assert.equal(early.status, 409);
      assert.match(early.body.detail, /undo that merge first/);
      await ann.client.expect(200, 'POST', `${two.path}/unmerge`, {});
      await ann.client.expect(200, 'POST', `${one.path}/unmerge`, {});
      assert.equal((await profile(one)).customer.id, one.id);
    });

    it('is not written to when either must not be', async () => {
      const home = await newcomer();
      const work = await newcomer();
      await sam.expect(200, 'PUT', `${home.path}/do-not-contact`, { reason: 'asked on the phone' });
      await ann.client.expect(200, 'POST', `${home.path}/merge`, { into: work.id });
      const { do_not_contact: stops } = await sam.expect(200, 'GET', `${work.path}/do-not-contact`);
      assert.deepEqual(stops.map((each) => each.reason), ['asked on the phone']);
    });
  });

  it('are found by an address or a number as somebody types it', async () => {
    const carl = await newcomer();
    assert.equal((await engine.shop.expect(200, 'GET', `/api/v1/customers?identity=${encodeURIComponent(`email: ${carl.from.toUpperCase()}`)}`)).customer.id, carl.id);
    assert.equal((await engine.shop.get('/api/v1/customers?identity=carl')).status, 404);
  });

  it('shows who must not be written to', async () => {
    const carl = await newcomer();
    assert.deepEqual((await profile(carl)).do_not_contact, []);
    await ann.client.expect(200, 'PUT', `${carl.path}/do-not-contact`, { reason: 'asked for it' });
    const [stop] = (await profile(carl)).do_not_contact;
    assert.deepEqual([stop.channel_kind, stop.reason, stop.by], ['all', 'asked for it', 'agent:ann']);
  });
});
