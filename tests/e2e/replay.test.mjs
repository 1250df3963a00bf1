// The journal of a store, told again, leads to the state that the store has.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Agent } from './support/desk.mjs';
import { binary, Engine } from './support/engine.mjs';
import { freshNumber, Signer } from './support/sign.mjs';

const run = promisify(execFile);

describe('kindred replay', () => {
  const sign = new Signer();
  let engine;
  before(async () => { engine = await Engine.start(); });
  after(() => engine?.dispose());

  it('comes to the stored state beside a running engine', async () => {
    const ann = await Agent.arrive(engine, 'ann');
    for (let each = 0; each < 3; ++each) await engine.anyone.deliver(sign.whatsapp({ from: freshNumber(), text: 'replay me' }));
    await ann.resolve(await ann.take());
    await ann.take();
    const { stdout } = await run(binary, ['replay', '--store', join(engine.folder, 'store/kindred.db'), '--json']);
    const told = JSON.parse(stdout);
    assert.equal(told.same, true, stdout);
    assert.equal(told.stored, told.replayed);
    assert.ok(told.commands >= 10, stdout);
  });

  it('says so where there is no store', async () => {
    await assert.rejects(run(binary, ['replay', '--store', join(engine.folder, 'nowhere.db')]), { code: 3 });
  });
});
