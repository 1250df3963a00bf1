import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { binary, Engine } from './support/engine.mjs';
import { eventually } from './support/wait.mjs';

const secret = 'a-secret-of-the-parcel-service';
const described = (each) => ({
  connector: 'declared', kind: 'social', secret, proof: { scheme: 'hmac', header: 'X-Parcel-Signature', signs: '{body}' },
  each, contact: { message_id: '/id', from: '/from', text: '/text' },
});

describe('what could not be read, on the command line', () => {
  let engine;
  before(async () => {
    engine = await Engine.start({ channels: { parcels: described('/log/*') } });
    await engine.stop();
    await engine.reconfigure((config) => config.tokens.push({ name: 'ops', token: 'e2e-ops-token-0123456789abcdef', role: 'admin' }));
    await engine.begin();
  });
  after(() => engine?.dispose());

  const command = (...words) => new Promise((resolve) => {
    execFile(binary, ['quarantine', ...words, '--config', `${engine.folder}/kindred.yaml`], { encoding: 'buffer', maxBuffer: 1 << 26 }, (failed, out, err) => resolve({ code: failed?.code ?? 0, out, err: err.toString() }));
  });
  const deliver = (body) => engine.anyone.deliver({
    path: '/webhooks/parcels', body,
    headers: { 'Content-Type': 'application/json', 'X-Parcel-Signature': createHmac('sha256', secret).update(body).digest('hex') },
  });
  const listed = async () => {
    const { code, out, err } = await command('list');
    assert.equal(code, 0, err);
    return out.toString().split('\n').filter((line) => line !== '');
  };

  it('is listed, shown byte for byte, refused while its cause lasts, and taken in once that is mended', async () => {
    // The mapping looks at the wrong list, which is longer than any is taken; the bytes are no tidy JSON either.
    const body = Buffer.from(`{ "events" : [{"id":900,\t"from":"u-7", "text":"My parcel is w\\u00e9t" }],\r\n"log":[${Array(1_001).fill('0')}]}\r\n`);
    for (let i = 0; i < 2; i += 1) assert.equal((await deliver(body)).status, 400);
    const [line, ...others] = await eventually(async () => { const lines = await listed(); return lines.length > 0 && lines; }, 'the request to be listed');
    assert.equal(others.length, 0, 'the same bytes are kept once');
    assert.match(line, new RegExp(`^[0-9a-f]{24}  \\S+  parcels  malformed  ${body.length} bytes  .*1000 events`));
    const id = line.slice(0, 24);
    const shown = await command('show', id);
    assert.equal(shown.code, 0, shown.err);
    assert.ok(shown.out.subarray(-body.length).equals(body));
    assert.match(shown.out.toString(), /^POST http:\/\/[^\n]*\/webhooks\/parcels\n/);
    assert.match(shown.out.toString(), /x-parcel-signature: [0-9a-f]{64}\n/i);

    const early = await command('retry', id);
    assert.notEqual(early.code, 0);
    assert.match(early.err, /still refuses it: malformed/);
    assert.equal((await listed()).length, 1, 'a retry that fails takes nothing out');
    const nothing = await command('retry', 'f'.repeat(24));
    assert.notEqual(nothing.code, 0);
    assert.match(nothing.err, /there is no|not found|nothing/i);

    await engine.stop();
    await engine.reconfigure((config) => { config.channels.parcels = described('/events/*'); });
    await engine.begin();
    assert.equal((await listed()).length, 1, 'it outlives a restart');
    const mended = await command('retry', id);
    assert.equal(mended.code, 0, mended.err);
    const said = JSON.parse(mended.out.toString());
    assert.deepEqual([said.outcomes.map((each) => each.outcome), said.left], [['accepted'], false]);
    const sam = await engine.login('sam');
    const { contacts } = await sam.ticket(said.outcomes[0].ticket);
    assert.deepEqual(contacts.map((each) => each.text), ['My parcel is wét']);
    assert.equal((await listed()).length, 0);
    // The provider, who never had its 2xx, brings it again: the same contact.
    assert.ok((await deliver(body)).status < 300);
    assert.equal((await sam.ticket(said.outcomes[0].ticket)).contacts.length, 1);
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'parcels', outcome: 'duplicate' }), 1);
  });

  it('is refused in plain words, and counted, where it is too large to be kept', async () => {
    const body = Buffer.from(`{"events":[{"from":"u-8","text":"${'x'.repeat(2_200_000)}`);
    const answer = await deliver(body);
    assert.equal(answer.status, 400);
    assert.match(answer.text, new RegExp(`its ${body.length} bytes are over the 2097152 that quarantine keeps`));
    assert.equal(await engine.metric('kindred_contacts_total', { channel: 'parcels', outcome: 'refused', reason: 'malformed_not_kept' }), 1);
    assert.equal((await listed()).length, 0);
    assert.match(engine.logs, /too large to be kept/);
  });
});
