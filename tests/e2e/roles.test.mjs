import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Client } from './support/client.mjs';
import { Agent, Desk } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';

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

describe('roles and permissions', () => {
  const operator = 'e2e-operator-token-0123456789';
  let engine;
  let root;
  let ids;
  before(async () => {
    engine = await Engine.start();
    assert.equal(await engine.stop(), 0);
    await engine.reconfigure((given) => { given.tokens.push({ name: 'operator', token: operator, role: 'admin' }); });
    await engine.begin();
    root = await engine.login('root');
    ids = Object.fromEntries((await root.expect(200, 'GET', '/api/v1/people')).people.map((each) => [each.login, each.id]));
  });
  after(() => engine?.dispose());

  const role = (name) => root.expect(200, 'GET', '/api/v1/roles').then(({ roles }) => roles.find((each) => each.name === name));
  const give = (login, name) => root.expect(200, 'PATCH', `/api/v1/agents/${ids[login]}`, { role: name });
  const contact = async (text) => (await engine.shop.expect(202, 'POST', '/api/v1/contacts', { channel: { name: 'api' }, from: `${text.replace(' ', '-')}@mail.example`, text })).ticket;

  it('lists the built-in roles, who has them, and every permission', async () => {
    const { roles, permissions } = await root.expect(200, 'GET', '/api/v1/roles');
    assert.deepEqual(roles.map((each) => each.name), ['agent', 'supervisor', 'admin', 'read-only', 'api']);
    const admin = roles.find((each) => each.name === 'admin');
    assert.deepEqual(admin.permissions, permissions.map((each) => each.name));
    assert.equal(admin.people, 1);
    assert.equal(permissions.find((each) => each.name === 'tickets.work').needs, 'tickets.read');
    const { agent } = await root.expect(200, 'GET', '/api/v1/me');
    assert.deepEqual(agent.permissions, admin.permissions);
    const program = (await engine.shop.expect(200, 'GET', '/api/v1/me')).agent;
    assert.deepEqual([program.login, program.role, program.permissions.includes('tickets.read')], ['shop', 'api', false]);
  });

  it('makes a role, gives it to somebody whose desk is open, changes and withdraws it: each counts at once', async () => {
    const ann = await engine.login('ann');
    const desk = await Desk.connect(ann);
    await root.expect(201, 'POST', '/api/v1/roles', { name: 'rule-author', permissions: ['rules.read', 'tickets.read'] });
    await give('ann', 'rule-author');
    const told = await desk.next('role');
    assert.deepEqual([told.role, told.permissions], ['rule-author', ['tickets.read', 'rules.read']]);
    assert.equal((await ann.get('/api/v1/rules')).status, 200);
    const refused = await ann.post(`/api/v1/tickets/${await contact('roles 1')}/note`, { text: 'mine' });
    assert.equal(refused.status, 403);
    assert.deepEqual(refused.body.missing, ['tickets.work']);
    assert.match(refused.body.detail, /tickets\.work, which the role rule-author does not permit/);
    assert.equal((await ann.put('/api/v1/agents/me/presence', { state: 'available' })).status, 403);
    await root.expect(200, 'PATCH', '/api/v1/roles/rule-author', { permissions: ['tickets.read'] });
    assert.deepEqual((await desk.next('role')).permissions, ['tickets.read']);
    assert.deepEqual((await ann.get('/api/v1/rules')).body.missing, ['rules.read']);

    const inUse = await root.delete('/api/v1/roles/rule-author');
    assert.equal(inUse.status, 409);
    assert.match(inUse.body.detail, /ann has the role rule-author/);
    await give('ann', 'agent');
    assert.equal((await desk.next('role')).role, 'agent');
    await root.expect(200, 'DELETE', '/api/v1/roles/rule-author');
    assert.equal(await role('rule-author'), undefined);
    await desk.close();
    const { records } = await root.expect(200, 'GET', '/api/v1/audit');
    const actions = records.map((each) => each.action);
    for (const each of ['role.added', 'role.changed', 'role.removed', 'agent.changed']) assert.ok(actions.includes(each), `${each}: ${actions}`);
  });

  it('takes the tickets from who may work no more, and they are offered to somebody else', async () => {
    const bo = await Agent.arrive(engine, 'bo');
    const id = await contact('roles 2');
    await bo.take((ticket) => ticket.id === id);
    const ann = await Agent.arrive(engine, 'ann');
    await give('bo', 'read-only');
    await ann.take((ticket) => ticket.id === id, 'the ticket that bo had');
    const { ticket } = await bo.client.expect(200, 'GET', `/api/v1/tickets/${id}`);
    assert.equal(ticket.holder.id, ids.ann);
    await ann.resolve({ id });
    await ann.leave();
    await bo.desk.close();
    await give('bo', 'agent');
  });

  it('names among agents and colleagues nobody who may not work', async () => {
    const named = async (path, list) => (await root.expect(200, 'GET', `/api/v1/${path}`))[list].map((each) => each.login);
    assert.ok((await named('agents', 'agents')).includes('carla'));
    await give('carla', 'read-only');
    for (const [path, list] of [['agents', 'agents'], ['colleagues', 'colleagues']]) {
      const now = await named(path, list);
      assert.ok(!now.includes('carla') && now.includes('ann') && now.includes('root'), `${path}: ${now}`);
    }
    assert.ok((await named('people', 'people')).includes('carla'), 'the account is there');
    await give('carla', 'agent');
    assert.ok((await named('colleagues', 'colleagues')).includes('carla'));
  });

  it('lets a program work on what somebody holds, where its role permits that', async () => {
    const program = new Client(engine.url, operator);
    const ann = await Agent.arrive(engine, 'ann');
    const id = await contact('roles 3');
    await ann.take((ticket) => ticket.id === id);
    const { secret } = await root.expect(201, 'POST', '/api/v1/tokens', { name: 'helper', role: 'agent' });
    const refused = await new Client(engine.url, secret).post(`/api/v1/tickets/${id}/resolve`, {});
    assert.equal(refused.status, 409);
    assert.match(refused.body.detail, /somebody else, or nobody, holds the ticket/);
    await program.expect(201, 'POST', `/api/v1/tickets/${id}/reply`, { text: 'It is on its way.' });
    assert.equal((await program.expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {})).ticket.status, 'resolved');
    const { entries } = await root.ticket(id);
    assert.equal(entries.find((each) => each.kind === 'reply').agent.name, 'operator');
    await root.expect(200, 'DELETE', '/api/v1/tokens/helper');
    await ann.leave();
  });

  it('is the same after a restart, for people and tokens', async () => {
    await root.expect(201, 'POST', '/api/v1/roles', { name: 'screens', permissions: ['queues.read'] });
    await give('carla', 'screens');
    const { secret } = await root.expect(201, 'POST', '/api/v1/tokens', { name: 'wall', role: 'screens' });
    assert.equal(await engine.stop(), 0);
    await engine.begin();
    const wall = new Client(engine.url, secret);
    for (const client of [wall, await engine.login('carla')]) {
      assert.equal((await client.get('/api/v1/queues')).status, 200);
      assert.deepEqual((await client.get('/api/v1/tickets')).body.missing, ['tickets.read']);
    }
    const held = await root.delete('/api/v1/roles/screens');
    assert.equal(held.status, 409);
    assert.match(held.body.detail, /the token wall has the role screens: revoke it first/);
    await give('carla', 'agent');
    await root.expect(200, 'DELETE', '/api/v1/tokens/wall');
    await root.expect(200, 'DELETE', '/api/v1/roles/screens');
  });

  it('lets nobody give what they do not have, and the last admin stays', async () => {
    await root.expect(201, 'POST', '/api/v1/roles', { name: 'lead', permissions: ['tickets.read', 'people.read', 'people.manage', 'roles.manage', 'tokens.read', 'tokens.manage'] });
    await give('sam', 'lead');
    const sam = await engine.login('sam');
    for (const [answer, says] of [
      [await sam.patch(`/api/v1/agents/${ids.ann}`, { role: 'admin' }), /tickets\.work|may not do yourself/],
      [await sam.patch(`/api/v1/agents/${ids.root}`, { role: 'lead' }), /may not do yourself/],
      [await sam.put(`/api/v1/agents/${ids.root}/password`, { password: 'quite another one' }), /may not do yourself/],
      [await sam.post('/api/v1/agents', { login: 'friend', role: 'admin' }), /may not do yourself/],
      [await sam.post('/api/v1/roles', { name: 'more', permissions: ['audit.read'] }), /audit\.read/],
      [await sam.patch('/api/v1/roles/lead', { permissions: ['tickets.read', 'audit.read'] }), /audit\.read/],
      [await sam.post('/api/v1/tokens', { name: 'all', role: 'admin' }), /may not do yourself/],
    ]) {
      assert.equal(answer.status, 403, answer.text);
      assert.match(answer.body.detail, says);
    }
    const { secret } = await root.expect(201, 'POST', '/api/v1/tokens', { name: 'whole', role: 'admin' });
    const revoking = await sam.delete('/api/v1/tokens/whole');
    assert.equal(revoking.status, 403);
    assert.match(revoking.body.detail, /the token's role admin permits what you may not do yourself: .*audit\.read/);
    assert.equal((await new Client(engine.url, secret).get('/api/v1/audit')).status, 200, 'it is in force as before');
    await sam.expect(201, 'POST', '/api/v1/roles', { name: 'reader', permissions: ['tickets.read'] });
    await sam.expect(201, 'POST', '/api/v1/tokens', { name: 'of-a-reader', role: 'reader' });
    await sam.expect(200, 'DELETE', '/api/v1/tokens/of-a-reader');
    await sam.expect(201, 'POST', '/api/v1/agents', { login: 'friend', role: 'reader' });
    const last = await root.patch(`/api/v1/agents/${ids.root}`, { role: 'agent' });
    assert.equal(last.status, 409);
    assert.match(last.body.detail, /nobody who may do everything/);
    assert.equal((await root.get('/api/v1/audit')).status, 200);
    await give('sam', 'supervisor');
  });

  it('says what is wrong with a role', async () => {
    for (const [body, status, says] of [
      [{ name: 'two words', permissions: ['tickets.read'] }, 400, /^name: wants 1 to 64/],
      [{ name: 'x', permissions: [] }, 400, /^permissions: wants at least one/],
      [{ name: 'x' }, 400, /^permissions: wants a list/],
      [{ name: 'x', permissions: ['ticket.read'] }, 400, /did you mean "tickets\.read"/],
      [{ name: 'x', permissions: ['tickets.work'] }, 400, /tickets\.work is nothing without tickets\.read/],
      [{ name: 'x', permissions: ['tickets.read'], rank: 3 }, 400, /^rank: unknown/],
      [{ name: 'admin', permissions: ['tickets.read'] }, 409, /built in/],
      [{ name: 'lead', permissions: ['tickets.read'] }, 409, /there is a role lead/],
    ]) {
      const answer = await root.post('/api/v1/roles', body);
      assert.equal(answer.status, status, JSON.stringify(body));
      assert.match(answer.body.detail, says);
    }
    assert.equal((await root.delete('/api/v1/roles/nobody')).status, 404);
    assert.equal((await root.delete('/api/v1/roles/admin')).status, 409);
    assert.equal((await root.patch(`/api/v1/agents/${ids.ann}`, { role: 'boss' })).status, 400);
  });

  it('gives roles from the command line, and names those that there are', async () => {
    const config = join(engine.folder, 'kindred.yaml');
    const made = await kindred(['user', 'add', 'rita', '--role', 'read-only', '--config', config], 'a long enough one\n');
    assert.equal(made.code, 0, made.err);
    const own = await kindred(['user', 'add', 'leo', '--role', 'lead', '--config', config], 'a long enough one\n');
    assert.equal(own.code, 0, own.err);
    for (const words of [['user', 'add', 'max'], ['token', 'new', 'max']]) {
      const said = await kindred([...words, '--role', 'leed', '--config', config], 'a long enough one\n');
      assert.equal(said.code, 2, said.err);
      assert.match(said.err, /role: wants one of .*agent, supervisor, admin, read-only.*lead.*, not "leed"; did you mean "lead"\?/);
    }
    const token = await kindred(['token', 'new', 'reader', '--role', 'reader', '--config', config]);
    assert.equal(token.code, 0, token.err);
    const reader = new Client(engine.url, token.out.trim());
    assert.equal((await reader.get('/api/v1/tickets')).status, 200);
    assert.equal((await reader.get('/api/v1/queues')).status, 403);
    const rita = new Client(engine.url, (await engine.anyone.post('/api/v1/login', { login: 'rita', password: 'a long enough one', bearer: true })).body.token);
    for (const path of ['tickets', 'queues', 'reports', 'rules', 'channels', 'people', 'roles', 'tokens', 'audit'])
      assert.equal((await rita.get(`/api/v1/${path}`)).status, 200, path);
    for (const [method, path] of [['POST', 'roles'], ['POST', 'tokens'], ['POST', 'agents'], ['POST', 'rules/activate'], ['POST', 'blocks'], ['POST', 'tickets'], ['GET', 'quarantine']])
      assert.equal((await rita.send(method, `/api/v1/${path}`, { body: method === 'GET' ? undefined : '{}' })).status, 403, path);
  });
});
