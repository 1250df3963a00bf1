/** How long a client waits for an answer; providers wait longer. */
const patience = 4000;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Everybody outside: calls a node, and another one where that does not help, and writes down what was answered. */
export class Caller {
  #at = 0;

  constructor(nodes, history) {
    this.nodes = nodes;
    this.history = history;
    this.given_up = false;
  }

  get node() {
    return this.nodes[this.#at % this.nodes.length];
  }

  /** One call to the node that answered last. `send(node, signal)` gives {status, body}. */
  async once(about, send) {
    const { node } = this;
    const call = this.history.begin({ ...about, node: node.name });
    try {
      const answer = await send(node, AbortSignal.timeout(patience));
      const later = answer.status === 429 || answer.status >= 500;
      if (later) this.#elsewhere(node);
      const result = answer.status < 300 ? 'ok' : later ? 'unknown' : 'fail';
      this.history.end(call, result, answer.status);
      return { result, ...answer };
    } catch (problem) {
      this.#elsewhere(node);
      const nobody = problem.cause?.code === 'ECONNREFUSED' || problem.code === 'ECONNREFUSED';
      return { result: this.history.end(call, nobody ? 'fail' : 'unknown'), refused: nobody };
    }
  }

  #elsewhere(node) {
    if (node === this.node) this.#at += 1;
  }

  /** The same call, under the same key, until it is done or refused for good. Null when the run ends before that. */
  async until(about, send) {
    for (let tries = 0; !this.given_up; tries += 1) {
      const answer = await this.once(about, send);
      if (answer.result === 'ok' || (answer.result === 'fail' && !answer.refused)) return answer;
      await pause(Math.min(20 * 2 ** tries, 300));
    }
    return null;
  }
}

/** A request as fetch() wants it; the answer as Caller wants it. */
export async function request(url, { method = 'POST', headers = {}, body, token }, signal) {
  const authorised = token ? { Authorization: `Bearer ${token}`, ...headers } : headers;
  const answer = await fetch(url, { method, headers: authorised, body, signal, redirect: 'manual' });
  const text = await answer.text();
  return { status: answer.status, body: /json/.test(answer.headers.get('content-type') ?? '') && text ? JSON.parse(text) : null };
}
