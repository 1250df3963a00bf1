import { describe, expect, it } from 'vitest';
import type { Colleague } from '@/api/calls';
import type { Entry } from '@/api/types';
import { fittingColleagues, nameBegun, names, withName } from './mentions';

describe('a name in a note', () => {
  it.each([['', null], ['@', ''], ['ask @b', 'b'], ['ask @bo.berg', 'bo.berg'], ['a@b', null], ['ask @bo ', null], ['(@bo', 'bo'], ['né@bo', null]])('begun in %j is %j', (text, begun) => expect(nameBegun(text)).toBe(begun));
  it('is made whole', () => expect(withName('ask @b', 'bo')).toBe('ask @bo '));
  it('fits by log-in and by each part of the name, and is never oneself', () => {
    const all = [['1', 'ann', 'Ann Archer'], ['2', 'bo', 'Bo Berg'], ['3', 'be', 'Anna Be']].map(([id, login, name]) => ({ id, login, name, state: 'away' }) as Colleague);
    expect(fittingColleagues(all, 'b', '9').map((each) => each.login)).toEqual(['bo', 'be']);
    expect(fittingColleagues(all, 'an', '1').map((each) => each.login)).toEqual(['be']);
    expect(fittingColleagues(all, '', '1')).toHaveLength(2);
  });
  it('is told apart from others', () => {
    expect(names({ number: 1, kind: 'note', at: '', mentions: ['7'] } as unknown as Entry, '7')).toBe(true);
    expect(names({ number: 1, kind: 'note', at: '' } as Entry, '7')).toBe(false);
  });
});
