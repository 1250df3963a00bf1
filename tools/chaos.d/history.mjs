/**
 * What clients saw of a run: each call as `ok` (the engine said that it is done), `fail` (surely not done: nobody listened, or
 * it was refused for good) or `unknown` (no answer, a torn one, or one that says "not now").
 */
export class History {
  calls = [];
  shown = [];

  /** A call that begins now; `about` says what it is: {kind, id, ...}. */
  begin(about) {
    const call = { ...about, began: Date.now(), ended: null, result: 'unknown' };
    this.calls.push(call);
    return call;
  }

  end(call, result, status) {
    Object.assign(call, { ended: Date.now(), result, status });
    return result;
  }

  /** An offer that a desk was shown. */
  saw(agent, offer, ticket) {
    this.shown.push({ agent, offer, ticket, at: Date.now() });
  }

  /** Calls of the kind that somebody was told are done, each once. */
  acknowledged(kind) {
    return new Map(this.calls.filter((call) => call.kind === kind && call.result === 'ok').map((call) => [call.id, call]));
  }

  /** Ids of the kind that were ever asked for. */
  asked(kind) {
    return new Set(this.calls.filter((call) => call.kind === kind).map((call) => call.id));
  }

  /** The longest time in which no contact was acknowledged, milliseconds. */
  longestPause(from, until) {
    const moments = this.calls.filter((call) => call.kind === 'contact' && call.result === 'ok').map((call) => call.ended);
    const all = [from, ...moments.sort((one, other) => one - other), until];
    return all.slice(1).reduce((longest, at, index) => Math.max(longest, at - all[index]), 0);
  }
}
