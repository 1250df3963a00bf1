import { beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/api/calls';
import type { Queue, Ticket } from '@/api/types';
import { colleagues, otherOpen, priorities, receiverOf, receivers } from './choices';
import { fieldOf, snoozedUntil } from './snooze_times';

vi.mock('@/words', () => ({ translate: (key: string, values?: Record<string, unknown>) => `${key} ${Object.values(values ?? {}).join(' ')}`.trim(), currentLanguage: () => 'en' }));

const ticket = (more: Partial<Ticket> = {}): Ticket => ({
  id: '7', status: 'held', channel: 'api', channel_kind: 'api', queue: 'sales', priority: 'normal', customer: { id: '1', name: 'Ada' }, subject: 'lamp',
  holder: { id: '1', name: 'Ann' }, created_at: '2026-11-27T10:00:00Z', updated_at: '2026-11-27T10:00:00Z', ...more,
});

describe('putting aside', () => {
  it.each([
    ['hour', '2026-11-27T23:30', '2026-11-28T00:30'],
    ['threeHours', '2026-11-27T10:15', '2026-11-27T13:15'],
    ['tomorrow', '2026-11-30T23:59', '2026-12-01T09:00'],
    ['monday', '2026-11-27T10:00', '2026-11-30T09:00'],  // a Friday
    ['monday', '2026-11-30T08:00', '2026-12-07T09:00'],  // a Monday: the next one
    ['monday', '2026-11-29T10:00', '2026-11-30T09:00'],  // a Sunday
  ] as const)('%s from %s is %s', (wanted, now, until) => {
    expect(fieldOf(snoozedUntil(wanted, new Date(now)))).toBe(until);
  });
});

describe('what can be chosen', () => {
  beforeEach(() => {
    vi.restoreAllMocks();
    vi.spyOn(api, 'colleagues').mockResolvedValue([{ id: '1', name: 'Ann', state: 'available' }, { id: '2', name: 'Bo', state: 'away' }, { id: '3', name: 'Cy', state: 'available' }]);
  });

  it('is no colleague who has the ticket, and not oneself', async () => {
    expect((await colleagues(ticket(), '3')).map((each) => each.value)).toEqual(['2']);
  });

  it('is another queue or a colleague, and comes back as the engine wants it', async () => {
    const found = await receivers(ticket(), [{ name: 'sales', waiting: 1 }, { name: 'a:b', waiting: 0 }] as Queue[]);
    expect(found.map((each) => each.value)).toEqual(['queue:a:b', 'agent:2', 'agent:3']);
    expect(found.map(receiverOf)).toEqual([{ queue: 'a:b' }, { agent: '2' }, { agent: '3' }]);
  });

  it('is every priority but the one it has, and none where they cannot be had', async () => {
    vi.spyOn(api, 'queues').mockResolvedValue([{ name: 'sales', waiting: 0, priorities: [{ priority: 'normal' }, { priority: 'urgent' }] }]);
    expect((await priorities(ticket())).map((each) => each.value)).toEqual(['urgent']);
    vi.spyOn(api, 'queues').mockRejectedValue(new Error('gone'));
    expect(await priorities(ticket())).toEqual([]);
  });

  it('is another open ticket of the customer', () => {
    const all = [ticket(), ticket({ id: '8', status: 'resolved' }), ticket({ id: '9', status: 'waiting', subject: '' })];
    expect(otherOpen(ticket(), all).map((each) => [each.value, each.label])).toEqual([['9', '#9 ticket.noSubject · api']]);
  });
});
