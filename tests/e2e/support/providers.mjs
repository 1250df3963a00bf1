import { createServer } from 'node:http';
import { freePorts } from './ports.mjs';
import { Mailbox } from './wait.mjs';

/** The other end of every channel: keeps what it is sent and answers as the provider would, or as a test says. */
export class Providers {
  #mail = new Mailbox();
  #rules = [];

  /** Calls whose path begins so are answered by `answer(call)`, which gives [status, content] now or later. */
  when(path, answer) {
    this.#rules.unshift({ path, answer });
  }

  static async start() {
    const made = new Providers();
    [made.port] = await freePorts(1);
    made.url = `http://127.0.0.1:${made.port}`;
    made.server = createServer((asked, answer) => {
      const parts = [];
      asked.on('data', (part) => parts.push(part));
      asked.on('end', async () => {
        const body = Buffer.concat(parts).toString('utf8');
        const call = { method: asked.method, path: asked.url, headers: asked.headers, body };
        made.#mail.put(call);
        const rule = made.#rules.find((each) => call.path.startsWith(each.path));
        const [status, content, type = 'application/json'] = rule ? await rule.answer(call) : made.#answer(asked.url, body);
        answer.writeHead(status, { 'Content-Type': type }).end(Buffer.isBuffer(content) ? content : JSON.stringify(content));
      });
    });
    await new Promise((resolve) => { made.server.listen(made.port, '127.0.0.1', resolve); });
    return made;
  }

  #answer(path, body) {
    if (path.startsWith('/slack/api/users.info')) return [200, { ok: false, error: 'user_not_found' }];
    if (path.startsWith('/slack')) return [200, { ok: true, channel: JSON.parse(body).channel, ts: '1790000001.000100' }];
    if (path.startsWith('/line')) return [200, { sentMessages: [{ id: '461230966842064897' }] }];
    if (path.startsWith('/github')) return [201, { id: 99, node_id: 'IC_99' }];
    return [200, {}];
  }

  next(path) {
    return this.#mail.take((one) => one.path.startsWith(path), `a call to ${path}`);
  }

  /** Calls to the path that nobody took. */
  left(path) {
    return this.#mail.left.filter((one) => one.path.startsWith(path));
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}
