import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const profile = {
  customer: { orders: { type: 'integer', default: 0, kind: 'behavioral' } },
  contact: { topic: { type: 'text' } },
};
const segments = { segments: {
  value: { kind: 'behavioral', groups: [{ name: 'regular', when: { 'customer.orders': { at_least: 1 } } }, { name: 'newcomer' }] },
} };
const stages = { stages: [{ name: 'considering' }, { name: 'established', when: { 'customer.orders': { at_least: 1 } } }] };
const skills = { skills: { lamps: {} } };
const offer = { to: 1, expires: '30s', after_decline: '60s' };
const queues = { queues: {
  general: { offer },
  calls: { offer, wrap_up: { phone: '200ms' } },
  brisk: { offer: { to: 1, expires: '1s', after_decline: '60s' } },
  pair: { offer: { to: 2, expires: '30s', after_decline: '60s' } },
  experts: { offer },
} };
const routing = {
  routes: [
    { name: 'brisk things', when: { 'contact.text': { contains: 'brisk' } }, queue: 'brisk', priority: 'high' },
    { name: 'two at once', when: { 'contact.text': { contains: 'pair' } }, queue: 'pair' },
    { name: 'expert questions', when: { 'contact.attributes.topic': 'expert' }, queue: 'experts', steps: [{ require: { lamps: 7 } }], script: 'expert' },
    { name: 'phone calls', when: { 'channel.kind': 'phone' }, queue: 'calls', script: 'call' },
  ],
  fallback: { queue: 'general' },
};

const pages = {
  'scripts/welcome.md': '---\nid: welcome\nfor: { language: en }\n---\n# Welcome\nGreet {{ customer.name | the customer }} and ask what happened.\n',
  'scripts/call.md': '---\nid: call\nfor: { language: en, channel.kind: phone }\n---\n# Answer a call\nSay your name first.\n',
  'scripts/expert.md': '---\nid: expert\nfor: { language: en, channel.kind: api }\n---\n# Expert\nAsk for the model.\n',
  'faq/order.md': '---\nid: order-status\nfor: { language: en }\nquestions: [where is my order]\n---\n# Where is my order?\nOrders leave within two days.\n',
};

/**
 * A small ruleset made for these tests, so that a change of the demo's rules breaks none of them.
 * @param {Record<string, object>} more further files of YAML by their name, or what takes the place of one
 * @param {Record<string, string>} morePages further scripts and articles, by their path
 */
export async function writeRuleset(folder, more = {}, morePages = {}) {
  await Promise.all(['scripts', 'faq'].map((name) => mkdir(join(folder, name), { recursive: true })));
  const files = { profile, segments, stages, skills, queues, routing, site: { site: { timezone: 'UTC', languages: ['en'], default_language: 'en' } }, ...more };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, `${name}.yaml`), JSON.stringify(content, null, 2));
  for (const [name, content] of Object.entries({ ...pages, ...morePages })) await writeFile(join(folder, name), content);
}

const everywhere = Object.keys(queues.queues).filter((name) => name !== 'experts');

/** Who works here; everybody's password is "secret-<login>". */
export const people = [
  { login: 'ann', name: 'Ann Archer', role: 'agent', queues: everywhere, capacity: 10, phone: '+34600000001' },
  { login: 'bo', name: 'Bo Berg', role: 'agent', queues: everywhere, capacity: 10, phone: '+34600000002' },
  { login: 'carla', name: 'Carla Cruz', role: 'agent', queues: ['experts'], skills: { lamps: 9 }, capacity: 10 },
  { login: 'dan', name: 'Dan Drew', role: 'agent', queues: ['experts'], skills: { lamps: 3 }, capacity: 10 },
  { login: 'sam', name: 'Sam Sato', role: 'supervisor', queues: [], capacity: 10 },
  { login: 'root', name: 'Root', role: 'admin', queues: [], capacity: 10 },
].map((person) => ({ ...person, languages: ['en'], password: `secret-${person.login}` }));
