import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client } from './support/client.mjs';
import { Engine } from './support/engine.mjs';

describe('log-in', () => {
  let engine;
  before(async () => { engine = await Engine.start(); });
  after(() => engine?.dispose());

  async function cookieOf(login) {
    const answer = await engine.anyone.post('/api/v1/login', { login, password: `secret-${login}` });
    assert.equal(answer.status, 200, answer.text);
    return answer.headers.get('set-cookie');
  }
  const sameOrigin = (cookie) => ({ Cookie: cookie.split(';')[0], Origin: engine.url });

  it('gives a cookie that scripts cannot read and other sites cannot send', async () => {
    const cookie = await cookieOf('ann');
    assert.match(cookie, /^__Host-kindred=[^;]{20,};/);
    for (const flag of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) assert.match(cookie, new RegExp(`; ?${flag}(;|$)`, 'i'));
    assert.doesNotMatch(cookie, /Domain=/i);
    const me = await engine.anyone.get('/api/v1/me', { Cookie: cookie.split(';')[0] });
    assert.equal(me.status, 200);
    assert.equal(me.body.agent.login, 'ann');
    assert.deepEqual(me.body.agent.languages, { en: 10 });
    assert.equal(me.body.agent.capacity, 10);
    assert.ok(!me.text.includes('password'));
  });

  it('gives a token to programs that ask for one, and no cookie', async () => {
    const answer = await engine.anyone.post('/api/v1/login', { login: 'ann', password: 'secret-ann', bearer: true });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('set-cookie'), null);
    assert.equal((await new Client(engine.url, answer.body.token).get('/api/v1/me')).body.agent.login, 'ann');
  });

  it('says the same of a wrong name and a wrong password', async () => {
    const wrong = [{ login: 'ann', password: 'guess' }, { login: 'nobody', password: 'guess' }];
    const answers = await Promise.all(wrong.map((each) => engine.anyone.post('/api/v1/login', each)));
    for (const answer of answers) {
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get('set-cookie'), null);
    }
    assert.deepEqual(answers[0].body, answers[1].body);
  });

  it('asks requests that ride on a cookie where they come from', async () => {
    const cookie = await cookieOf('ann');
    const put = (headers) => engine.anyone.put('/api/v1/agents/me/presence', { state: 'away' }, { Cookie: cookie.split(';')[0], ...headers });
    assert.equal((await put({})).status, 403);
    assert.equal((await put({ Origin: 'https://evil.example' })).status, 403);
    assert.equal((await put({ 'Sec-Fetch-Site': 'cross-site' })).status, 403);
    assert.equal((await put({ Origin: 'null' })).status, 403);
    assert.equal((await put({ Origin: engine.url })).status, 200);
    assert.equal((await put({ 'Sec-Fetch-Site': 'same-origin' })).status, 200);
  });

  it('ends with a log-out', async () => {
    const cookie = await cookieOf('ann');
    assert.equal((await engine.anyone.post('/api/v1/logout', {}, sameOrigin(cookie))).status, 200);
    assert.equal((await engine.anyone.get('/api/v1/me', { Cookie: cookie.split(';')[0] })).status, 401);
  });

  it('outlives a restart of the engine', async () => {
    const cookie = await cookieOf('bo');
    assert.equal(await engine.stop(), 0);
    await engine.begin();
    assert.equal((await engine.anyone.get('/api/v1/me', { Cookie: cookie.split(';')[0] })).status, 200);
  });

  it('gives each role what it may do', async () => {
    const [ann, sam, root] = await Promise.all(['ann', 'sam', 'root'].map((login) => engine.login(login)));
    const statuses = async (path) => [(await engine.anyone.get(path)).status, (await ann.get(path)).status, (await sam.get(path)).status, (await root.get(path)).status];
    assert.deepEqual(await statuses('/api/v1/tickets'), [401, 200, 200, 200]);
    assert.deepEqual(await statuses('/api/v1/queues'), [401, 403, 200, 200]);
    assert.deepEqual(await statuses('/api/v1/agents'), [401, 403, 200, 200]);
    assert.deepEqual(await statuses('/api/v1/colleagues'), [401, 200, 200, 200]);
    assert.deepEqual(await statuses('/api/v1/rules'), [401, 403, 403, 200]);
    const bo = (await sam.get('/api/v1/agents')).body.agents.find((agent) => agent.login === 'bo');
    assert.equal((await ann.put(`/api/v1/agents/${bo.id}/presence`, { state: 'available' })).status, 403);
    assert.equal((await sam.put(`/api/v1/agents/${bo.id}/presence`, { state: 'offline' })).status, 200);
  });

  it('does not honour tokens that nobody gave out', async () => {
    for (const token of ['x', 'a'.repeat(64), '../../etc/passwd', '%00']) {
      assert.equal((await new Client(engine.url, token).get('/api/v1/me')).status, 401);
    }
  });
});
