import { describe, expect, it } from 'vitest';
import type { Ticket } from '@/api/types';
import { belongs } from './inbox_store';
import { rowsInSight } from './rows_in_sight';
import { forgetView, saveView, savedViews } from './saved_views';
import { inOrder, withMore } from './sorting';

function ticket(id: string, changes: Partial<Ticket> & Record<string, unknown> = {}): Ticket {
  return {
    id, status: 'waiting', channel: 'api', channel_kind: 'api', queue: 'general', priority: 'normal', customer: { id: '1', name: 'A' }, subject: 's', holder: null,
    created_at: `2026-01-01T00:00:0${id}Z`, updated_at: `2026-01-01T00:00:0${id}Z`, waiting_since: `2026-01-01T00:00:0${id}Z`, ...changes,
  } as Ticket;
}
const ids = (tickets: Ticket[]) => tickets.map((each) => each.id).join('');

describe('the order of a list', () => {
  const all = [ticket('2'), ticket('1', { priority: 'urgent' }), ticket('3', { waiting_since: null, target: { name: 'first_response', left_s: 5, at: '2026-01-01T00:00:00Z' } })];
  it('has the latest change first', () => expect(ids(inOrder(all, 'latest'))).toBe('321'));
  it('has the longest wait first, and last what does not wait', () => expect(ids(inOrder(all, 'longest_wait'))).toBe('123'));
  it('has the nearest target first, and last what has none', () => expect(ids(inOrder(all, 'target'))).toBe('312'));
  it('has a target in a closed queue as if its clock went on now', () => {
    const stands = ticket('4', { target: { name: 'resolution', left_s: -100_000_000 } });
    const later = ticket('5', { target: { name: 'resolution', left_s: 100_000 } });
    expect(ids(inOrder([later, ...all, stands], 'target'))).toBe('43512');
  });
  it('has what is urgent first', () => expect(ids(inOrder(all, 'priority'))).toBe('123'));
  it('has the oldest first', () => expect(ids(inOrder(all, 'oldest'))).toBe('123'));
  it('leaves the list it was given', () => {
    inOrder(all, 'oldest');
    expect(ids(all)).toBe('213');
  });
});

describe('a page more', () => {
  const page = (...ids: string[]) => ids.map((id) => ticket(id));
  it.each([
    ['comes after what is here', '987', page('6', '5'), '98765'],
    ['comes between what is here', '9630', page('7', '5', '1'), '9765310'],
    ['brings what is here as it is now', '987', [ticket('8', { updated_at: '2026-01-01T00:00:01Z' })], '978'],
    ['may be all there is', '', page('2', '3'), '32'],
  ])('%s', (_, here, more, expected) => expect(ids(withMore(page(...here), more, 'latest'))).toBe(expected));
});

describe('rows in sight', () => {
  it('are few, however long the list is', () => {
    const { first, end } = rowsInSight(5_000_000, 800, 76, 100_000);
    expect(end - first).toBeLessThan(30);
    expect(first * 76).toBeLessThanOrEqual(5_000_000);
    expect(end * 76).toBeGreaterThanOrEqual(5_000_800);
  });
  it.each([[0, 600, 0], [0, 0, 5], [1e9, 600, 3]])('are within the list: %d, %d, %d', (top, seen, count) => {
    const { first, end } = rowsInSight(top, seen, 76, count);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(end).toBeLessThanOrEqual(count);
    expect(first).toBeLessThanOrEqual(Math.max(end, count));
  });
});

it('a view is kept under its name, once', () => {
  saveView({ name: 'VIP', view: { kind: 'queue', queue: 'concierge' }, order: 'longest_wait' });
  saveView({ name: 'VIP', view: { kind: 'search', words: 'vip' }, order: 'latest' });
  expect(JSON.parse(localStorage.getItem('kindred.views') ?? '')).toEqual([{ name: 'VIP', view: { kind: 'search', words: 'vip' }, order: 'latest' }]);
  forgetView('VIP');
  expect(savedViews.value).toEqual([]);
});

it('a ticket leaves a view to which it no longer belongs', () => {
  expect(belongs(ticket('1'), { kind: 'waiting' })).toBe(true);
  expect(belongs(ticket('1', { status: 'held' }), { kind: 'waiting' })).toBe(false);
  expect(belongs(ticket('1', { queue: 'other' }), { kind: 'queue', queue: 'general' })).toBe(false);
  expect(belongs(ticket('1', { status: 'resolved' }), { kind: 'all' })).toBe(false);
  expect(belongs(ticket('1', { status: 'resolved' }), { kind: 'search', words: 'x' })).toBe(true);
});
