import { describe, expect, it } from 'vitest';
import type { Customer, CustomerNote } from '@/api/types';
import { previewOf } from './merging';
import { authorOf, inReadingOrder, mayChange, tagsOf } from './notes';

const note = (number: number, at: string, pinned = false): CustomerNote => ({ customer: '1', number, text: `note ${number}`, pinned, at, by: 'agent:ann' });
const customer = (id: string, more: Partial<Customer>): Customer => ({ id, name: `Customer ${id}`, identities: [], ...more });

describe('notes', () => {
  it('are read with the pinned first, then the latest', () => {
    const notes = [note(1, '2026-11-01T10:00:00Z'), note(2, '2026-11-02T10:00:00Z', true), note(3, '2026-11-03T10:00:00Z'), note(4, '2026-11-03T10:00:00Z')];
    expect(inReadingOrder(notes).map((each) => each.number)).toEqual([2, 4, 3, 1]);
    expect(notes[0]?.number, 'what was given is left alone').toBe(1);
  });

  it.each([['ann', false, true], ['bo', false, false], ['bo', true, true], [undefined, false, false]])('may be changed by %s (supervisor: %s): %s', (login, supervises, may) => {
    expect(mayChange(note(1, ''), login, supervises)).toBe(may);
  });

  it('name who wrote them', () => expect([authorOf('agent:ann'), authorOf('crm:shop'), authorOf(undefined)]).toEqual(['ann', 'crm:shop', '']));
});

describe('tags', () => {
  it.each([['vip, early ,, vip', ['vip', 'early']], ['  ', []], ['año nuevo', ['año nuevo']]])('of %j are %j', (text, tags) => expect(tagsOf(text)).toEqual(tags));
});

describe('a merge', () => {
  const at = '2026-11-01T10:00:00Z';
  it('keeps what the other one states, fills gaps, and says what is set aside', () => {
    const from = customer('1', { identities: [{ identity: 'email:a@x.example' }], tags: ['early', 'vip'], contacts: 2, attributes: { plan: { value: 'free', at }, city: { value: 'Bilbao', at }, spent: { value: 0 } } });
    const into = customer('2', { identities: [{ identity: 'phone:+34' }], tags: ['vip'], contacts: 3, attributes: { plan: { value: 'gold', at }, city: { value: '-' }, spent: { value: 0 } } });
    expect(previewOf(from, into)).toEqual({
      identities: ['phone:+34', 'email:a@x.example'], tags: ['vip', 'early'], contacts: 5,
      facts: [{ name: 'city', value: 'Bilbao', from: 'from' }, { name: 'plan', value: 'gold', from: 'into', overruled: 'free' }],
    });
  });
});
