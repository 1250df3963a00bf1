import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './ports.mjs';
import { eventually } from './wait.mjs';

/** A real redis-server in a folder of its own, safe as a site in it wants it. */
export class Redis {
  #process = null;

  /** @param place where it runs, as engine.mjs has it */
  static async start(more = [], place = { host: '127.0.0.1', within: [] }) {
    const server = new Redis();
    server.place = place;
    server.folder = await mkdtemp(join(tmpdir(), 'kindred-redis-'));
    [server.port] = await freePorts(1);
    server.more = more;
    await server.begin();
    return server;
  }

  async begin() {
    const options = ['--port', String(this.port), '--bind', this.place.host, '--bind-source-addr', this.place.host, '--protected-mode', 'no', '--dir', this.folder, '--appendonly', 'yes', '--save', '',
      '--maxmemory-policy', 'noeviction', '--repl-diskless-sync-delay', '0', '--logfile', 'log', ...this.more];
    const [program, ...words] = [...this.place.within, 'redis-server', ...options];
    this.#process = spawn(program, words, { stdio: 'ignore' });
    await eventually(async () => (await this.say('PING')).startsWith('+PONG'), 'redis-server', { within: 15_000, every: 10 });
  }

  /** One command on a connection of its own; what the server answered, as it came. Fails where it closes instead. */
  say(...words) {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, this.place.host);
      socket.setEncoding('utf8').once('data', (text) => {
        socket.destroy();
        resolve(text);
      }).once('error', reject).once('close', () => reject(new Error('the server closed without an answer')));  // as to all who are connected when it is promoted
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    });
  }

  freeze() {
    this.#process.kill('SIGSTOP');
  }

  thaw() {
    this.#process.kill('SIGCONT');
  }

  async kill() {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }

  async dispose() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
