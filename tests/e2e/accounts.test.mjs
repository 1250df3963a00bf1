import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Client } from './support/client.mjs';
import { binary, Engine } from './support/engine.mjs';

const operator = 'e2e-operator-token-0123456789';

/** A command with something on its standard input: {code, out, err}. */
function kindred(words, input = '') {
  return new Promise((resolve, reject) => {
    const born = spawn(binary, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    born.stdout.setEncoding('utf8').on('data', (text) => { said.out += text; });
    born.stderr.setEncoding('utf8').on('data', (text) => { said.err += text; });
    born.stdin.on('error', () => {});  // it may end without having read
    born.once('error', reject).once('close', (code) => resolve({ code, ...said }));
    born.stdin.end(input);
  });
}

describe('accounts from the command line', () => {
  let engine;
  let config;
  before(async () => {
    engine = await Engine.start();
    config = join(engine.folder, 'kindred.yaml');
    assert.equal(await engine.stop(), 0);
    await engine.reconfigure((given) => { given.tokens.push({ name: 'operator', token: operator, role: 'admin' }); });
    await engine.begin();
  });
  after(() => engine?.dispose());

  const user = (verb, words = [], input = '') => kindred(['user', verb, ...words, '--config', config], input);
  const token = (verb, words = []) => kindred(['token', verb, ...words, '--config', config]);
  const logIn = (login, password) => engine.anyone.post('/api/v1/login', { login, password, bearer: true });
  const people = async () => (await new Client(engine.url, operator).expect(200, 'GET', '/api/v1/people')).people;

  it('makes somebody who can log in at once', async () => {
    const made = await user('add', ['zoe', '--name', 'Zoe Zorn', '--role', 'supervisor', '--queue', 'general', '--queue', 'calls',
      '--skill', 'lamps=7', '--language', 'es=8', '--language', 'en=10', '--capacity', '13', '--phone', '+34600000009'], 'a long enough one\n');
    assert.deepEqual([made.code, made.err], [0, '']);
    assert.match(made.out, /^zoe {2}supervisor {2}Zoe Zorn {2}queues general calls {2}skills lamps=7 {2}languages en=10 es=8 {2}capacity 13 {2}phone \+34600000009\n$/);
    const answer = await logIn('zoe', 'a long enough one');
    assert.equal(answer.status, 200, answer.text);
    const { agent } = (await new Client(engine.url, answer.body.token).get('/api/v1/me')).body;
    assert.deepEqual([agent.login, agent.role, agent.queues, agent.skills, agent.languages, agent.capacity],
      ['zoe', 'supervisor', ['general', 'calls'], { lamps: 7 }, { en: 10, es: 8 }, 13]);
  });

  it('takes the login last, too, and several queues after one option', async () => {
    const made = await user('add', ['--role', 'agent', '--queue', 'general', 'calls', '--', 'yan'], 'a long enough one\n');
    assert.equal(made.code, 0, made.err);
    assert.deepEqual((await people()).find((each) => each.login === 'yan').queues, ['general', 'calls']);
  });

  it('says what is wrong with an account, and makes none', async () => {
    const before = await people();
    for (const [words, input, code, says] of [
      [['ann'], 'a long enough one\n', 3, /login: ann is taken/],
      [['xim'], '', 2, /no password on standard input/],
      [['xim'], 'too short\n', 3, /password: wants at least 10 characters/],
      [['xim', '--queue', 'genral'], 'a long enough one\n', 3, /queues: there is no queue "genral", did you mean "general"/],
      [['xim', '--skill', 'lamp=3'], 'a long enough one\n', 3, /skills: there is no skill "lamp", did you mean "lamps"/],
      [['xim', '--skill', 'lamps'], 'a long enough one\n', 2, /NAME=LEVEL/],
      [['xim', '--language', 'es=11'], 'a long enough one\n', 2, /level from 1 to 10/],
      [['xim', '--language', 'Spanish=3'], 'a long enough one\n', 3, /languages: "Spanish" is not a language code/],
      [['xim', '--role', 'boss'], 'a long enough one\n', 2, /role: wants one of agent, supervisor, admin, read-only, not "boss"/],
      [['xim', '--capacity', '0'], 'a long enough one\n', 3, /capacity: wants a number from 1 to 1000/],
      [['17'], 'a long enough one\n', 3, /login: "me" and numbers/],
      [['xim', '--token', 'not-a-token-of-anybody'], 'a long enough one\n', 3, /log in again/],
    ]) {
      const said = await user('add', words, input);
      assert.equal(said.code, code, `${words.join(' ')}: ${said.err}`);
      assert.match(said.err, says);
      assert.equal(said.out, '');
    }
    assert.deepEqual(await people(), before);
  });

  it('changes nothing of an account by what does not exist', async () => {
    const before = await people();
    const root = await engine.login('root');
    const { id } = before.find((each) => each.login === 'carla');
    for (const [change, says] of [
      [{ queues: ['genral'] }, /^queues: there is no queue "genral", did you mean "general"/],
      [{ name: 'Other', queues: ['general', 'nowhere'] }, /^queues: there is no queue "nowhere"/],
      [{ queues: 'general' }, /^queues: wants a list/],
      [{ skills: { lamp: 3 } }, /^skills: there is no skill "lamp", did you mean "lamps"/],
      [{ skills: { lamps: 11 } }, /^skills: lamps wants a level from 1 to 10/],
      [{ languages: { Spanish: 3 } }, /^languages: "Spanish" is not a language code/],
      [{ capacity: 0 }, /^capacity: wants a number from 1 to 1000/],
      [{ role: 'boss' }, /^role: wants/],
    ]) {
      const answer = await root.patch(`/api/v1/agents/${id}`, change);
      assert.equal(answer.status, 400, JSON.stringify(change));
      assert.match(answer.body.detail, says);
    }
    assert.deepEqual(await people(), before);
    const was = before.find((each) => each.login === 'carla');
    await root.expect(200, 'PATCH', `/api/v1/agents/${id}`, { queues: [], skills: { lamps: 2 } });
    const now = (await people()).find((each) => each.login === 'carla');
    assert.deepEqual([now.queues, now.skills, now.languages, now.name], [[], { lamps: 2 }, was.languages, was.name]);
    await root.expect(200, 'PATCH', `/api/v1/agents/${id}`, { queues: was.queues, skills: was.skills });
    assert.deepEqual(await people(), before);
  });

  it('changes a password: sessions and desks of before end, the new one works', async () => {
    const session = (await logIn('bo', 'secret-bo')).body.token;
    const bo = new Client(engine.url, session);
    const other = await engine.login('ann');
    assert.equal((await bo.get('/api/v1/me')).status, 200);
    const said = await user('passwd', ['bo'], 'quite another one\n');
    assert.deepEqual([said.code, said.err], [0, '']);
    assert.equal((await bo.get('/api/v1/me')).status, 401);
    assert.equal((await other.get('/api/v1/me')).status, 200, 'nobody else is logged out');
    assert.equal((await logIn('bo', 'secret-bo')).status, 401);
    assert.equal((await logIn('bo', 'quite another one')).status, 200);
    const unknown = await user('passwd', ['boo'], 'quite another one\n');
    assert.equal(unknown.code, 3);
    assert.match(unknown.err, /nobody with the login boo, did you mean bo\?/);
    assert.equal((await user('passwd', ['bo'], 'short\n')).code, 3);
    assert.equal((await logIn('bo', 'quite another one')).status, 200);
  });

  it('lets people change their own, with the one they have', async () => {
    const carla = new Client(engine.url, (await logIn('carla', 'secret-carla')).body.token);
    const put = (body, id = 'me') => carla.put(`/api/v1/agents/${id}/password`, body);
    assert.equal((await put({ password: 'something better' })).status, 400);
    assert.equal((await put({ password: 'something better', current: 'a guess' })).status, 403);
    const ann = (await people()).find((each) => each.login === 'ann');
    assert.equal((await put({ password: 'something better' }, ann.id)).status, 403);
    assert.equal((await carla.get('/api/v1/me')).status, 200);
    assert.equal((await put({ password: 'something better', current: 'secret-carla' })).status, 200);
    assert.equal((await carla.get('/api/v1/me')).status, 401);
    assert.equal((await logIn('carla', 'something better')).status, 200);
  });

  it('keeps what an admin changes and what a password changes apart', async () => {
    const root = new Client(engine.url, operator);
    const dan = (await people()).find((each) => each.login === 'dan');
    await root.expect(200, 'PATCH', `/api/v1/agents/${dan.id}`, { name: 'Dan the Second' });
    assert.equal((await logIn('dan', 'secret-dan')).status, 200);
    assert.equal((await user('passwd', ['dan'], 'quite another one\n')).code, 0);
    assert.equal((await people()).find((each) => each.login === 'dan').name, 'Dan the Second');
  });

  it('lists everybody, without a hash', async () => {
    const lines = (await user('list')).out.trim().split('\n');
    assert.ok(lines.some((line) => line.startsWith('root  admin  Root  ')), lines.join('\n'));
    const json = (await user('list', ['--json'])).out;
    assert.deepEqual(JSON.parse(json).people, await people());
    assert.doesNotMatch(json, /argon2|password_hash/);
    const ann = await engine.login('ann');
    for (const path of ['/api/v1/people', '/api/v1/tokens']) assert.equal((await ann.get(path)).status, 403);
    assert.equal((await ann.post('/api/v1/agents', { login: 'friend' })).status, 403);
    assert.equal((await ann.post('/api/v1/tokens', { name: 'friend' })).status, 403);
    assert.equal((await engine.shop.get('/api/v1/people')).status, 403);
  });

  it('gives out a token that works until it is revoked, over a restart too', async () => {
    const made = await token('new', ['crm', '--role', 'supervisor']);
    assert.equal(made.code, 0, made.err);
    assert.match(made.out, /^kindred_[A-Za-z0-9_-]{43}\n$/);
    const secret = made.out.trim();
    const crm = new Client(engine.url, secret);
    assert.equal((await crm.get('/api/v1/queues')).status, 200);
    assert.equal((await crm.get('/api/v1/rules')).status, 403);
    const again = await token('new', ['crm']);
    assert.equal(again.code, 3);
    assert.match(again.err, /there is a token crm: revoke it first/);

    assert.equal(await engine.stop(), 0);
    const stored = await readFile(join(engine.folder, 'store/kindred.db'));
    assert.ok(!stored.includes(secret) && !stored.includes(secret.slice(8)), 'the store does not know the secret');
    await engine.begin();
    assert.equal((await crm.get('/api/v1/queues')).status, 200);

    assert.match((await token('list')).out, /^crm {2}supervisor {2}\d{4}-[^ ]+\n$/);
    assert.equal((await token('revoke', ['crm'])).out, 'crm: revoked\n');
    assert.equal((await crm.get('/api/v1/queues')).status, 401);
    assert.match((await token('list')).out, / {2}revoked\n$/);
    assert.equal(await engine.stop(), 0);
    await engine.begin();
    assert.equal((await crm.get('/api/v1/queues')).status, 401);
    const twice = await token('revoke', ['crm']);
    assert.equal(twice.code, 3);
    assert.match(twice.err, /no token crm is in force/);
    assert.equal((await token('new', ['crm'])).code, 0, 'the name is free again');
    assert.doesNotMatch(engine.logs, new RegExp(secret));
  });

  it('lets a token bring contacts in, and not one of another role', async () => {
    const secret = (await token('new', ['importer'])).out.trim();
    const contact = { channel: { name: 'api' }, from: 'kim@mail.example', text: 'hello' };
    const brought = await new Client(engine.url, secret).post('/api/v1/contacts', contact, { 'Idempotency-Key': 'accounts-1' });
    assert.equal(brought.status, 202, brought.text);
    const agent = (await token('new', ['screen', '--role', 'agent'])).out.trim();
    assert.equal((await new Client(engine.url, agent).post('/api/v1/contacts', contact, { 'Idempotency-Key': 'accounts-2' })).status, 403);
    assert.equal((await token('revoke', ['importer'])).code, 0);
    assert.equal((await new Client(engine.url, secret).post('/api/v1/contacts', contact, { 'Idempotency-Key': 'accounts-3' })).status, 401);
  });

  it('says what is wrong with a token', async () => {
    for (const [words, code, says] of [
      [['two words'], 3, /name: wants 1 to 64 letters/],
      [['shop'], 3, /the configuration has a token shop/],
      [['crm2', '--role', 'boss'], 2, /role: wants one of agent, supervisor, admin, read-only, api, not "boss"/],
      [[], 2, /name/],
    ]) {
      const said = await token('new', words);
      assert.equal(said.code, code, `${words}: ${said.err}`);
      assert.match(said.err, says);
    }
    const nobody = join(engine.folder, 'no-admin.yaml');
    const given = JSON.parse(await readFile(config, 'utf8'));
    await writeFile(nobody, JSON.stringify({ ...given, tokens: [] }));
    const said = await kindred(['token', 'list', '--config', nobody]);
    assert.equal(said.code, 1);
    assert.match(said.err, /role: admin/);
  });
});
