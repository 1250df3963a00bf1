import { describe, expect, it } from 'vitest';
import type { Ticket } from '@/api/types';
import { LongList, shownOf } from './long_list';

const ticket = (id: number, status = 'waiting') => ({ id: String(id), status }) as Ticket;
const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => ticket(first + at));
const ids = (list: LongList, first: number, end: number) => Array.from({ length: end - first }, (_, at) => list.at(first + at)?.id ?? '-').join();

describe('a list of a hundred thousand', () => {
  function some(): LongList {
    const list = new LongList();
    list.fill(50_000, 100, from(50_000, 100), 100_000);
    return list;
  }

  it('has what was told of it, wherever that is', () => {
    const list = some();
    expect(list.count).toBe(100_000);
    expect(list.at(50_042)?.id).toBe('50042');
    expect(list.indexOf('50042')).toBe(50_042);
    expect([list.indexOf('70000'), list.indexOf(null)]).toEqual([-1, -1]);
    expect(list.at(70_000)).toBeUndefined();
  });

  it('lacks what nobody has told of it yet', () => {
    const list = some();
    expect(list.missing({ first: 50_010, end: 50_040 })).toBeNull();
    expect(list.missing({ first: 50_090, end: 50_120 })).toEqual({ first: 50_100, end: 50_120 });
    expect(list.missing({ first: 49_990, end: 50_020 })).toEqual({ first: 49_990, end: 50_000 });
    expect(list.missing({ first: 99_990, end: 100_020 })).toEqual({ first: 99_990, end: 100_000 });
    list.doubt();
    expect(list.missing({ first: 50_010, end: 50_040 })).toEqual({ first: 50_010, end: 50_040 });
    expect(list.at(50_042)?.id).toBe('50042');
  });

  it('keeps no more than what is around the latest stretch', () => {
    const list = new LongList();
    for (let first = 0; first < 100_000; first += 100) list.fill(first, 100, from(first, 100), 100_000);
    expect(list.kept).toBeLessThanOrEqual(1_100);
    expect(list.at(99_999)?.id).toBe('99999');
    expect(list.missing({ first: 0, end: 30 })).toEqual({ first: 0, end: 30 });
  });

  it('closes up where one goes, and shows a changed one in its place', () => {
    const list = new LongList();
    list.fill(0, 100, from(0, 100), 100_000);
    list.fill(400, 100, from(400, 100), 100_000);
    list.remove('3');
    expect(list.count).toBe(99_999);
    expect(ids(list, 2, 5)).toBe('2,4,5');
    expect(list.at(441)?.id).toBe('442');
    expect(list.indexOf('442')).toBe(441);
    list.remove('77777');
    expect(list.count).toBe(99_999);
    list.replace(ticket(442, 'held'));
    expect(list.at(441)?.status).toBe('held');
    list.replace(ticket(77_777));
    expect(list.indexOf('77777')).toBe(-1);
  });

  it('shows what moved between two answers once, and knows that something is lacking there', () => {
    const list = new LongList();
    list.fill(0, 4, from(0, 4), 8);
    // One has gone at the head meanwhile: what stood at the fifth place stands at the fourth.
    list.fill(4, 4, from(3, 4), 8);
    expect(ids(list, 0, 8)).toBe('0,1,2,-,3,4,5,6');
    expect(list.indexOf('3')).toBe(4);
    expect(list.lacks({ first: 0, end: 3 })).toBe(false);
    expect(list.lacks({ first: 0, end: 8 })).toBe(true);
  });

  it('takes an answer that has less than was asked for, because something had just gone', () => {
    const list = new LongList();
    list.fill(0, 4, from(0, 3), 8);
    expect(list.missing({ first: 0, end: 4 })).toBeNull();
    expect(list.lacks({ first: 0, end: 4 })).toBe(true);
    list.fill(0, 4, [], 0);
    expect([list.count, list.kept]).toEqual([0, 0]);
  });
});

it('what is here as a whole is shown by place and found by id', () => {
  const shown = shownOf(from(5, 3));
  expect([shown.count, shown.at(1)?.id, shown.at(3), shown.indexOf('7'), shown.indexOf('9'), shown.indexOf(null)]).toEqual([3, '6', undefined, 2, -1, -1]);
});
