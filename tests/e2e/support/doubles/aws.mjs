import { execFileSync } from 'node:child_process';
import { createCipheriv, createHash, createHmac, createSign, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

/**
 * What the engine asks of Amazon: SNS's certificate, the address that confirms a subscription, objects of a bucket, the
 * keys of those that SES has encrypted. It signs what SNS posts, and takes only what is signed as S3 and KMS want it;
 * `complaints` says what it had to refuse.
 */
export class Aws {
  complaints = [];
  /** Paths that were asked for and answered with 200, in their order. */
  given = [];
  /** Objects by "/bucket/key": bytes, or { bytes, headers }. */
  objects = new Map();
  /** Data keys by what KMS has made of them, with the words that they are unwrapped under. */
  keys = new Map();
  /** What KMS says instead of unwrapping, while it is set. */
  kmsRefuses = null;
  /** How often each path fails with 503 before it works. */
  failures = new Map();

  static async start({ accessKeyId = 'AKIDEXAMPLE', secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', region = 'eu-west-1' } = {}) {
    const made = new Aws();
    Object.assign(made, { accessKeyId, secretAccessKey, region, topic: `arn:aws:sns:${region}:111111111111:inbox` });
    made.#makeCertificate('sns.amazonaws.com');
    made.server = createServer((asked, answer) => made.#serve(asked, answer));
    await new Promise((resolve) => { made.server.listen(0, '127.0.0.1', resolve); });
    made.url = `http://127.0.0.1:${made.server.address().port}`;
    return made;
  }

  /** The settings of a channel that this is Amazon for. */
  get settings() {
    return {
      connector: 'ses-sns', allowed_topic_arn: this.topic, address: 'help@shop.example', sns_base: this.url, s3_base: `${this.url}/s3`, kms_base: `${this.url}/kms`,
      aws_access_key_id: this.accessKeyId, aws_secret_access_key: this.secretAccessKey,
    };
  }

  #makeCertificate(name) {
    const folder = mkdtempSync(join(tmpdir(), 'kindred-sns-'));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`,
      '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
    this.key = readFileSync(join(folder, 'key.pem'));
    this.certificate = readFileSync(join(folder, 'cert.pem'));
    rmSync(folder, { recursive: true });
  }

  /** A message as SNS posts it to the channel, by either version of its signature. */
  post(channel, type, content, { version = '1', pem = 'SimpleNotificationService-1.pem', id = randomUUID() } = {}) {
    const envelope = { Type: type, MessageId: id, TopicArn: this.topic, Timestamp: new Date().toISOString(), ...content };
    const names = type === 'Notification' ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const text = names.filter((name) => envelope[name] !== undefined).map((name) => `${name}\n${envelope[name]}\n`).join('');
    const signature = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text, 'utf8').sign(this.key, 'base64');
    const body = JSON.stringify({ ...envelope, SignatureVersion: version, Signature: signature, SigningCertURL: `https://sns.${this.region}.amazonaws.com/${pem}` });
    return {
      path: `/webhooks/${channel}`, body: Buffer.from(body, 'utf8'), id,
      headers: { 'Content-Type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': type, 'x-amz-sns-message-id': id },
    };
  }

  subscription(channel, more = {}) {
    const token = randomUUID();
    return { token, ...this.post(channel, 'SubscriptionConfirmation', { Message: 'You have chosen to subscribe', Token: token, SubscribeURL: `https://sns.${this.region}.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${this.topic}&Token=${token}` }, more) };
  }

  /** SES says that it has put a mail into a bucket: the mail lies there, unless it is not given. */
  mailInBucket(channel, { from, subject, text, bucket = 'inbox', key = `in/${randomUUID()} ä+1`, mail }, more = {}) {
    const raw = mail ?? `From: ${from}\r\nTo: help@shop.example\r\nSubject: ${subject}\r\nMessage-ID: <${randomUUID()}@x.example>\r\n\r\n${text}\r\n`;
    if (text !== undefined || mail !== undefined) this.objects.set(`/${bucket}/${key}`, Buffer.from(raw, 'utf8'));
    const message = {
      notificationType: 'Received',
      mail: { messageId: randomUUID(), source: from, headers: [{ name: 'From', value: from }, { name: 'Subject', value: subject }] },
      receipt: { recipients: ['help@shop.example'], dmarcVerdict: { status: 'PASS' }, action: { type: 'S3', topicArn: this.topic, bucketName: bucket, objectKey: key } },
    };
    return { object: `/${bucket}/${key}`, ...this.post(channel, 'Notification', { Message: JSON.stringify(message) }, more) };
  }

  /** Encrypts an object as SES does through S3's client: under a key of its own, which KMS has wrapped. */
  seal(object, cipher = 'AES/GCM/NoPadding') {
    const gcm = cipher.includes('GCM');
    const [key, iv, wrapped] = [randomBytes(32), randomBytes(gcm ? 12 : 16), randomBytes(64).toString('base64')];
    const context = { 'aws:ses:message-id': randomUUID(), 'aws:ses:rule-name': 'inbox', kms_cmk_id: `arn:aws:kms:${this.region}:111111111111:key/${randomUUID()}` };
    const plain = this.objects.get(object);
    const seal = createCipheriv(gcm ? 'aes-256-gcm' : 'aes-256-cbc', key, iv);
    const bytes = Buffer.concat([seal.update(plain), seal.final(), gcm ? seal.getAuthTag() : Buffer.alloc(0)]);
    const envelope = { 'key-v2': wrapped, iv: iv.toString('base64'), 'cek-alg': cipher, 'wrap-alg': 'kms', matdesc: JSON.stringify(context), 'unencrypted-content-length': String(plain.length), ...(gcm ? { 'tag-len': '128' } : {}) };
    this.keys.set(wrapped, { key, context });
    this.objects.set(object, { bytes, headers: Object.fromEntries(Object.entries(envelope).map(([name, value]) => [`x-amz-meta-x-amz-${name}`, value])) });
  }

  async #serve(asked, answer) {
    const parts = [];
    for await (const part of asked) parts.push(part);
    asked.content = Buffer.concat(parts).toString('utf8');
    const url = new URL(asked.url, 'http://aws');
    const path = decodeURIComponent(url.pathname);
    const failing = this.failures.get(path) ?? 0;
    if (failing > 0) {
      this.failures.set(path, failing - 1);
      return answer.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
    }
    const [status, body, refused] = this.#answer(asked, url, path);
    if (refused) this.complaints.push(`${asked.method} ${asked.url}: ${refused}`);
    if (status === 200) this.given.push(asked.url);
    return answer.writeHead(status, body.headers ?? {}).end(body.bytes ?? body);
  }

  #answer(asked, url, path) {
    if (path === '/kms/') return this.#unwrap(asked, url);
    if (asked.method !== 'GET') return [405, '', 'wants GET'];
    if (/^\/SimpleNotificationService-\w+\.pem$/.test(path)) return [200, this.certificate];
    if (path === '/' && url.searchParams.get('Action') === 'ConfirmSubscription') return [200, '<ConfirmSubscriptionResponse/>'];
    if (!path.startsWith('/s3/')) return [404, '', 'nothing is here'];
    const fault = this.#signatureFault(asked, url, 's3');
    if (fault) return [403, '<Error><Code>SignatureDoesNotMatch</Code></Error>', fault];
    const object = this.objects.get(path.slice('/s3'.length));
    return object ? [200, object] : [404, '<Error><Code>NoSuchKey</Code></Error>'];
  }

  #unwrap(asked, url) {
    if (asked.method !== 'POST' || asked.headers['x-amz-target'] !== 'TrentService.Decrypt' || asked.headers['content-type'] !== 'application/x-amz-json-1.1') return [400, '', 'is no Decrypt'];
    const fault = this.#signatureFault(asked, url, 'kms');
    if (fault) return [400, JSON.stringify({ __type: 'IncompleteSignatureException' }), fault];
    if (this.kmsRefuses) return [400, JSON.stringify({ __type: this.kmsRefuses, message: 'not today' })];
    const { CiphertextBlob: wrapped, EncryptionContext: context } = JSON.parse(asked.content);
    const known = this.keys.get(wrapped);
    if (!known || JSON.stringify(Object.entries(context).sort()) !== JSON.stringify(Object.entries(known.context).sort())) return [400, JSON.stringify({ __type: 'InvalidCiphertextException' }), 'another key or context'];
    return [200, JSON.stringify({ KeyId: context.kms_cmk_id, Plaintext: known.key.toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })];
  }

  /** AWS Signature Version 4, from the request as it arrived. */
  #signatureFault(asked, url, service) {
    const found = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/.exec(asked.headers.authorization ?? '');
    if (!found) return `Authorization: ${asked.headers.authorization}`;
    const [, id, day, region, named, names, signature] = found;
    if (id !== this.accessKeyId || region !== this.region || named !== service) return `another key, region or service: ${id}, ${region}, ${named}`;
    const digest = service === 's3' ? asked.headers['x-amz-content-sha256'] : sha256(asked.content);
    for (const name of ['host', 'x-amz-date', service === 's3' ? 'x-amz-content-sha256' : 'x-amz-target']) if (!names.split(';').includes(name)) return `${name} is not signed`;
    const stamp = asked.headers['x-amz-date'];
    const at = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    if (!(Math.abs(Date.now() - at) < 15 * 60_000) || !stamp.startsWith(day)) return `the time is ${stamp}`;
    const lines = names.split(';').map((name) => `${name}:${asked.headers[name].trim()}\n`).join('');
    const request = `${asked.method}\n${url.pathname}\n${url.search.slice(1)}\n${lines}\n${names}\n${digest}`;
    const scope = `${day}/${region}/${service}/aws4_request`;
    const key = [service, 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${this.secretAccessKey}`, day), region));
    const expected = createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(request)}`).digest('hex');
    return expected === signature ? null : 'the signature does not match';
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}
