import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { binary, Engine } from './support/engine.mjs';
import { Redis } from './support/redis.mjs';
import { Signer } from './support/sign.mjs';

const letters = 45_000;
const mails = 90;

describe('a site that is moved', () => {
  let redis;
  let engine;
  let config;
  let file;
  before(async () => {
    redis = await Redis.start();
    engine = await Engine.start();
    config = join(engine.folder, 'kindred.yaml');
    file = join(engine.folder, 'store/kindred.db');
    const sign = new Signer();
    // Nothing that could be compressed, so that there are several pieces.
    for (let number = 1; number <= mails; number += 1) {
      const text = randomBytes(letters).toString('base64').replace(/.{76}/g, '$&\n');
      assert.equal((await engine.anyone.deliver(sign.mailgun({ from: `c${number}@mail.example`, subject: 'Long', text }))).status, 200);
    }
    await engine.stop();
    const shared = { redis: { server: `127.0.0.1:${redis.port}`, site: 'moved', node: 'only', copy: 'copy/kindred.db', lease: '2s' } };
    await engine.reconfigure((settings) => { settings.store = shared; });
  });
  after(async () => {
    await engine?.dispose();
    await redis?.dispose();
  });

  function begin(from, to) {
    const run = spawn(binary, ['migrate', '--from', from, '--to', to], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    run.stdout.setEncoding('utf8').on('data', (text) => { said.out += text; });
    run.stderr.setEncoding('utf8').on('data', (text) => { said.err += text; });
    return { run, ended: once(run, 'close').then(([code, signal]) => ({ code, signal, ...said })) };
  }
  const hash = ({ out }) => /hash ([0-9a-f]{64})/.exec(out)?.[1];

  /** Sees every command that Redis carries out. */
  async function watch(saw) {
    const socket = connect(redis.port, '127.0.0.1');
    socket.write('MONITOR\r\n');
    socket.setEncoding('utf8').on('data', saw);
    await once(socket, 'data');
    return socket;
  }

  it('is the same though the move into Redis and the one out of it were killed on the way', { timeout: 120_000 }, async (t) => {
    let killed = 0;
    let pieces = 0;
    let run;
    const monitor = await watch((text) => {
      const put = (text.match(/"SET" "kindred:\{moved\}:snapshot/g) ?? []).length;
      pieces += put;
      // After each further piece the process ends without knowing of it.
      if (put > 0 && killed < 3) run.kill('SIGKILL');
    });
    let last;
    do {
      const begun = begin(`sqlite:${file}`, `redis:${config}`);
      run = begun.run;
      last = await begun.ended;
      if (last.signal === 'SIGKILL') killed += 1;
    } while (last.signal === 'SIGKILL');
    monitor.destroy();
    assert.equal(last.code, 0, last.err);
    // Where Redis told us late, it was killed less often; that pieces are not put twice, tests/store/migration_test.cpp has.
    t.diagnostic(`${killed} kills, ${pieces} pieces were put`);
    assert.match(hash(last), /^[0-9a-f]{64}$/);

    const back = join(engine.folder, 'store/back.db');
    for (const within of [5, 20, 60]) {
      const out = begin(`redis:${config}`, `sqlite:${back}.killed`);
      setTimeout(() => out.run.kill('SIGKILL'), within);
      await out.ended;
    }
    const out = await begin(`redis:${config}`, `sqlite:${back}`).ended;
    assert.equal(out.code, 0, out.err);
    assert.equal(hash(out), hash(last), 'nothing was added, lost or changed');
    await engine.reconfigure((settings) => { settings.store = { sqlite: back }; });
    await engine.begin();
    const sam = await engine.login('sam');
    assert.equal((await sam.tickets({ limit: 200 })).length, mails);
  });
});
