import { element } from './dom.js';
import { shortTime } from './time.js';

/** One line of a ticket's history: a bubble for words, a small line for what happened; null where there is none. */
export function entryItem(entry, detail) {
  if (isToldElsewhere(entry)) return null;
  const words = { contact: contactBubble, reply: replyBubble, note: noteBubble }[entry.kind];
  return words ? words(entry, detail) : happening(entry);
}

function bubble(kind, who, entry, ...content) {
  return element(`li.bubble.${kind}`, {},
    element('p.byline', {}, element('strong', {}, who), element('time', { datetime: entry.at }, shortTime(entry.at))),
    ...content);
}

function contactBubble(entry, detail) {
  const { record } = entry;
  const who = record.display_name || record.handle || detail.ticket.customer?.name || record.from || 'customer';
  const text = record.stripped_text || record.text || '';
  return bubble('contact', who, entry,
    record.subject && element('p.subject', {}, record.subject),
    text ? element('p.text', {}, text) : element('p.quiet', {}, detail.ticket.channel_kind === 'phone' ? `call from ${record.from || 'an unknown number'}` : 'no text'),
    ...attachments(record.attachments));
}

function attachments(list) {
  if (!Array.isArray(list)) return [];
  return list.map((file) => element('p.quiet', {}, `attached: ${file.name || file.type || 'file'}`));
}

function replyBubble(entry, detail) {
  const delivery = detail.deliveries?.find((known) => known.entry === entry.number);
  const state = delivery?.state ?? 'pending';
  return bubble('reply', entry.agent?.name || 'automatic', entry, element('p.text', {}, entry.text ?? ''),
    element(`p.delivery.${state}`, {}, delivery?.reason ? `${state}: ${delivery.reason}` : state));
}

function noteBubble(entry) {
  return bubble('note', entry.agent?.name ? `Note by ${entry.agent.name}` : 'Note', entry, element('p.text', {}, entry.text ?? ''));
}

const by = (entry) => (entry.agent?.name ? ` by ${entry.agent.name}` : '');
const because = (entry) => (entry.reason ? `: ${entry.reason}` : '');

const told = {
  decision: (entry) => `routed by “${entry.route}” to ${entry.queue}`,
  queued: (entry) => `waits in ${entry.queue}`,
  offered: (entry) => `offered to ${entry.agent?.name ?? 'an agent'}`,
  accepted: (entry) => `accepted${by(entry)}`,
  declined: (entry) => `declined${by(entry)}${because(entry)}`,
  expired: (entry) => `the offer to ${entry.agent?.name ?? 'an agent'} expired`,
  revoked: (entry) => `the offer to ${entry.agent?.name ?? 'an agent'} was taken back`,
  connecting: (entry) => `the call is being put through to ${entry.agent?.name ?? 'an agent'}`,
  transferred: (entry) => `transferred to ${entry.to_queue ?? entry.to_agent?.name ?? 'somebody else'}`,
  assigned: (entry) => `assigned to ${entry.agent?.name ?? 'an agent'}`,
  resolved: (entry) => `resolved${by(entry)}${entry.disposition ? `: ${entry.disposition}` : ''}`,
  reopened: () => 're-opened',
  continues: (entry) => `continues ticket #${entry.ticket}`,
  abandoned: () => 'the caller hung up',
  'call-status': (entry) => `the call: ${(entry.record ?? entry).status}`,
  'queue-result': (entry) => `the waiting call: ${(entry.record ?? entry).status}`,
  wrap_up: () => 'wrap-up began',
  wrap_up_ended: () => 'wrap-up ended',
  step: (entry) => `step ${entry.step}: the next, wider requirement`,
  delivery: (entry) => `delivery ${entry.state}${because(entry)}`,
  status: (entry) => `the provider says: ${(entry.record ?? entry).status}`,
};

/** A reply's bubble shows that it arrived, the line of the decision that its ticket waits. */
function isToldElsewhere(entry) {
  return (entry.kind === 'delivery' && entry.state === 'sent') || (entry.kind === 'queued' && entry.because === 'enqueued');
}

function happening(entry) {
  const text = told[entry.kind]?.(entry) ?? entry.kind.replaceAll(/[_-]/g, ' ');
  return element('li.happening', {}, text, ' ', element('time', { datetime: entry.at }, shortTime(entry.at)));
}
