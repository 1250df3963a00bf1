import { randomUUID } from 'node:crypto';

/** One answer: status, headers, text, and the body where it is JSON. */
export class Answer {
  constructor(status, headers, text) {
    this.status = status;
    this.headers = headers;
    this.text = text;
    this.body = /[/+]json\b/.test(headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : null;
  }
}

/** A user of the HTTP interface. */
export class Client {
  constructor(url, token = null) {
    this.url = url;
    this.token = token;
  }

  async send(method, path, { headers = {}, body } = {}) {
    const authorised = this.token ? { Authorization: `Bearer ${this.token}`, ...headers } : headers;
    const answer = await fetch(this.url + path, { method, headers: authorised, body, redirect: 'manual' });
    return new Answer(answer.status, answer.headers, await answer.text());
  }

  get(path, headers = {}) {
    return this.send('GET', path, { headers });
  }

  post(path, content, headers = {}) {
    return this.send('POST', path, { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(content) });
  }

  put(path, content, headers = {}) {
    return this.send('PUT', path, { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(content) });
  }

  patch(path, content, headers = {}) {
    return this.send('PATCH', path, { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(content) });
  }

  delete(path, headers = {}) {
    return this.send('DELETE', path, { headers });
  }

  /** Sends what signed() of sign.mjs made, exactly as it is. */
  deliver({ path, headers, body, method = 'POST' }) {
    return this.send(method, path, { headers, body });
  }

  /** The body of an answer with this status; everything else is an error that says what came instead. */
  async expect(status, method, path, content) {
    const headers = method === 'GET' ? {} : { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() };
    const answer = await this.send(method, path, { headers, body: content === undefined ? undefined : JSON.stringify(content) });
    if (answer.status !== status) throw new Error(`${method} ${path} gave ${answer.status}, not ${status}: ${answer.text}`);
    return answer.body;
  }

  /** The whole ticket, and `contacts`: the records of what the customer sent. */
  async ticket(id) {
    const detail = await this.expect(200, 'GET', `/api/v1/tickets/${id}`);
    return { ...detail, contacts: detail.entries.filter((entry) => entry.kind === 'contact').map((entry) => entry.record) };
  }

  /** All pages of a list of tickets. */
  async tickets(filter = {}) {
    const found = [];
    let cursor = null;
    do {
      const query = new URLSearchParams({ ...filter, ...(cursor ? { cursor } : {}) });
      const page = await this.expect(200, 'GET', `/api/v1/tickets?${query}`);
      found.push(...page.tickets);
      cursor = page.next;
    } while (cursor);
    return found;
  }

  /** Profile and tickets by identity; null when there is no such customer. */
  async customer(identity) {
    const answer = await this.get(`/api/v1/customers?identity=${encodeURIComponent(identity)}`);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw new Error(`customer ${identity}: ${answer.status} ${answer.text}`);
    return answer.body;
  }
}
