import assert from 'node:assert/strict';
import { createHash, createHmac, randomUUID } from 'node:crypto';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Posts an event to an address of ours, signed as Vonage signs; gives the NCCO, or null for 204. */
export async function vonagePost(engine, address, event) {
  const { pathname, search } = new URL(address, engine.url);
  const body = JSON.stringify({ timestamp: new Date().toISOString(), ...event });
  const claims = { iat: Math.floor(Date.now() / 1000), jti: randomUUID(), iss: 'Vonage', payload_hash: createHash('sha256').update(body).digest('hex'), api_key: 'e2e' };
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  const answer = await engine.anyone.deliver({
    path: pathname + search, body: Buffer.from(body),
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${text}.${createHmac('sha256', vonagePost.secret).update(text).digest('base64url')}` },
  });
  assert.ok([200, 204].includes(answer.status), `${pathname}: ${answer.status} ${answer.text}`);
  return answer.status === 204 ? null : JSON.parse(answer.text);
}
vonagePost.secret = 'vonage-signature-secret-0123456789';
