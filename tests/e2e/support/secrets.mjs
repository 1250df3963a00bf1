/** What engine and doubles share in these tests, as provider and customer would. None of it is worth anything. */
export const secrets = {
  whatsapp: { appSecret: 'e2e-app-secret', verifyToken: 'e2e-verify-token', accessToken: 'e2e-graph-token', phoneNumberId: '1122334455667', number: '34960000001' },
  twilio: { accountSid: `AC${'e2'.repeat(16)}`, authToken: 'e2e-twilio-token', number: '+34960000002' },
  mailgun: { signingKey: 'e2e-mailgun-signing-key', apiKey: 'key-e2e-mailgun', domain: 'mg.lumen.example', address: 'support@mg.lumen.example', replySecret: 'e2e-mailgun-reply-secret' },
  discourse: { secret: 'e2e-discourse-secret', apiKey: 'e2e-discourse-key', username: 'lumen-support', host: 'forum.lumen.example' },
  postbox: { address: 'help@lumen.example', replySecret: 'e2e-reply-secret-0123456789' },
  shopToken: 'e2e-shop-token-0123456789abcdef',
};
