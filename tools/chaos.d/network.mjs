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

/** Everybody on the loopback device: nothing can be cut. */
export class Loopback {
  host = '127.0.0.1';

  place() {
    return { host: this.host, within: [] };
  }

  dispose() {}
}

/**
 * A network namespace for each server and node, on a bridge at whose other end the clients and the providers are. Packets are
 * dropped in the namespace of one of them, so that neither end learns of it.
 */
export class Namespaces {
  static #count = 0;
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

  constructor() {
    // Names of its own each time: a namespace lives as long as any process in it, and its link with it.
    Namespaces.#count += 1;
    this.bridge = `kc${process.pid.toString(36)}${(Namespaces.#count % 1296).toString(36).padStart(2, '0')}`;
    this.net = `10.${200 + (process.pid % 50)}.${(process.pid + Namespaces.#count) % 250}`;
    this.host = `${this.net}.1`;
    must(['ip', 'link', 'add', this.bridge, 'type', 'bridge']);
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
  }
}
