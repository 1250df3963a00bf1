import { Mailbox } from '../wait.mjs';

/**
 * What every double of a provider does: it checks a call as the provider would, answers as the provider would, keeps
 * what it took, and records a complaint about what it refused. A complaint fails the test, an arranged failure does not.
 */
export class ProviderDouble {
  #failures = [];
  #taken = new Mailbox();

  /** While it is set every call gets this answer. */
  outage = null;
  received = [];
  complaints = [];
  refusals = 0;

  constructor(name) {
    this.name = name;
  }

  /** The next calls get these answers, e.g. {status: 503, body: ''}, whatever they say. */
  failNext(...answers) {
    this.#failures.push(...answers);
  }

  /** @param {{method, path, query: URLSearchParams, headers: object, body: Buffer}} request path below the mount */
  answer(request) {
    const failure = this.outage ?? this.#failures.shift();
    if (failure) {
      this.refusals += 1;
      return failure;
    }
    return this.take(request);
  }

  keep(message) {
    this.received.push(message);
    this.#taken.put(message);
  }

  /** The next message taken that fits. */
  next(fits = () => true, what = 'a message', within = undefined) {
    return this.#taken.take(fits, `${this.name} to receive ${what}`, within);
  }

  /** Refuses as the provider would, and remembers why. */
  complain(why, answer) {
    this.complaints.push(`${this.name}: ${why}`);
    return answer;
  }
}

export const json = (status, content) => ({ status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(content) });

/** {user, password} of an Authorization: Basic header; null when there is none. */
export function basicAuth(headers) {
  const match = /^Basic ([A-Za-z0-9+/=]+)$/.exec(headers.authorization ?? '');
  if (!match) return null;
  const [user, ...password] = Buffer.from(match[1], 'base64').toString('utf8').split(':');
  return { user, password: password.join(':') };
}

/** Content type without parameters. */
export const mediaType = (headers) => (headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
