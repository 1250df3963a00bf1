import { secrets } from './secrets.mjs';

/**
 * The configuration of an engine under test, as config/demo.yaml has it for people.
 * @param {{listen: number, admin: number, mail: number, host?: string}} ports
 * @param {{http: string, smtp: string}} doubles addresses of the loopback doubles
 */
export function configuration(ports, doubles, changes = {}) {
  const { host = '127.0.0.1' } = ports;
  const listen = `${host}:${ports.listen}`;
  return {
    server: { listen, admin: `${host}:${ports.admin}`, public_url: `http://${listen}`, threads: 2, web: changes.web, ...changes.server },
    store: changes.store ?? { sqlite: 'store/kindred.db' },
    rules: 'rules',
    people: 'people.yaml',
    tokens: [{ name: 'shop', token: secrets.shopToken, role: 'api' }],
    ...(changes.attachments ? { attachments: changes.attachments } : {}),
    ...(changes.events ? { events: changes.events } : {}),
    ...(changes.crm ? { crm: changes.crm } : {}),
    ...(changes.retention ? { retention: changes.retention } : {}),
    log: { level: 'info', format: 'json' },
    channels: { ...channels(ports, doubles), ...(typeof changes.channels === 'function' ? changes.channels(doubles) : changes.channels) },
  };
}

function channels(ports, doubles) {
  const { whatsapp, twilio, mailgun, discourse, postbox } = secrets;
  return {
    whatsapp: {
      connector: 'whatsapp', app_secret: whatsapp.appSecret, verify_token: whatsapp.verifyToken, access_token: whatsapp.accessToken,
      phone_number_id: whatsapp.phoneNumberId, api_base: `${doubles.http}/graph`,
    },
    helpline: {
      connector: 'twilio-voice', account_sid: twilio.accountSid, auth_token: twilio.authToken, api_base: `${doubles.http}/twilio`,
      number: '+525550001111',
    },
    'support-mail': {
      connector: 'mailgun', webhook_signing_key: mailgun.signingKey, api_key: mailgun.apiKey, domain: mailgun.domain,
      address: mailgun.address, reply_secret: mailgun.replySecret, api_base: `${doubles.http}/mailgun`,
    },
    forum: {
      connector: 'discourse', secret: discourse.secret, base_url: `https://${discourse.host}`, own_username: discourse.username,
      api_key: discourse.apiKey, api_username: discourse.username, api_base: `${doubles.http}/discourse`,
    },
    postbox: {
      connector: 'email', listen: `${ports.host ?? '127.0.0.1'}:${ports.mail}`, protocol: 'lmtp', address: postbox.address,
      reply_secret: postbox.replySecret, smtp_url: doubles.smtp,
    },
    webchat: { connector: 'webchat' },
    api: { connector: 'api' },
  };
}
