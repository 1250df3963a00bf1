/** What the engine refused, in its own words. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `the engine answered ${status}`);
    this.status = status;
    this.type = problem.type;
  }
}

/**
 * Calls the engine. A POST carries an Idempotency-Key, so that a repeated one has its effect once.
 * @throws {Refusal} for every answer that is not 2xx
 */
export async function call(method, path, body, key = crypto.randomUUID()) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method === 'POST') headers['Idempotency-Key'] = key;
  const answer = await fetch(`/api/v1${path}`, {
    method, headers, credentials: 'same-origin', body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const content = text === '' ? {} : parsed(text);
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: 'the answer is not JSON' };
  }
}

export const api = {
  login: (login, password) => call('POST', '/login', { login, password }),
  logout: () => call('POST', '/logout', {}),
  me: () => call('GET', '/me'),
  setPresence: (state) => call('PUT', '/agents/me/presence', { state }),
  ticket: (id) => call('GET', `/tickets/${id}`),
  accept: (offer) => call('POST', `/offers/${offer}/accept`, {}),
  decline: (offer, reason) => call('POST', `/offers/${offer}/decline`, reason ? { reason } : {}),
  reply: (ticket, text, key) => call('POST', `/tickets/${ticket}/reply`, { text }, key),
  note: (ticket, text, key) => call('POST', `/tickets/${ticket}/note`, { text }, key),
  resolve: (ticket, disposition) => call('POST', `/tickets/${ticket}/resolve`, disposition ? { disposition } : {}),
  endWrapUp: (ticket) => call('POST', `/tickets/${ticket}/wrap-up/end`, {}),
};
