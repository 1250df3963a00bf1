/** Asks `question` until it gives something that is neither null, undefined nor false. */
export async function eventually(question, what, { within = 8000, every = 25 } = {}) {
  const end = Date.now() + within;
  let last;
  for (;;) {
    try {
      const answer = await question();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (problem) {
      last = problem;
    }
    if (Date.now() > end) throw new Error(`waited ${within} ms in vain for ${what}${last ? `: ${last.message}` : ''}`);
    await new Promise((resolve) => { setTimeout(resolve, every); });
  }
}

/** Things that arrive one after the other; whoever takes one gets the first that fits, now or later. */
export class Mailbox {
  #waiting = [];
  #takers = [];

  put(item) {
    const at = this.#takers.findIndex((taker) => taker.fits(item));
    if (at < 0) this.#waiting.push(item);
    else this.#takers.splice(at, 1)[0].resolve(item);
  }

  take(fits, what, within = 8000) {
    const at = this.#waiting.findIndex(fits);
    if (at >= 0) return Promise.resolve(this.#waiting.splice(at, 1)[0]);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#takers = this.#takers.filter((other) => other !== taker);
        reject(new Error(`waited ${within} ms in vain for ${what}; there were ${JSON.stringify(this.#waiting).slice(0, 1500)}`));
      }, within);
      const taker = { fits, resolve: (item) => { clearTimeout(timer); resolve(item); } };
      this.#takers.push(taker);
    });
  }

  /** What arrived and nobody took. */
  get left() {
    return [...this.#waiting];
  }
}
