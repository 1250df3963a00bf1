import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Engine } from './support/engine.mjs';
import { MailSender, mailText } from './support/lmtp.mjs';
import { Dovecot, missing, Postfix, TokenServer } from './support/mail_servers.mjs';
import { freePorts } from './support/ports.mjs';
import { secrets } from './support/secrets.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const why = missing('postfix', 'dovecot');
if (why) process.stderr.write(`\n*** SKIPPED, a real mail server cannot run here: ${why} ***\n\n`);

const ours = 'help@submission.example';

/** One channel for each way of submission; what is written to one is answered by it. */
describe('mail is submitted to a real Postfix, whose users a real Dovecot knows,', { skip: why || false }, () => {
  let engine;
  let dovecot;
  let postfix;
  let tokens;
  let tokenFile;
  let ann;
  const ports = {};
  const user = 'help';
  const password = 'pässword/with+all=';
  const writeToken = async (token) => {
    await writeFile(`${tokenFile}.new`, `${token}\n`);
    await rename(`${tokenFile}.new`, tokenFile);
  };

  before(async () => {
    tokens = await TokenServer.start();
    tokens.users.set('good-token', user);
    dovecot = await Dovecot.start({ user, password, tokens });
    tokenFile = join(dovecot.folder, 'token');
    await writeToken('good-token');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
      '-keyout', join(dovecot.folder, 'other-key.pem'), '-out', join(dovecot.folder, 'other.pem')], { stdio: 'ignore' });
    engine = await Engine.start();
    await engine.stop();
    const sinkPort = new URL(engine.doubles.addresses.smtp).port;
    postfix = await Postfix.start({ domain: 'submission.example', lmtpPort: engine.ports.mail, relayPort: Number(sinkPort), sasl: dovecot });
    const known = { smtp_ca_file: dovecot.caFile };
    const byPassword = { ...known, smtp_user: user, smtp_password: password };
    const byToken = { ...known, smtp_user: user, smtp_token_file: tokenFile };
    const ways = {
      starttls: { smtp_url: `smtp://localhost:${postfix.submissionPort}`, ...byPassword },
      implicit: { smtp_url: `smtps://localhost:${postfix.smtpsPort}`, ...byPassword },
      token: { smtp_url: `smtp://localhost:${postfix.tokenPort}`, ...byToken },
      stranger: { smtp_url: `smtp://localhost:${postfix.submissionPort}`, ...byPassword, smtp_ca_file: join(dovecot.folder, 'other.pem') },
      unnamed: { smtp_url: `smtp://127.0.0.1:${postfix.submissionPort}`, ...byPassword },
      open: { smtp_url: `smtp://localhost:${sinkPort}`, ...byPassword },
      wrong: { smtp_url: `smtp://localhost:${postfix.submissionPort}`, ...byPassword, smtp_password: 'not it' },
    };
    const names = Object.keys(ways);
    const free = await freePorts(names.length);
    names.forEach((name, at) => { ports[name] = free[at]; });
    await engine.reconfigure((config) => {
      for (const name of names) {
        config.channels[name] = { connector: 'email', listen: `127.0.0.1:${ports[name]}`, address: ours, reply_secret: secrets.postbox.replySecret, ...ways[name] };
      }
    });
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await postfix?.stop();
    await dovecot?.stop();
    await tokens?.stop();
  });

  const answer = async (way) => {
    const subject = freshId(way);
    const from = `${subject}@mail.example`;
    const relay = await MailSender.connect(ports[way]);
    assert.deepEqual(await relay.mail({ from, to: [ours], content: mailText({ from, to: ours, subject, messageId: `<${subject}@mail.example>`, text: 'hello' }) }), [250]);
    await relay.quit();
    const ticket = await ann.take((each) => each.subject === subject);
    const entry = await ann.reply(ticket, 'good day');
    return { from, ticket, entry };
  };
  const arrives = async ({ from, ticket, entry }) => {
    const sent = await engine.doubles.smtp.next((message) => message.envelopeTo.includes(from), `the mail to ${from}`, 15_000);
    assert.match(sent.text, /good day/);
    await ann.delivered(ticket, entry);
    await ann.resolve(ticket);
    return sent;
  };
  const logIns = (mechanism) => (postfix.log.match(new RegExp(`sasl_method=${mechanism}, sasl_username=${user}$`, 'gm')) ?? []).length;
  const attempt = async ({ ticket, entry }, reason) => {
    let delivery;
    await eventually(async () => {
      delivery = (await ann.client.ticket(ticket.id)).deliveries.find((each) => each.entry === entry);
      return reason.test(delivery?.reason ?? '');
    }, `a try that says ${reason}`, { within: 15_000 });
    return delivery;
  };

  const stillWaits = async (said, reason) => {
    assert.equal((await attempt(said, reason)).state, 'pending');
    await ann.resolve(said.ticket);
  };

  it('after STARTTLS, with PLAIN', async () => {
    await arrives(await answer('starttls'));
    assert.equal(logIns('PLAIN'), 1, postfix.log);
    assert.match(postfix.log, /TLS connection established from .*: TLSv1\.[23]/);
  });

  it('over TLS from the first byte, with LOGIN', async () => {
    await arrives(await answer('implicit'));
    assert.equal(logIns('LOGIN'), 1, postfix.log);
  });

  it('with an access token, which is read again when it was replaced', async () => {
    await arrives(await answer('token'));
    assert.equal(logIns('XOAUTH2'), 1, postfix.log);
    tokens.users.delete('good-token');
    await writeToken('old-token');
    const said = await answer('token');
    await attempt(said, /denied/);
    tokens.users.set('new-token', user);
    await writeToken('new-token');
    await arrives(said);
    assert.equal(logIns('XOAUTH2'), 2, postfix.log);
    assert.ok(tokens.asked.includes('old-token') && tokens.asked.includes('new-token'));
  });

  it('not where the certificate is by nobody we trust, or for another name: then no secret is said', async () => {
    const before = tokens.asked.length + logIns('PLAIN');
    for (const way of ['stranger', 'unnamed']) {
      const said = await answer(way);
      await stillWaits(said, /certificate|SSL/i);
    }
    assert.equal(tokens.asked.length + logIns('PLAIN'), before);
    assert.doesNotMatch(dovecot.log, /auth failed/);
  });

  it('not where TLS is not offered: then no secret is said', async () => {
    await stillWaits(await answer('open'), /TLS|SSL/);
    assert.deepEqual(engine.doubles.smtp.complaints, []);
  });

  it('again and again while the log-in is refused, for that is ours to mend', async () => {
    await stillWaits(await answer('wrong'), /535/);
    assert.doesNotMatch(engine.logs, /not it/);
  });
});
