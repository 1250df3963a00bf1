import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './ports.mjs';
import { eventually } from './wait.mjs';

const root = userInfo().uid === 0;
const programs = { dovecot: '/usr/sbin/dovecot', postfix: '/usr/sbin/postfix', swaks: '/usr/bin/swaks' };

/** Why a mail server cannot run here; empty when it can. */
export function missing(...names) {
  const absent = names.filter((name) => !existsSync(programs[name]));
  if (absent.length > 0) return `${absent.join(', ')} not installed: tools/setup installs them`;
  return names.includes('postfix') && !root ? 'Postfix starts only as root' : '';
}

const idOf = (user, kind) => Number(execFileSync('id', [kind, user], { encoding: 'utf8' }));

async function listens(port, what) {
  await eventually(() => new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  }), `${what} to listen`, { within: 15_000, every: 50 });
}

class Server {
  async begin(command, args) {
    this.process = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.said = '';
    for (const stream of [this.process.stdout, this.process.stderr]) stream.setEncoding('utf8').on('data', (text) => { this.said += text; });
    this.ended = new Promise((resolve) => { this.process.once('exit', resolve); });
  }

  get log() {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').slice(-4000) : this.said;
  }

  async kill() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), 5_000);
    await this.ended;
    clearTimeout(late);
  }

  async stop() {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Dovecot with one user, on ports and in a folder of its own. The certificate is for `localhost`, by `caFile`. It says
 * for Postfix who may log in (`saslPort`), and asks `tokens` (a TokenServer) about access tokens.
 */
export class Dovecot extends Server {
  static async start({ user = 'help', password = 'imap-secret', tokens = null } = {}) {
    const made = new Dovecot();
    Object.assign(made, { user, password, tokens, folder: await mkdtemp(join(tmpdir(), 'kindred-dovecot-')), delivered: 0 });
    [made.port, made.plainPort, made.saslPort] = await freePorts(3);
    // Dovecot serves no mail of the superuser.
    made.owner = root ? { uid: idOf('nobody', '-u'), gid: idOf('nobody', '-g') } : userInfo();
    await made.#write();
    await made.run();
    return made;
  }

  async #write() {
    const { folder, owner, user, password } = this;
    await chmod(folder, 0o755);
    this.caFile = join(folder, 'cert.pem');
    this.logFile = join(folder, 'dovecot.log');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
      '-keyout', join(folder, 'key.pem'), '-out', this.caFile], { stdio: 'ignore' });
    this.maildir = join(folder, 'mail', user);
    for (const part of ['', 'cur', 'new', 'tmp']) await mkdir(join(this.maildir, part), { recursive: true });
    if (root) for (const path of [join(folder, 'mail'), this.maildir, ...['cur', 'new', 'tmp'].map((part) => join(this.maildir, part))]) await chown(path, owner.uid, owner.gid);
    const me = userInfo().username;
    if (this.tokens) {
      await writeFile(join(folder, 'tokens.conf'), `introspection_mode = post\nintrospection_url = ${this.tokens.url}\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n`);
    }
    await writeFile(join(folder, 'dovecot.conf'), `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${this.logFile}
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <${this.caFile}
ssl_key = <${folder}/key.pem
mail_location = maildir:${folder}/mail/%u
first_valid_uid = 1
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
${root ? '' : `default_internal_user = ${me}\ndefault_login_user = ${me}\ndefault_internal_group = ${me}`}
${this.tokens ? `passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/tokens.conf
}` : ''}
passdb {
  driver = static
  args = user=${user} password=${password}
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${folder}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = ${this.plainPort}
  }
  inet_listener imaps {
    port = ${this.port}
    ssl = yes
  }
${root ? '' : '  chroot ='}
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = ${this.saslPort}
  }
}
service anvil {
${root ? '' : '  chroot ='}
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
`);
  }

  async run() {
    await this.begin(programs.dovecot, ['-F', '-c', join(this.folder, 'dovecot.conf')]);
    await listens(this.port, `Dovecot\n${this.log}`);
  }

  /** Puts a mail into the folder, as a delivery agent does. */
  async deliver(content) {
    this.delivered += 1;
    const name = `${Math.floor(Date.now() / 1000)}.${process.pid}_${this.delivered}.e2e`;
    const before = join(this.maildir, 'tmp', name);
    await writeFile(before, content.replaceAll(/\r?\n/g, '\n'));
    if (root) await chown(before, this.owner.uid, this.owner.gid);
    await rename(before, join(this.maildir, 'new', name));
  }

  /** What Dovecot itself says of the mails: `flags` and so on, by doveadm. */
  ask(...fields) {
    const args = ['-c', join(this.folder, 'dovecot.conf'), 'fetch', '-u', this.user, fields.join(' '), 'mailbox', 'INBOX', 'ALL'];
    return execFileSync('/usr/bin/doveadm', args, { encoding: 'utf8' });
  }
}

/** An authorization server as far as mail servers ask it: which access tokens are good, and whose (RFC 7662). */
export class TokenServer {
  users = new Map();
  asked = [];

  static async start() {
    const made = new TokenServer();
    made.server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      const token = new URLSearchParams(body).get('token');
      made.asked.push(token);
      const username = made.users.get(token);
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(username ? { active: true, username } : { active: false }));
    });
    await new Promise((resolve) => { made.server.listen(0, '127.0.0.1', resolve); });
    made.url = `http://127.0.0.1:${made.server.address().port}/introspect`;
    return made;
  }

  stop() {
    return new Promise((resolve) => { this.server.close(resolve); this.server.closeAllConnections?.(); });
  }
}

/**
 * Postfix: takes mail by SMTP, hands over what is for `domain` by LMTP, and everything else to another server. With
 * `sasl` (a Dovecot) it also takes submissions: `submissionPort` (STARTTLS, PLAIN), `smtpsPort` (TLS at once, LOGIN),
 * and `tokenPort` (STARTTLS, XOAUTH2), each from those who have logged in, and from nobody else. With `lmtpCaFile` it hands
 * over to a server alone that proves, by these certificates, to be `localhost`.
 */
export class Postfix extends Server {
  static async start({ domain, lmtpPort, relayPort, sasl = null, lmtpCaFile = null }) {
    const made = new Postfix();
    made.folder = await mkdtemp(join(tmpdir(), 'kindred-postfix-'));
    Object.assign(made, { sasl, lmtpCaFile });
    [made.port, made.submissionPort, made.smtpsPort, made.tokenPort] = await freePorts(4);
    await made.#write(domain, lmtpPort, relayPort);
    await made.begin(programs.postfix, ['-c', join(made.folder, 'etc'), 'start-fg']);
    await listens(made.port, 'Postfix');
    return made;
  }

  async #write(domain, lmtpPort, relayPort) {
    const { folder } = this;
    await chmod(folder, 0o755);
    this.logFile = join(folder, 'log');
    for (const part of ['etc', 'spool', 'data']) await mkdir(join(folder, part));
    await chown(join(folder, 'data'), idOf('postfix', '-u'), idOf('postfix', '-g'));
    await writeFile(join(folder, 'etc', 'main.cf'), `
compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
maillog_file = ${this.logFile}
maillog_file_prefixes = ${folder}
myhostname = mx.e2e.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = ${domain}
virtual_mailbox_maps = static:here
virtual_transport = lmtp:inet:127.0.0.1:${lmtpPort}
default_transport = smtp:[127.0.0.1]:${relayPort}
recipient_delimiter = +
smtpd_relay_restrictions = permit_mynetworks, reject
disable_dns_lookups = yes
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtputf8_enable = yes
${this.sasl ? `smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${this.sasl.saslPort}
smtpd_tls_cert_file = ${this.sasl.caFile}
smtpd_tls_key_file = ${join(this.sasl.folder, 'key.pem')}
smtpd_tls_auth_only = yes
smtpd_tls_loglevel = 1` : ''}
${this.lmtpCaFile ? `lmtp_tls_security_level = secure
lmtp_tls_secure_cert_match = localhost
lmtp_tls_CAfile = ${this.lmtpCaFile}
lmtp_tls_loglevel = 1` : ''}
`);
    const open = new Set(['pickup', 'cleanup', 'qmgr', 'flush', 'postlog']);
    const service = (name, type, rest) => `${name} ${type} ${type === 'inet' || open.has(name) ? 'n' : '-'} - n ${rest}`;
    const submission = (port, mechanism, tls) => service(`127.0.0.1:${port}`, 'inet', `- - smtpd -o ${tls} -o smtpd_sasl_auth_enable=yes `
      + `-o smtpd_sasl_mechanism_filter=${mechanism} -o smtpd_relay_restrictions=permit_sasl_authenticated,reject -o syslog_name=submission`);
    await writeFile(join(folder, 'etc', 'master.cf'), [
      service(`127.0.0.1:${this.port}`, 'inet', '- - smtpd'),
      ...(this.sasl ? [submission(this.submissionPort, 'plain', 'smtpd_tls_security_level=encrypt'), submission(this.smtpsPort, 'login', 'smtpd_tls_wrappermode=yes'),
        submission(this.tokenPort, 'xoauth2', 'smtpd_tls_security_level=encrypt')] : []), service('pickup', 'unix', '60 1 pickup'), service('cleanup', 'unix', '- 0 cleanup'),
      service('qmgr', 'unix', '1 1 qmgr'), service('tlsmgr', 'unix', '1000? 1 tlsmgr'), service('rewrite', 'unix', '- - trivial-rewrite'), service('bounce', 'unix', '- 0 bounce'),
      service('defer', 'unix', '- 0 bounce'), service('trace', 'unix', '- 0 bounce'), service('verify', 'unix', '- 1 verify'), service('flush', 'unix', '1000? 0 flush'),
      service('proxymap', 'unix', '- - proxymap'), service('smtp', 'unix', '- - smtp'), service('lmtp', 'unix', '- - lmtp'), service('error', 'unix', '- - error'),
      service('retry', 'unix', '- - error'), service('anvil', 'unix', '- 1 anvil'), service('scache', 'unix', '- 1 scache'), service('postlog', 'unix-dgram', '- 1 postlogd'), '',
    ].join('\n'));
  }

  /** The program that was started is a script: the server is told to end by its own number. */
  async kill() {
    const pid = Number(readFileSync(join(this.folder, 'spool', 'pid', 'master.pid'), 'utf8'));
    process.kill(pid, 'SIGTERM');
    await eventually(() => !existsSync(`/proc/${pid}`), 'Postfix to end');
    await super.kill();
  }

  /** Hands a mail in, as swaks does: a client that is not ours. */
  send(...args) {
    return execFileSync(programs.swaks, ['--server', '127.0.0.1', '--port', String(this.port), '--silent', '2', ...args], { encoding: 'utf8' });
  }
}
