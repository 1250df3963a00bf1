import { createServer } from 'node:http';
import { secrets as testSecrets } from '../secrets.mjs';
import { DiscourseDouble } from './discourse.mjs';
import { GraphDouble } from './graph.mjs';
import { MailgunDouble } from './mailgun.mjs';
import { SmtpSink } from './smtp_sink.mjs';
import { TwilioDouble } from './twilio.mjs';

/** All providers on one loopback address, each below a path of its own, and a mail server. */
export class Doubles {
  #server = null;

  /** @param {{http?: number, smtp?: number, host?: string}} ports 0: any free one */
  static async start(ports = {}, secrets = testSecrets) {
    const doubles = new Doubles();
    doubles.graph = new GraphDouble(secrets.whatsapp);
    doubles.mailgun = new MailgunDouble(secrets.mailgun);
    doubles.twilio = new TwilioDouble(secrets.twilio);
    doubles.discourse = new DiscourseDouble(secrets.discourse);
    doubles.smtp = new SmtpSink();
    await doubles.#listen(ports);
    return doubles;
  }

  async #listen(ports) {
    const { host = '127.0.0.1' } = ports;
    this.#server = createServer((request, response) => this.#serve(request, response));
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(ports.http ?? 0, host, resolve);
    });
    const smtp = await this.smtp.listen(ports.smtp ?? 0, host);
    this.addresses = { http: `http://${host}:${this.#server.address().port}`, smtp: `smtp://${host}:${smtp}` };
  }

  get all() {
    return [this.graph, this.mailgun, this.twilio, this.discourse, this.smtp];
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url, 'http://double');
    const [, mount, path] = /^\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const double = { graph: this.graph, mailgun: this.mailgun, twilio: this.twilio, discourse: this.discourse }[mount];
    const asked = { method: request.method, path: path ?? '/', query: url.searchParams, headers: request.headers, body: Buffer.concat(chunks) };
    const answer = double ? await double.answer(asked) : this.graph.complain(`nobody is at ${request.url}`, { status: 404, body: '' });
    response.writeHead(answer.status, answer.headers ?? {});
    response.end(answer.body ?? '');
  }

  /** Throws when a provider had to refuse something it should have been able to take. */
  check() {
    const complaints = this.all.flatMap((double) => double.complaints);
    if (complaints.length > 0) throw new Error(`the providers complain:\n${complaints.join('\n')}`);
  }

  async stop() {
    this.#server.closeAllConnections();
    await Promise.all([new Promise((resolve) => { this.#server.close(resolve); }), this.smtp.stop()]);
  }
}
