import { api } from '@/api/calls';
import { newKey } from '@/api/client';
import type { Macro } from '@/api/desk_calls';
import type { Id, Ticket } from '@/api/types';
import { translate } from '@/words';

/** What a macro does beside its reply, in words. */
export function effectsOf(macro: Macro): string[] {
  const effects: string[] = [];
  if (macro.note) effects.push(translate('macro.notes'));
  if (macro.queue) effects.push(translate('macro.handsOn', { queue: macro.queue }));
  if (macro.snooze_s !== undefined) effects.push(translate('macro.putsAside', { hours: Math.round(macro.snooze_s / 3600) }));
  if (macro.resolve !== undefined) effects.push(macro.resolve === '' ? translate('macro.resolves') : translate('macro.resolvesAs', { outcome: macro.resolve }));
  return effects;
}

/** Does what comes after the reply: the note, then the end. Gives the ticket where that changed it. */
export async function carryOut(macro: Macro, ticket: Id, now = Date.now()): Promise<Ticket | null> {
  if (macro.note) await api.note(ticket, macro.note.trim(), newKey());
  if (macro.queue) return api.transfer(ticket, { queue: macro.queue });
  if (macro.snooze_s !== undefined) return api.snooze(ticket, new Date(now + macro.snooze_s * 1000).toISOString());
  if (macro.resolve !== undefined) return api.resolve(ticket, macro.resolve || undefined);
  return null;
}
