import { connect } from 'node:net';

/** A mail system that hands mail over by LMTP (RFC 2033) or SMTP. */
export class MailSender {
  #socket;
  #buffer = '';
  #replies = [];
  #takers = [];

  static async connect(port, hello = 'LHLO') {
    const sender = new MailSender();
    sender.#socket = connect(port, '127.0.0.1');
    sender.#socket.setEncoding('utf8').on('data', (text) => sender.#arrived(text)).on('error', () => {});
    await sender.reply();
    sender.hello = await sender.command(`${hello} relay.example`);
    return sender;
  }

  #arrived(text) {
    this.#buffer += text;
    for (let match; (match = /^(?:\d{3}-[^\n]*\n)*(\d{3}) [^\n]*\n/.exec(this.#buffer));) {
      this.#buffer = this.#buffer.slice(match[0].length);
      const reply = { code: Number(match[1]), text: match[0].trim() };
      const taker = this.#takers.shift();
      if (taker) taker(reply);
      else this.#replies.push(reply);
    }
  }

  reply() {
    if (this.#replies.length > 0) return Promise.resolve(this.#replies.shift());
    return new Promise((resolve) => { this.#takers.push(resolve); });
  }

  command(line) {
    this.#socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** Hands over one mail. LMTP answers for each recipient: the codes, in order; also those of refused recipients. */
  async mail({ from, to, content, lmtp = true }) {
    const opening = await this.command(`MAIL FROM:<${from}>`);
    if (opening.code >= 400) return [opening.code];
    const codes = [];
    let accepted = 0;
    for (const recipient of to) {
      const { code } = await this.command(`RCPT TO:<${recipient}>`);
      if (code < 300) accepted += 1;
      else codes.push(code);
    }
    if (accepted === 0) return codes;
    const { code } = await this.command('DATA');
    if (code !== 354) return [code];
    this.#socket.write(`${content.replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..')}\r\n.\r\n`);
    for (let left = lmtp ? accepted : 1; left > 0; left -= 1) codes.push((await this.reply()).code);
    return codes;
  }

  async quit() {
    await this.command('QUIT');
    this.#socket.end();
  }
}

/** A plain mail; header values are given as they travel. */
export function mailText({ from, to, subject, messageId, text, headers = {} }) {
  const fields = { From: from, To: to, Subject: subject, 'Message-ID': messageId, Date: new Date().toUTCString(), 'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8', ...headers };
  return `${Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${text}\n`;
}
