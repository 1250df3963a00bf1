import { json, mediaType, ProviderDouble } from './provider_double.mjs';

/** A Discourse forum: posts into its topics. */
export class DiscourseDouble extends ProviderDouble {
  #count = 9000;

  constructor(secrets) {
    super('Discourse');
    this.secrets = secrets;
  }

  take({ method, path, headers, body }) {
    if (method === 'GET' && path === `/u/${this.secrets.username}.json`) {
      const known = headers['api-key'] === this.secrets.apiKey && headers['api-username'] === this.secrets.username;
      return known ? json(200, { user: { username: this.secrets.username } }) : this.complain('wrong key or user', json(403, { errors: ['invalid access'], error_type: 'invalid_access' }));
    }
    if (method !== 'POST' || path !== '/posts.json') return this.complain(`${method} ${path}`, json(404, { errors: ['not found'], error_type: 'not_found' }));
    if (headers['api-key'] !== this.secrets.apiKey || headers['api-username'] !== this.secrets.username) {
      return this.complain('wrong key or user', json(403, { errors: ['invalid access'], error_type: 'invalid_access' }));
    }
    const fields = this.#fields(headers, body);
    const fault = faultOf(fields);
    if (fault) return this.complain(fault, json(422, { action: 'create_post', errors: [fault] }));
    this.#count += 1;
    this.keep({ topic: String(fields.topic_id), text: fields.raw, replyTo: fields.reply_to_post_number, id: String(this.#count) });
    return json(200, { id: this.#count, post_number: 2, topic_id: Number(fields.topic_id), raw: fields.raw, username: this.secrets.username });
  }

  #fields(headers, body) {
    const text = body.toString('utf8');
    if (mediaType(headers) === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(text));
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  }
}

function faultOf(fields) {
  if (!/^\d+$/.test(String(fields.topic_id ?? ''))) return 'topic_id must be a number';
  if (typeof fields.raw !== 'string' || fields.raw.trim().length === 0) return 'Body is too short';
  return null;
}
