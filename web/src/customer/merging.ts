import { api } from '@/api/calls';
import { customerApi } from '@/api/customer_calls';
import { Refusal } from '@/api/client';
import type { Customer, Id } from '@/api/types';
import { shownValue } from './attributes';

export interface Candidate {
  id: Id;
  name: string;
}

/** What the one who goes on will have. */
export interface MergePreview {
  identities: string[];
  tags: string[];
  contacts: number;
  /** Of whom each fact comes; `overruled` is what the other one states and this one sets aside. */
  facts: { name: string; value: string; from: 'into' | 'from'; overruled?: string }[];
}

/** Both as one, by the engine's rule: what `into` states stays, `from` fills the gaps. */
export function previewOf(from: Customer, into: Customer): MergePreview {
  const mine = from.attributes ?? {};
  const theirs = into.attributes ?? {};
  // What has no time is a default of profile.yaml: nobody has stated it.
  const stated = (fact: { at?: string } | undefined) => fact?.at !== undefined;
  const facts = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])].sort()
    .filter((name) => stated(theirs[name]) || stated(mine[name]))
    .map((name) => {
      const stays = stated(theirs[name]);
      const fact = stays ? theirs[name] : mine[name];
      const value = shownValue(fact?.value);
      const other = stays && stated(mine[name]) ? shownValue(mine[name]?.value) : value;
      return { name, value, from: stays ? 'into' as const : 'from' as const, ...(other === value ? {} : { overruled: other }) };
    });
  return {
    identities: [...new Set([...into.identities, ...from.identities].map((each) => each.identity ?? ''))].filter((each) => each !== ''),
    tags: [...new Set([...(into.tags ?? []), ...(from.tags ?? [])])],
    contacts: (into.contacts ?? 0) + (from.contacts ?? 0),
    facts,
  };
}

/** Customers that words may mean: a number, an identity ("email:ann@example.com"), or words of their tickets. */
export async function candidatesFor(words: string, but: Id): Promise<Candidate[]> {
  const text = words.trim();
  if (text === '') return [];
  const found = new Map<Id, string>();
  const exact = /^\d+$/.test(text) ? () => customerApi.show(text) : /^\w+:\S+$/.test(text) ? () => customerApi.byIdentity(text) : null;
  if (exact) {
    try {
      const { customer } = await exact();
      found.set(customer.id, customer.name);
    } catch (problem) {
      if (!(problem instanceof Refusal && (problem.status === 404 || problem.status === 400))) throw problem;
    }
  } else {
    const { tickets } = await api.tickets({ q: text, limit: 50 });
    for (const { customer } of tickets) if (customer.id) found.set(customer.id, customer.name ?? '');
  }
  found.delete(but);
  return [...found].map(([id, name]) => ({ id, name }));
}
