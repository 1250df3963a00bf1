import assert from 'node:assert/strict';
import twilio from 'twilio';
import { twimlFault } from './doubles/twilio.mjs';
import { secrets } from './secrets.mjs';
import { freshNumber } from './sign.mjs';

const { accountSid, authToken, number } = secrets.twilio;
const unescaped = (text) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The value of an attribute of the first such verb of a TwiML document; empty when there is none. */
export const attribute = (document, verb, name) => unescaped(new RegExp(`<${verb}\\b[^>]*\\b${name}="([^"]*)"`).exec(document)?.[1] ?? '');

/** A caller as Twilio plays them: it signs with Twilio's own library and follows what the documents say. */
export class Caller {
  static counter = 0;

  constructor(engine, channel, { from = `+${freshNumber()}` } = {}) {
    Object.assign(this, { engine, channel, from });
    this.sid = `CA${(Caller.counter += 1).toString(16).padStart(8, '0')}${'cafe'.repeat(6)}`;
    this.status = 'ringing';
  }

  async ask(address, fields = {}) {
    const { pathname, search } = new URL(address, this.engine.url);
    const url = this.engine.url + pathname + search;
    const form = { AccountSid: accountSid, CallSid: this.sid, CallStatus: this.status, From: this.from, To: number, ApiVersion: '2010-04-01', ...fields };
    const signature = twilio.getExpectedTwilioSignature(authToken, url, form);
    const answer = await this.engine.anyone.deliver({
      path: pathname + search, body: Buffer.from(new URLSearchParams(form).toString()),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8', 'X-Twilio-Signature': signature },
    });
    assert.ok([200, 204].includes(answer.status), `${pathname}: ${answer.status} ${answer.text}`);
    if (answer.status === 200) assert.equal(twimlFault(answer.text), null, answer.text);
    this.status = 'in-progress';
    return answer.text;
  }

  ring() {
    return this.ask(`/webhooks/${this.channel}`);
  }

  over(fields = {}) {
    this.status = 'completed';
    return this.ask(`/webhooks/${this.channel}/status`, { CallDuration: '9', SequenceNumber: '4', ...fields });
  }
}
