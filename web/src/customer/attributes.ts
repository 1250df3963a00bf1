import type { Customer } from '@/api/types';

export type Attributes = NonNullable<Customer['attributes']>;
type Fact = Attributes[string];
const kinds = ['geographic', 'behavioral', 'demographic', 'psychographic'] as const;

/** What is known, by what it says of somebody; first what has no kind. Kinds that nothing has are left out. */
export function byKind(attributes: Attributes): { kind: (typeof kinds)[number] | undefined; facts: [string, Fact][] }[] {
  const all = Object.entries(attributes);
  return [undefined, ...kinds].map((kind) => ({ kind, facts: all.filter(([, fact]) => fact.kind === kind) })).filter((group) => group.facts.length > 0);
}

/** A fact's value as a person reads it. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.map(shownValue).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value === 'boolean') return value ? '✓' : '✗';
  return String(value);
}
