import { api } from '@/api/calls';
import type { Id, Queue, Ticket } from '@/api/types';
import { translate } from '@/words';

/** Something that a dialog lets one choose. `value` is unique among those of a dialog. */
export interface Choice {
  value: string;
  label: string;
  group?: string;
}

/** Colleagues, without who has the ticket and without oneself. None where they cannot be had. */
export async function colleagues(ticket: Ticket, me: Id | undefined): Promise<Choice[]> {
  const found = await api.colleagues().catch(() => []);
  return found
    .filter((each) => each.id !== ticket.holder?.id && each.id !== me)
    .map((each) => ({ value: each.id, label: `${each.name} · ${translate(`presence.${each.state}`)}` }));
}

/** Where a ticket can go: the other queues ("queue:name"), and colleagues ("agent:id"). */
export async function receivers(ticket: Ticket, queues: readonly Queue[]): Promise<Choice[]> {
  const others = queues.filter((each) => each.name !== ticket.queue).map((each) => ({
    value: `queue:${each.name}`,
    label: translate('ticket.queueOption', { name: each.name, waiting: each.waiting, agents: each.agents_present ?? 0 }),
    group: translate('nav.queues'),
  }));
  const people = (await colleagues(ticket, undefined)).map((each) => ({ ...each, value: `agent:${each.value}`, group: translate('wall.agents') }));
  return [...others, ...people];
}

/** What receivers() gave, as the engine wants it. */
export function receiverOf(choice: Choice): { queue: string } | { agent: Id } {
  const [kind, ...name] = choice.value.split(':');
  return kind === 'queue' ? { queue: name.join(':') } : { agent: name.join(':') };
}

/** Priorities that the rules have, with the wait that each would mean. */
export async function priorities(ticket: Ticket): Promise<Choice[]> {
  const queue = (await api.queues().catch(() => [])).find((each) => each.name === ticket.queue);
  return (queue?.priorities ?? [])
    .map((each) => each.priority)
    .filter((name): name is string => name !== undefined && name !== ticket.priority)
    .map((name) => ({ value: name, label: name }));
}

/** The customer's other open tickets. */
export function otherOpen(ticket: Ticket, all: readonly Ticket[]): Choice[] {
  return all
    .filter((each) => each.id !== ticket.id && each.status !== 'resolved')
    .map((each) => ({ value: each.id, label: `#${each.id} ${each.subject || translate('ticket.noSubject')} · ${each.channel}` }));
}
