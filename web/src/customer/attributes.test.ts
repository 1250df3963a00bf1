import { describe, expect, it } from 'vitest';
import { byKind, shownValue } from './attributes';

describe('what is known of a customer', () => {
  it('stands by what it says of them, first what has no kind', () => {
    const groups = byKind({ plan: { value: 'gold' }, city: { value: 'Bilbao', kind: 'geographic' }, orders: { value: 3, kind: 'behavioral' }, returns: { value: 0, kind: 'behavioral' } });
    expect(groups.map((each) => [each.kind, each.facts.map(([name]) => name)])).toEqual([[undefined, ['plan']], ['geographic', ['city']], ['behavioral', ['orders', 'returns']]]);
    expect(byKind({})).toEqual([]);
  });
  it.each([[null, '–'], [true, '✓'], [['a', 2], 'a, 2'], [{ a: 1 }, '{"a":1}']])('%j reads as %s', (value, text) => {
    expect(shownValue(value)).toBe(text);
  });
});
