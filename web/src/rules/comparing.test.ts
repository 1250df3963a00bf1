import { describe, expect, it } from 'vitest';
import { byQueue, countsOf, exampleText, type ChangedDefinition, type Treatment } from './comparing';

const treatment = (from: string, to: string): Treatment => ({ before: { route: 'r', queue: from }, after: { route: 'r', queue: to }, differs: ['queue'], sampled: 1, examples: [] });

describe('a change of rules in meaning', () => {
  it('tells those who go elsewhere from those who stay', () => {
    const made = byQueue([treatment('a', 'b'), treatment('a', 'a')]);
    expect([made.moving.length, made.staying.length]).toEqual([1, 1]);
    expect(made.moving[0]?.after.queue).toBe('b');
  });
  it('counts what changed, the most first', () => {
    const one = (of: string, change: ChangedDefinition['change']): ChangedDefinition => ({ of, name: 'x', change, keys: [] });
    expect(countsOf([one('queue', 'added'), one('route', 'changed'), one('route', 'changed')])).toEqual([{ of: 'route', change: 'changed', count: 2 }, { of: 'queue', change: 'added', count: 1 }]);
  });
  it.each([[{}, ''], [{ 'channel.kind': 'phone', 'customer.orders': 3 }, 'channel.kind: phone, customer.orders: 3']])('writes an example: %j', (facts, text) => expect(exampleText(facts)).toBe(text));
});
