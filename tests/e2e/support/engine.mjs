import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';
import { configuration } from './config.mjs';
import { Doubles } from './doubles/doubles.mjs';
import { freePorts } from './ports.mjs';
import { people, writeRuleset } from './ruleset.mjs';
import { secrets } from './secrets.mjs';
import { eventually } from './wait.mjs';

export const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
/** The desk as tools/build-web makes it. */
export const desk = join(root, 'build/web');
export const binary = resolve(root, process.env.KINDRED_BINARY ?? 'build/release/kindred');

/** Where a program runs: the address it listens at, and the command that starts it there. */
export const here = { host: '127.0.0.1', within: [] };

/** The real program on a store of its own, in a folder of its own, on free ports of the loopback device. */
export class Engine {
  #process = null;
  #exit = null;
  #logs = [];
  #tokens = new Map();
  #shares = false;

  /**
   * `changes` of the configuration, and beside them: `doubles`, those of others who go on when this one ends; `place`, where it
   * runs (see here).
   */
  static async start(changes = {}) {
    if (!existsSync(binary)) throw new Error(`${binary} is missing: build it first (tools/run --build-only), or set KINDRED_BINARY`);
    if (!existsSync(desk)) throw new Error(`${desk} is missing: run tools/build-web`);
    const engine = await Engine.prepared(changes);
    await engine.begin();
    return engine;
  }

  /** One that has its folder and does not run yet. */
  static async prepared(changes = {}) {
    const engine = new Engine();
    await engine.#prepare(changes);
    return engine;
  }

  async #prepare(changes) {
    this.folder = await mkdtemp(join(tmpdir(), 'kindred-e2e-'));
    await mkdir(join(this.folder, 'store'));
    this.#shares = changes.doubles !== undefined;
    this.doubles = changes.doubles ?? await Doubles.start();
    this.place = changes.place ?? here;
    const [listen, admin, mail] = await freePorts(3);
    this.ports = { listen, admin, mail, host: this.place.host };
    this.url = `http://${this.place.host}:${listen}`;
    this.adminUrl = `http://${this.place.host}:${admin}`;
    await writeRuleset(join(this.folder, 'rules'), changes.rules, changes.pages);
    await writeFile(join(this.folder, 'people.yaml'), JSON.stringify({ people }));
    const config = configuration(this.ports, this.doubles.addresses, { web: desk, ...changes });
    await writeFile(join(this.folder, 'kindred.yaml'), JSON.stringify(config, null, 2));
  }

  /** Changes the configuration of an engine that does not run. */
  async reconfigure(change) {
    const file = join(this.folder, 'kindred.yaml');
    const config = JSON.parse(await readFile(file, 'utf8'));
    change(config);
    await writeFile(file, JSON.stringify(config, null, 2));
  }

  /** Starts the process and waits until it takes work. */
  async begin() {
    this.launch();
    await this.ready();
  }

  /** Starts the process. */
  launch() {
    const [program, ...words] = [...this.place.within, binary, 'serve', '--config', join(this.folder, 'kindred.yaml')];
    this.#process = spawn(program, words, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const born = this.#process;
    this.#exit = once(born, 'exit').then(([code, signal]) => ({ code, signal }));
    for (const stream of [born.stdout, born.stderr]) stream.setEncoding('utf8').on('data', (text) => this.#log(text));
  }

  /** Waits until the process takes work. */
  async ready(within = 15_000) {
    const born = this.#process;
    await eventually(async () => {
      if (born.exitCode !== null || born.signalCode !== null) return true;
      return (await fetch(`${this.adminUrl}/readyz`)).status === 200;
    }, 'readyz', { within, every: 10 });
    if (born.exitCode !== null || born.signalCode !== null) throw new Error(`the engine ended with ${born.exitCode ?? born.signalCode}:\n${this.logs}`);
  }

  /** Waits until this is the node that leads its site. */
  async leads(within = 15_000) {
    await eventually(async () => (await this.metric('kindred_node_leads')) === 1, 'this node to lead', { within, every: 10 });
  }

  #log(text) {
    this.#logs.push(text);
    if (this.#logs.length > 2000) this.#logs.shift();
  }

  get logs() {
    return this.#logs.join('').slice(-8000);
  }

  /** All that is kept of what the process wrote. */
  get fullLogs() {
    return this.#logs.join('');
  }

  get running() {
    return this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  signal(name) {
    this.#process.kill(name);
  }

  /** How the process ended, once it has: {code, signal}. */
  get ended() {
    return this.#exit;
  }

  /** Asks the process to end. Gives its exit code; an engine that does not drain within 20 s fails the test. */
  async stop() {
    this.signal('SIGTERM');
    const late = setTimeout(() => this.signal('SIGKILL'), 20_000);
    const end = await this.#exit;
    clearTimeout(late);
    if (end.signal === 'SIGKILL') throw new Error(`the engine did not drain:\n${this.logs}`);
    return end.code;
  }

  /** The end that no program sees coming. */
  async kill() {
    this.signal('SIGKILL');
    return this.#exit;
  }

  /** A client with the token of an agent; the password is hashed once per agent only, for it takes its time. */
  async login(name) {
    if (!this.#tokens.has(name)) {
      const answer = await new Client(this.url).post('/api/v1/login', { login: name, password: `secret-${name}`, bearer: true });
      if (answer.status !== 200) throw new Error(`log-in of ${name} was refused: ${answer.status} ${answer.text}`);
      this.#tokens.set(name, answer.body.token);
    }
    return new Client(this.url, this.#tokens.get(name));
  }

  get anyone() {
    return new Client(this.url);
  }

  get shop() {
    return new Client(this.url, secrets.shopToken);
  }

  /** The value of one sample of /metrics, 0 when there is none: `metric('kindred_contacts_total', {channel: 'x'})`. */
  async metric(name, labels = {}) {
    if (!this.running) throw new Error(`the engine does not run:\n${this.logs}`);
    const text = await (await fetch(`${this.adminUrl}/metrics`)).text();
    const fits = (line) => line.startsWith(name) && /[{ ]/.test(line[name.length] ?? '') &&
      Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`));
    return text.split('\n').filter(fits).reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  /** Ends everything and forgets the folder. What a double had to complain about fails the test. */
  async dispose() {
    try {
      if (this.running) await this.stop();
    } finally {
      if (!this.#shares) await this.doubles.stop();
      if (process.env.KINDRED_KEEP) process.stderr.write(`kept ${this.folder}\n`);
      else await rm(this.folder, { recursive: true, force: true });
    }
    if (!this.#shares) this.doubles.check();
  }
}
