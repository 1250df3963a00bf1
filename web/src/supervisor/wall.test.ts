import { afterEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/api/calls';
import { Refusal } from '@/api/client';
import type { Report, Ticket } from '@/api/types';
import { localMinute, moveAllWaiting } from './draining';
import { serviceLevels, toneOf } from './service_level';

afterEach(() => vi.restoreAllMocks());

describe('the service level of a queue', () => {
  const report = { report: 'service-level', from: '', until: '', zone: 'UTC', by: 'queue', rows: [
    { from: '', until: '', group: 'calls', answered: 8, abandoned: 2, share: 0.75 }, { from: '', until: '', group: 'mail', answered: 0, abandoned: 0, share: null }, { from: '', until: '', group: '', answered: 1, abandoned: 0, share: 1 },
  ] } as unknown as Report;

  it('is told for each queue that has one', () => {
    const made = serviceLevels(report);
    expect([...made.keys()]).toEqual(['calls', 'mail']);
    expect(made.get('calls')).toEqual({ share: 0.75, answered: 8, abandoned: 2 });
  });
  it.each([[0.8, 'good'], [0.799, 'fair'], [0.6, 'fair'], [0.59, 'poor'], [null, 'none']] as const)('%s is %s', (share, tone) => expect(toneOf({ share, answered: 1, abandoned: 0 })).toBe(tone));
  it('is nothing where nobody came', () => expect(toneOf(undefined)).toBe('none'));
});

describe('moving all who wait', () => {
  const waiting = (...ids: string[]) => ids.map((id) => ({ id }) as Ticket);

  it('goes through all pages, leaves those that refuse, and says why', async () => {
    const pages = [{ tickets: waiting('4', '3'), next: '3' }, { tickets: waiting('2', '1'), next: null }];
    const asked = vi.spyOn(api, 'tickets').mockImplementation(async () => pages.shift()!);
    vi.spyOn(api, 'transfer').mockImplementation(async (id) => {
      if (id === '3') throw new Refusal(409, { detail: 'somebody has it by now' });
      return { id } as Ticket;
    });
    const counted: number[] = [];
    expect(await moveAllWaiting('calls', 'general', (done) => counted.push(done))).toEqual({ done: 3, left: 1, reason: 'somebody has it by now' });
    expect(counted).toEqual([1, 2, 3]);
    expect(asked.mock.calls.map(([filter]) => filter.cursor)).toEqual([null, '3']);
  });
});

it('a field has the minute as it is where somebody is', () => expect(localMinute(new Date(2026, 4, 3, 7, 9, 30))).toBe('2026-05-03T07:09'));
