import { createPinia, setActivePinia } from 'pinia';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/api/calls';
import { Refusal } from '@/api/client';
import { reportApi } from '@/api/report_calls';
import type { Report, Ticket } from '@/api/types';
import { localMinute, moveAllWaiting } from './draining';
import { serviceLevels, toneOf } from './service_level';
import { useSupervision } from './supervision_store';
import { limitsToChoose, periodsToChoose, questionOf, spanText, usual } from './wall_choice';

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

describe('what a wall measures by', () => {
  it('offers the usual, and what is chosen whatever it is', () => {
    expect(limitsToChoose({ within_s: 45, period_h: 24 })).toEqual([10, 20, 30, 45, 60, 120, 300, 900, 3_600]);
    expect(periodsToChoose(usual)).toEqual([1, 4, 8, 24, 168, 744]);
  });
  it('asks the report for it', () => expect(questionOf({ within_s: 45, period_h: 2 }, Date.parse('2026-01-01T12:00:00Z'))).toEqual({ name: 'service-level', by: 'queue', within: '45s', from: '2026-01-01T10:00:00.000Z' }));
  it.each([[20, '20 seconds'], [60, '1 minute'], [90, '90 seconds'], [3_600, '1 hour'], [86_400, '24 hours'], [604_800, '7 days']])('%d seconds are %s', (seconds, text) => expect(spanText(seconds, 'en')).toBe(text));

  it('is kept, and is as before where it cannot be', async () => {
    setActivePinia(createPinia());
    const wall = useSupervision();
    const asked = vi.spyOn(reportApi, 'ask').mockResolvedValue({ rows: [] } as unknown as Report);
    const kept = vi.spyOn(reportApi, 'keepWall').mockResolvedValue({});
    await wall.choose({ within_s: 60, period_h: 8 });
    expect(kept).toHaveBeenCalledWith({ within_s: 60, period_h: 8 });
    expect(asked.mock.calls.at(-1)?.[0]).toMatchObject({ within: '60s' });
    kept.mockRejectedValue(new Refusal(503, {}));
    await wall.choose({ within_s: 10, period_h: 8 });
    expect(wall.choice).toEqual({ within_s: 60, period_h: 8 });
  });
});
