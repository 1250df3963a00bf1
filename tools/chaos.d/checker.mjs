/**
 * The judge of a run. It knows nothing of the engine's inside: what clients saw, what every node has on record at the end
 * (`kindred export`), what the providers got, and the site's log in Redis.
 *
 * @param {import('./history.mjs').History} history
 * @param {{dumps: Map<string, object[]>, received: {text: string, key: string}[], log: {seq: number, epoch: number, before: string,
 *   id: string}[]}} end  `dumps`: by the node's name, the lines of its export
 * @returns lists of what is wrong, by kind; a run is sound where all are empty
 */
export function judge(history, { dumps, received, log }) {
  const [[, lines]] = dumps;
  const record = readRecord(lines);
  return {
    lost: lost(history, record),
    lost_work: lostWork(history, record),
    doubled: [...record.contacts].filter(([, places]) => places.length > 1).map(([id]) => id),
    invented: [...record.contacts.keys()].filter((id) => !history.asked('contact').has(id)),
    split: [...record.senders].filter(([sender, { channel, tickets }]) => channel === 'whatsapp' && tickets.size > 1 && sender).map(([sender]) => sender),
    out_of_order: outOfOrder(record),
    two_holders: [...record.tickets.values()].flatMap(twoHolders),
    unrecorded_offers: history.shown.filter(({ offer }) => !record.offers.has(offer)).map(({ offer }) => offer),
    replies_doubled: [...record.replies].filter(([, count]) => count > 1).map(([text]) => text),
    sent_twice: sentTwice(received),
    not_sent: [...record.replies.keys()].filter((text) => !received.some((one) => one.text.includes(text))),
    fenced: brokenLog(log),
    copies_differ: differing(dumps),
  };
}

/** Of what the providers were sent: how many messages came again under the key that they had, as the manual says they may. */
export function sentAgain(received) {
  return received.length - new Set(received.map(({ text, key }) => `${key} ${text}`)).size;
}

/** What may be lost where not every replica had to confirm; everything else is wrong in any run. */
export const lossKinds = ['lost', 'lost_work', 'unrecorded_offers', 'not_sent'];

function readRecord(lines) {
  const record = { contacts: new Map(), senders: new Map(), tickets: new Map(), offers: new Map(), accepted: new Map(), replies: new Map(), resolved: new Set() };
  for (const line of lines) {
    if (line.type === 'ticket') record.tickets.set(line.id, { ...line, entries: [] });
    if (line.type !== 'entry') continue;
    record.tickets.get(line.ticket).entries.push(line);
    readEntry(line, record);
  }
  return record;
}

function readEntry({ kind, ticket, number, data }, record) {
  if (kind === 'contact') {
    const { provider_message_id: id, from } = data.record ?? data;
    put(record.contacts, id, { ticket, number });
    const { channel } = record.tickets.get(ticket);
    const sender = record.senders.get(from) ?? { channel, tickets: new Set() };
    sender.tickets.add(ticket);
    record.senders.set(from, sender);
  }
  if (kind === 'offered') record.offers.set(data.offer, ticket);
  if (kind === 'accepted') record.accepted.set(data.offer, idOf(data.agent));
  if (kind === 'reply') for (const [text] of (data.text ?? '').matchAll(/answer \S+/g)) record.replies.set(text, (record.replies.get(text) ?? 0) + 1);
  if (kind === 'resolved') record.resolved.add(ticket);
}

function put(lists, key, item) {
  if (lists.has(key)) lists.get(key).push(item);
  else lists.set(key, [item]);
}

const idOf = (agent) => String(typeof agent === 'object' && agent !== null ? agent.id : agent);

/** Which of the messages that were acknowledged a node does not have on record: some may only be taken in yet. */
export function missing(history, lines) {
  return lost(history, readRecord(lines));
}

function lost(history, record) {
  return [...history.acknowledged('contact').keys()].filter((id) => !record.contacts.has(id));
}

/** What agents were told is done. */
function lostWork(history, record) {
  const missing = [];
  for (const [offer, { agent }] of history.acknowledged('accept')) if (record.accepted.get(offer) !== String(agent)) missing.push(`accept ${offer}`);
  for (const text of history.acknowledged('reply').keys()) if (!record.replies.has(text)) missing.push(`reply ${text}`);
  for (const [, { ticket }] of history.acknowledged('resolve')) if (!record.resolved.has(ticket)) missing.push(`resolve ${ticket}`);
  return missing;
}

/** Customers number their messages, and write the next one when the last was acknowledged. */
function outOfOrder(record) {
  const wrong = [];
  for (const { id, entries } of record.tickets.values()) {
    const last = new Map();
    for (const { kind, data } of entries) {
      if (kind !== 'contact') continue;
      const { from, text = '' } = data.record ?? data;
      const count = Number(/^message (\d+)/.exec(text)?.[1] ?? Infinity);
      if (count < (last.get(from) ?? 0)) wrong.push(`ticket ${id}: message ${count} of ${from} after ${last.get(from)}`);
      last.set(from, count);
    }
  }
  return wrong;
}

const endsHolding = new Set(['queued', 'released', 'resolved', 'abandoned', 'removed', 'snoozed', 'merged']);

/** Walks through a ticket's history: whoever takes it must find it held by nobody, or take it from whom it names. */
function twoHolders({ id, entries }) {
  const wrong = [];
  let holder = null;
  for (const { kind, number, data } of entries) {
    if (endsHolding.has(kind)) holder = null;
    if (kind !== 'accepted' && kind !== 'assigned') continue;
    const next = idOf(data.agent);
    const taken = data.taken_from === undefined ? null : idOf(data.taken_from);
    if (holder !== null && taken !== holder) wrong.push(`ticket ${id}, entry ${number}: agent ${next} has it while agent ${holder} does`);
    holder = next;
  }
  return wrong;
}

/** A provider that knows our key drops what comes again under it; under another key the customer reads it twice. */
function sentTwice(received) {
  const keys = new Map();
  for (const { text, key } of received) {
    for (const [answer] of text.matchAll(/answer \S+/g)) keys.set(answer, (keys.get(answer) ?? new Set()).add(key));
  }
  return [...keys].filter(([, different]) => different.size > 1).map(([answer]) => answer);
}

/** One writer after the other: no epoch falls, nobody comes back after another wrote, and each batch is in its place. */
function brokenLog(log) {
  const wrong = [];
  const gone = new Set();
  const writer = ({ id }) => id.slice(0, id.lastIndexOf('.'));
  log.slice(1).forEach((entry, index) => {
    const before = log[index];
    if (entry.seq !== before.seq + 1) wrong.push(`batch ${entry.seq} follows ${before.seq}`);
    if (entry.before !== before.id) wrong.push(`batch ${entry.seq} does not continue ${before.id}`);
    if (entry.epoch < before.epoch) wrong.push(`batch ${entry.seq} was written under epoch ${entry.epoch} after ${before.epoch}`);
    if (writer(entry) !== writer(before)) gone.add(writer(before));
    if (gone.has(writer(entry))) wrong.push(`batch ${entry.seq} is of a writer whom another one followed`);
  });
  return wrong;
}

function differing(dumps) {
  const texts = [...dumps].map(([node, lines]) => [node, lines.map((line) => JSON.stringify(line)).join('\n')]);
  const [[first, text]] = texts;
  return texts.filter(([, other]) => other !== text).map(([node]) => `${node} differs from ${first}`);
}
