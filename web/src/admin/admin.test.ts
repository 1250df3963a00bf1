import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '@/api/admin_calls';
import type { Quarantined } from '@/api/types';
import en from '@/words/en.json';
import { matching, missingNumbers } from './audit';
import { repeatable } from './deliveries';
import { levelsOf, levelsText } from './levels';

describe('levels', () => {
  it.each([
    ['lamps 7, invoices', { lamps: 7, invoices: 10 }], ['en:10,es=8', { en: 10, es: 8 }], ['', {}], [' , ', {}], ['lamps 0', null], ['lamps 11', null], ['lamps high', null], ['lamps 7 8', null], ['lamps 7.5', null],
  ])('of %j are %j', (text, levels) => expect(levelsOf(text)).toEqual(levels));
  it('are typed as they are shown', () => expect(levelsOf(levelsText({ lamps: 7, en: 10 }))).toEqual({ lamps: 7, en: 10 }));
});

const record = (number: number, by = 'agent:ann', action = 'customer.merged'): AuditRecord => ({ number, by, action, at: '', about: `customer:${number}`, detail: { reason: 'Same Person' }, hash: 'x' });

describe('the audit log', () => {
  const records = [record(9), record(8, 'agent:root', 'token.revoked'), record(7)];
  it.each([['', [9, 8, 7]], ['ROOT', [8]], ['ann merged', [9, 7]], ['same person', [9, 8, 7]], ['customer:7', [7]], ['nobody', []]])('filtered by %j has %j', (words, numbers) =>
    expect(matching(records, words).map((each) => each.number)).toEqual(numbers));
  it('tells numbers that are missing', () => {
    expect(missingNumbers(records)).toEqual([]);
    expect(missingNumbers([record(9), record(6), record(5)])).toEqual([8, 7]);
  });
});

describe('quarantine', () => {
  // The compiler wants every reason that the engine's API has.
  const reasons: Record<Quarantined['reason'], true> = { malformed: true, bug: true, awaits_answer: true };
  it('has words for every reason', () => expect(Object.keys(en.quarantine.reason).sort()).toEqual(Object.keys(reasons).sort()));
});

describe('last deliveries', () => {
  const one = (ticket: string, entry: number, state: string) => ({ ticket, entry, state });
  it('are offered to be sent again where the last that is known of a message is that it failed', () => {
    const list = [one('7', 4, 'sent'), one('8', 2, 'failed'), one('7', 4, 'failed'), one('8', 2, 'failed'), one('9', 1, 'retry')];
    expect([...repeatable(list)]).toEqual([list[1]]);
    expect(repeatable([])).toEqual(new Set());
  });
});
