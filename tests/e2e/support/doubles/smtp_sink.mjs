import { createServer } from 'node:net';
import { mailFields } from './mailgun.mjs';
import { ProviderDouble } from './provider_double.mjs';

/** A mail server that takes everything that keeps to RFC 5321, and complains of what does not. */
export class SmtpSink extends ProviderDouble {
  #server = null;
  #sockets = new Set();

  /** What RCPT is answered with for some addresses: '550 5.1.1 no such user here'. */
  refused = new Map();

  constructor() {
    super('SMTP');
  }

  async listen(port = 0, host = '127.0.0.1') {
    this.#server = createServer((socket) => this.#serve(socket));
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    return this.#server.address().port;
  }

  stop() {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => { this.#server.close(resolve); });
  }

  #serve(socket) {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
    const session = { socket, greeted: false, from: null, to: [], data: null, buffer: '' };
    socket.setEncoding('latin1').on('data', (text) => this.#arrived(session, text));
    socket.write('220 double.example ESMTP\r\n');
  }

  #arrived(session, text) {
    session.buffer += text;
    for (;;) {
      const end = session.buffer.indexOf('\r\n');
      if (end < 0) return;
      const line = session.buffer.slice(0, end);
      session.buffer = session.buffer.slice(end + 2);
      const reply = session.data === null ? this.#command(session, line) : this.#dataLine(session, line);
      if (reply) session.socket.write(`${reply}\r\n`);
      if (reply?.startsWith('221')) session.socket.end();
    }
  }

  #command(session, line) {
    const [, verb, rest] = /^(\w+)(.*)$/.exec(line) ?? [null, '', ''];
    const commands = {
      EHLO: () => { session.greeted = true; return '250-double.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 26214400'; },
      HELO: () => { session.greeted = true; return '250 double.example'; },
      MAIL: () => this.#mail(session, rest),
      RCPT: () => this.#recipient(session, rest),
      DATA: () => this.#data(session),
      RSET: () => { Object.assign(session, { from: null, to: [] }); return '250 OK'; },
      NOOP: () => '250 OK',
      QUIT: () => '221 Bye',
    };
    return commands[verb.toUpperCase()]?.() ?? this.complain(`unknown command ${line}`, '500 unrecognised');
  }

  #mail(session, rest) {
    const address = /^ FROM:<([^>]*)>/i.exec(rest);
    if (!session.greeted || !address) return this.complain(`MAIL${rest}`, '503 bad sequence or syntax');
    session.from = address[1];
    return '250 OK';
  }

  #recipient(session, rest) {
    const address = /^ TO:<([^>]+@[^>]+)>/i.exec(rest);
    if (session.from === null || !address) return this.complain(`RCPT${rest}`, '503 bad sequence or syntax');
    if (this.refused.has(address[1])) return this.refused.get(address[1]);
    session.to.push(address[1]);
    return '250 OK';
  }

  #data(session) {
    if (session.to.length === 0) return this.complain('DATA without recipients', '503 no recipients');
    session.data = [];
    return '354 go on';
  }

  #dataLine(session, line) {
    if (line !== '.') {
      if (/[\r\n]/.test(line)) this.complain('a bare CR or LF in the message', null);
      if (line.length > 998) this.complain(`a line of ${line.length} bytes`, null);
      session.data.push(line.startsWith('.') ? line.slice(1) : line);
      return null;
    }
    const content = Buffer.from(`${session.data.join('\r\n')}\r\n`, 'latin1').toString('utf8');
    const failure = this.answer({ ...mailFields(content), envelopeFrom: session.from, envelopeTo: session.to });
    Object.assign(session, { from: null, to: [], data: null });
    return failure.reply;
  }

  take(mail) {
    for (const name of ['from', 'to', 'messageId']) {
      if (mail[name] === '') return this.complain(`a mail without ${name}`, { reply: '554 5.6.0 rejected' });
    }
    if (!/^Date: /im.test(mail.raw)) return this.complain('a mail without a date', { reply: '554 5.6.0 rejected' });
    this.keep(mail);
    return { reply: '250 2.0.0 queued' };
  }
}
