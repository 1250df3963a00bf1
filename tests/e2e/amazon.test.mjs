import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent } from './support/desk.mjs';
import { Aws } from './support/doubles/aws.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('Mail through Amazon', () => {
  let aws;
  let engine;
  let ann;
  let root;
  before(async () => {
    aws = await Aws.start();
    engine = await Engine.start({ channels: { amazon: aws.settings } });
    ann = await Agent.arrive(engine, 'ann');
    root = await engine.login('root');
  });
  after(async () => {
    await ann?.leave();
    await engine?.dispose();
    await aws?.stop();
  });
  const deliver = (request) => engine.anyone.deliver(request);
  const from = (address) => (ticket) => ticket.channel === 'amazon' && ticket.subject.includes(address);
  const held = async () => (await root.expect(200, 'GET', '/api/v1/quarantine')).quarantine;
  const times = (part) => aws.given.filter((each) => each.includes(part)).length;
  const fresh = () => freshId('s');

  it('downloads the certificate once, and believes either version of the signature', async () => {
    for (const version of ['1', '2']) {
      const subject = fresh();
      const mail = aws.post('amazon', 'Notification', {
        Message: JSON.stringify({ notificationType: 'Received', mail: { messageId: fresh(), source: 'ann@x.example' }, receipt: { recipients: ['help@shop.example'], action: { type: 'SNS', encoding: 'UTF8' } }, content: `From: ann@x.example\r\nSubject: ${subject}\r\n\r\nhello by SNS` }),
      }, { version });
      assert.equal((await deliver(mail)).status, 200);
      const ticket = await ann.take(from(subject));
      assert.equal((await ann.client.ticket(ticket.id)).contacts[0].text, 'hello by SNS');
      await ann.resolve(ticket);
    }
    assert.equal(times('SimpleNotificationService-1.pem'), 1);
  });

  it('refuses what the certificate does not prove, and lets SNS come again where there is none', async () => {
    const request = aws.subscription('amazon');
    const forged = { ...request, body: Buffer.from(request.body.toString('utf8').replace('You have', 'You hate')) };
    assert.equal((await deliver(forged)).status, 403);
    const elsewhere = aws.post('amazon', 'Notification', { Message: 'x' }, { pem: '../evil.pem' });
    assert.equal((await deliver({ ...elsewhere, body: Buffer.from(elsewhere.body.toString('utf8').replace(/sns\.eu-west-1\.amazonaws\.com/, '127.0.0.1')) })).status, 403);
    aws.failures.set('/SimpleNotificationService-2.pem', 1);
    const later = aws.post('amazon', 'Notification', { Message: 'Successfully validated SNS topic.' }, { pem: 'SimpleNotificationService-2.pem' });
    assert.equal((await deliver(later)).status, 503);
    assert.equal((await deliver(later)).status, 200);
    assert.equal(times('ConfirmSubscription'), 0, 'what is forged is not visited');
    assert.deepEqual(await held(), []);
  });

  it('confirms a subscription by visiting its address, once', async () => {
    const request = aws.subscription('amazon');
    for (let time = 0; time < 2; time += 1) assert.equal((await deliver(request)).status, 200);
    await eventually(() => times(request.token) > 0, 'the visit');
    await eventually(async () => (await held()).length === 0, 'nothing to wait any more');
    assert.equal(times(request.token), 1);
    const end = aws.post('amazon', 'UnsubscribeConfirmation', { Message: 'gone', Token: 'end', SubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=end-${request.token}` });
    assert.equal((await deliver(end)).status, 200);
    assert.equal(times(`end-${request.token}`), 0);
  });

  it('fetches a mail from its bucket and takes it in as the mail it is', async () => {
    const subject = fresh();
    const mail = `From: Bea <bea@x.example>\r\nTo: help@shop.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nMy lamp is dark – again\r\n--b\r\nContent-Type: application/pdf; name=bill.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.alloc(300_000, 'pdf').toString('base64')}\r\n--b--\r\n`;
    const request = aws.mailInBucket('amazon', { from: 'bea@x.example', subject, mail });
    assert.equal((await deliver(request)).status, 200);
    const ticket = await ann.take(from(subject));
    const detail = await ann.client.ticket(ticket.id);
    assert.equal(detail.contacts[0].text, 'My lamp is dark – again');
    assert.deepEqual(detail.files.map((file) => [file.name, file.size, file.state]), [['bill.pdf', 300_000, 'stored']]);
    assert.deepEqual(aws.complaints, []);
    await eventually(async () => (await held()).length === 0, 'nothing to wait any more');
    assert.equal((await deliver(request)).status, 200);
    await eventually(async () => (await held()).length === 0, 'the repetition to be settled');
    assert.equal((await ann.client.ticket(ticket.id)).contacts.length, 1, 'a repetition has no second effect');
    await ann.resolve(ticket);
  });

  it('tries again by itself where the bucket does not answer', async () => {
    const subject = fresh();
    const request = aws.mailInBucket('amazon', { from: 'cy@x.example', subject, text: 'late but here' });
    aws.failures.set(`/s3${request.object}`, 1);
    assert.equal((await deliver(request)).status, 200, 'it is on record here, so SNS may forget it');
    const waiting = (await held())[0];
    assert.equal(waiting.reason, 'awaits_answer');
    const { offer } = await ann.desk.next('offer', (frame) => from(subject)(frame.offer.ticket), 'the late mail', 20_000);
    const ticket = await ann.accept(offer);
    assert.equal((await ann.client.ticket(ticket.id)).contacts[0].text, 'late but here');
    await eventually(async () => (await held()).length === 0, 'nothing to wait any more');
    await ann.resolve(ticket);
  });

  it('keeps a mail that is not there through a restart, until it comes or an admin drops it', async () => {
    const subject = fresh();
    const lost = aws.mailInBucket('amazon', { from: 'di@x.example', subject, key: `in/${subject}` });
    assert.equal((await deliver(lost)).status, 200);
    const { id } = (await held())[0];
    await ann.leave();
    await engine.kill();
    await engine.begin();
    ann = await Agent.arrive(engine, 'ann');
    root = await engine.login('root');
    assert.equal((await held())[0].id, id);
    assert.match((await root.expect(409, 'POST', `/api/v1/quarantine/${id}/retry`, {})).detail, /unanswered.*404/);
    aws.objects.set(lost.object, Buffer.from(`From: di@x.example\r\nSubject: ${subject}\r\n\r\nfound after all`));
    await root.expect(200, 'POST', `/api/v1/quarantine/${id}/retry`, {});
    assert.deepEqual(await held(), []);
    const ticket = await ann.take(from(subject));
    assert.equal((await ann.client.ticket(ticket.id)).contacts[0].text, 'found after all');
    await ann.resolve(ticket);

    const dropped = aws.mailInBucket('amazon', { from: 'ed@x.example', subject: fresh() });
    assert.equal((await deliver(dropped)).status, 200);
    await root.expect(200, 'DELETE', `/api/v1/quarantine/${(await held())[0].id}`);
    assert.deepEqual(await held(), []);
  });

  it('opens a mail that SES has encrypted, with the key that KMS unwraps', async () => {
    for (const cipher of ['AES/GCM/NoPadding', 'AES/CBC/PKCS5Padding']) {
      const subject = fresh();
      const request = aws.mailInBucket('amazon', { from: 'fay@x.example', subject, text: 'nobody else reads this' });
      aws.seal(request.object, cipher);
      assert.equal((await deliver(request)).status, 200);
      const ticket = await ann.take(from(subject));
      assert.equal((await ann.client.ticket(ticket.id)).contacts[0].text, 'nobody else reads this', cipher);
      await ann.resolve(ticket);
    }
    assert.deepEqual(aws.complaints, []);
    await eventually(async () => (await held()).length === 0, 'nothing to wait any more');
  });

  it('keeps an encrypted mail with the reason where it cannot be opened, and never takes it for one', async () => {
    const subject = fresh();
    const request = aws.mailInBucket('amazon', { from: 'gil@x.example', subject, text: 'still sealed' });
    aws.seal(request.object);
    aws.kmsRefuses = 'AccessDeniedException';
    assert.equal((await deliver(request)).status, 200);
    const [{ id, reason }] = await held();
    assert.equal(reason, 'awaits_answer');
    assert.match((await root.expect(409, 'POST', `/api/v1/quarantine/${id}/retry`, {})).detail, /encrypted.*KMS says AccessDeniedException: not today/);
    aws.kmsRefuses = null;
    await root.expect(200, 'POST', `/api/v1/quarantine/${id}/retry`, {});
    const ticket = await ann.take(from(subject));
    assert.equal((await ann.client.ticket(ticket.id)).contacts[0].text, 'still sealed');
    await ann.resolve(ticket);
    const foreign = aws.mailInBucket('amazon', { from: 'hal@x.example', subject: fresh(), text: 'sealed by somebody else' });
    aws.seal(foreign.object);
    aws.objects.get(foreign.object).headers['x-amz-meta-x-amz-wrap-alg'] = 'RSA/ECB/OAEPWithSHA-256AndMGF1Padding';
    assert.equal((await deliver(foreign)).status, 200);
    const [other] = await held();
    assert.match((await root.expect(409, 'POST', `/api/v1/quarantine/${other.id}/retry`, {})).detail, /encrypted.*wrapped by RSA/);
    await root.expect(200, 'DELETE', `/api/v1/quarantine/${other.id}`);
    assert.deepEqual(aws.complaints, []);
  });

  it('counts what was asked', async () => {
    assert.ok(await engine.metric('kindred_inquiries_total', { channel: 'amazon', outcome: 'answered' }) > 0);
    assert.ok(await engine.metric('kindred_inquiries_total', { channel: 'amazon', outcome: 'failed' }) > 0);
  });
});
