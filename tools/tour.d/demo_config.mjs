import { readFileSync } from 'node:fs';

/**
 * The settings of the demo's channels: the `key: text` lines below each name under `channels:`. That is all the YAML
 * that config/demo.yaml uses there; the engine reads the file properly.
 */
export function readChannels(file) {
  const channels = new Map();
  let inside = false;
  let current = null;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (/^\S/.test(line) && !line.startsWith('#')) inside = line.startsWith('channels:');
    if (!inside) continue;
    const name = /^ {2}([\w-]+):\s*(#.*)?$/.exec(line)?.[1];
    if (name) channels.set(name, current = new Map());
    const setting = /^ {4}([\w-]+):\s*(?:"([^"]*)"|([^#[{]*?))\s*(#.*)?$/.exec(line);
    if (setting && current) current.set(setting[1], setting[2] ?? setting[3]);
  }
  return channels;
}

function required(channels, channel, setting) {
  const value = channels.get(channel)?.get(setting);
  if (!value) throw new Error(`the configuration has no channels.${channel}.${setting} as plain text`);
  return value;
}

/** What the tour must know to speak as customer and provider, in the shape of tests/e2e/support/secrets.mjs. */
export function demoSecrets(channels) {
  const of = (channel, setting) => required(channels, channel, setting);
  return {
    whatsapp: { appSecret: of('whatsapp', 'app_secret'), verifyToken: of('whatsapp', 'verify_token'), accessToken: of('whatsapp', 'access_token'), phoneNumberId: of('whatsapp', 'phone_number_id'), number: '34960000001' },
    twilio: { accountSid: of('helpline', 'account_sid'), authToken: of('helpline', 'auth_token'), number: '+34960000002' },
    mailgun: { signingKey: of('support-mail', 'webhook_signing_key'), apiKey: of('support-mail', 'api_key'), domain: of('support-mail', 'domain'), address: of('support-mail', 'address') },
    discourse: { secret: of('forum', 'secret'), apiKey: of('forum', 'api_key'), username: of('forum', 'api_username'), host: new URL(of('forum', 'base_url')).host },
    postbox: { address: of('postbox', 'address'), port: Number(of('postbox', 'listen').split(':').at(-1)) },
  };
}

/** Token of the first entry of `tokens:`, for POST /api/v1/contacts. */
export function demoToken(file) {
  const token = /^ {4}token:\s*"?([^"#\s]+)"?/m.exec(readFileSync(file, 'utf8'))?.[1];
  if (!token) throw new Error('the configuration has no plain token under tokens:');
  return token;
}

const mounts = { whatsapp: 'graph', helpline: 'twilio', 'support-mail': 'mailgun', forum: 'discourse' };

/** Where the doubles must listen to be where the configuration sends answers: {http, smtp} ports, and who is elsewhere. */
export function doublePorts(channels) {
  const ports = {};
  const elsewhere = [];
  for (const [channel, mount] of Object.entries(mounts)) {
    const base = channels.get(channel)?.get('api_base') ?? '';
    const match = new RegExp(`^http://(?:127\\.0\\.0\\.1|localhost):(\\d+)/${mount}$`).exec(base);
    if (match && (ports.http ?? match[1]) === match[1]) ports.http = match[1];
    else elsewhere.push([channel, base || 'its provider']);
  }
  const smtp = channels.get('postbox')?.get('smtp_url') ?? '';
  const match = /^smtp:\/\/(?:127\.0\.0\.1|localhost):(\d+)$/.exec(smtp);
  if (match) ports.smtp = match[1];
  else elsewhere.push(['postbox', smtp || 'its mail server']);
  return { ports, elsewhere: new Map(elsewhere) };
}
