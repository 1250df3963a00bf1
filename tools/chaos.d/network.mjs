import { spawnSync } from 'node:child_process';

const run = (words, input) => {
  const [program, ...rest] = words;
  const ran = spawnSync(program, rest, { encoding: 'utf8', input });
  return { ok: ran.status === 0, said: (ran.stderr || ran.stdout || ran.error?.message || '').trim() };
};

function must(words, input) {
  const { ok, said } = run(words, input);
  if (!ok) throw new Error(`${words.join(' ')}: ${said}`);
}

/** Everybody on the loopback device, at an address of this run's own: a port that is free for a moment is not another run's. */
export class Loopback {
  static #count = 0;

  constructor() {
    Loopback.#count += 1;
    const number = 256 + ((process.pid * 64 + (Loopback.#count % 64)) % 0xfffe00);
    this.host = `127.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  }

  place() {
    return { host: this.host, within: [] };
  }

  dispose() {}
}

const nets = 50 * 250;

/**
 * A network namespace for each server and node, on a bridge at whose other end the clients and the providers are. Packets are
 * dropped in the namespace of one of them, so that neither end learns of it.
 */
export class Namespaces {
  static #count = 0;
  /** Those that are not disposed of. */
  static alive = new Set();
  #made = [];
  #cut = new Set();
  #next = 2;

  /** Why this machine cannot have them, or null. */
  static refused() {
    const name = `kc${process.pid}-try`;
    for (const words of [['ip', 'netns', 'add', name], ['ip', 'netns', 'exec', name, 'nft', 'add', 'table', 'inet', 'chaos']]) {
      const { ok, said } = run(words);
      if (!ok) {
        run(['ip', 'netns', 'del', name]);
        return `${words.join(' ')}: ${said}`;
      }
    }
    run(['ip', 'netns', 'del', name]);
    return null;
  }

  /** Of all the nets there may be one that is nobody's: the bridge's name is the net's, and there is one of a name. */
  constructor() {
    for (let tries = 0; ; tries += 1) {
      Namespaces.#count += 1;
      const number = (process.pid * 37 + Namespaces.#count) % nets;
      const [high, low] = [200 + Math.floor(number / 250), number % 250];
      this.bridge = `kc${high}-${low}`;
      this.net = `10.${high}.${low}`;
      const { ok, said } = run(['ip', 'link', 'add', this.bridge, 'type', 'bridge']);
      if (ok) break;
      if (tries === 100 || !/exists/.test(said)) throw new Error(`no bridge ${this.bridge}: ${said}`);
    }
    Namespaces.alive.add(this);
    this.host = `${this.net}.1`;
    must(['ip', 'addr', 'add', `${this.host}/24`, 'dev', this.bridge]);
    must(['ip', 'link', 'set', this.bridge, 'up']);
  }

  place() {
    const name = `${this.bridge}-${this.#next}`;
    const host = `${this.net}.${this.#next}`;
    this.#next += 1;
    must(['ip', 'netns', 'add', name]);
    this.#made.push(name);
    must(['ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name]);
    must(['ip', 'link', 'set', name, 'master', this.bridge, 'up']);
    must(['ip', '-n', name, 'addr', 'add', `${host}/24`, 'dev', 'eth0']);
    must(['ip', '-n', name, 'link', 'set', 'eth0', 'up']);
    must(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
    return { host, within: ['ip', 'netns', 'exec', name], namespace: name };
  }

  /** Drops what comes from or goes to others at a place: all of it, or so many of a hundred packets. */
  cut(place, others, { from = true, to = true, percent = 100 } = {}) {
    const chance = percent === 100 ? '' : ` numgen random mod 100 < ${percent}`;
    const rule = (side) => `ip ${side} { ${others.map(({ host }) => host).join(', ')} }${chance} drop`;
    const chain = (name, side, on) => `chain ${name} { type filter hook ${name} priority 0; policy accept;\n${on ? rule(side) : ''}\n}`;
    must([...place.within, 'nft', '-f', '-'], `table inet chaos {\n${chain('input', 'saddr', from)}\n${chain('output', 'daddr', to)}\n}\n`);
    this.#cut.add(place);
  }

  /** Takes the cable out, or puts it in again. */
  link(place, state) {
    must(['ip', '-n', place.namespace, 'link', 'set', 'eth0', state]);
  }

  heal() {
    for (const place of this.#cut) must([...place.within, 'nft', 'delete', 'table', 'inet', 'chaos']);
    this.#cut.clear();
  }

  dispose() {
    for (const name of this.#made) {
      run(['ip', 'link', 'del', name]);
      run(['ip', 'netns', 'del', name]);
    }
    run(['ip', 'link', 'del', this.bridge]);
    Namespaces.alive.delete(this);
  }
}
