import { element } from './dom.js';
import { shortTime } from './time.js';

/** One line of a ticket's history: a bubble for words, a small line for what happened. */
export function entryItem(entry, detail) {
  const words = { contact: contactBubble, reply: replyBubble, note: noteBubble }[entry.kind];
  return words ? words(entry, detail) : happening(entry);
}

function bubble(kind, who, entry, ...content) {
  return element(`li.bubble.${kind}`, {},
    element('p.byline', {}, element('strong', {}, who), element('time', { datetime: entry.at }, shortTime(entry.at))),
    ...content);
}

function contactBubble(entry, detail) {
  const who = entry.display_name || entry.handle || detail.ticket.customer?.name || entry.from || 'customer';
  const text = entry.stripped_text || entry.text || '';
  return bubble('contact', who, entry,
    entry.subject && element('p.subject', {}, entry.subject),
    text ? element('p.text', {}, text) : element('p.quiet', {}, entry.call || detail.ticket.channel_kind === 'phone' ? 'call' : 'no text'),
    ...attachments(entry.attachments));
}

function attachments(list) {
  if (!Array.isArray(list)) return [];
  return list.map((file) => element('p.quiet', {}, `📎 ${file.name || file.type || 'file'}`));
}

function replyBubble(entry, detail) {
  const delivery = detail.deliveries?.find((known) => known.entry === entry.number);
  const state = delivery?.state ?? 'pending';
  return bubble('reply', entry.agent_name || 'automatic', entry, element('p.text', {}, entry.text ?? ''),
    element(`p.delivery.${state}`, {}, delivery?.reason ? `${state}: ${delivery.reason}` : state));
}

function noteBubble(entry) {
  return bubble('note', entry.agent_name ? `Note by ${entry.agent_name}` : 'Note', entry, element('p.text', {}, entry.text ?? ''));
}

const told = {
  decision: (entry) => `routed by “${entry.route ?? '?'}” to ${entry.queue ?? '?'}`,
  offered: (entry) => `offered to ${entry.agent_name || `agent ${entry.agent ?? '?'}`}`,
  accepted: (entry) => `accepted${entry.agent_name ? ` by ${entry.agent_name}` : ''}`,
  declined: (entry) => `declined${entry.reason ? `: ${entry.reason}` : ''}`,
  expired: () => 'the offer expired',
  revoked: () => 'the offer was taken back',
  transferred: (entry) => `transferred to ${entry.to_queue ?? entry.to_agent ?? '?'}`,
  assigned: () => 'assigned',
  resolved: (entry) => `resolved${entry.disposition ? `: ${entry.disposition}` : ''}`,
  reopened: () => 're-opened',
  abandoned: () => 'the caller hung up',
  call_ended: () => 'the call ended',
  delivery: (entry) => `delivery ${entry.state ?? ''}${entry.reason ? `: ${entry.reason}` : ''}`,
};

function happening(entry) {
  const text = told[entry.kind]?.(entry) ?? entry.kind.replaceAll('_', ' ');
  return element('li.happening', {}, text, ' ', element('time', { datetime: entry.at }, shortTime(entry.at)));
}
