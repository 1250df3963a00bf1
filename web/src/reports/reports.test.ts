import { describe, expect, it } from 'vitest';
import type { Report } from '@/api/types';
import { chartOf, dayAfter, groupOf, shownFigure, type Row } from './series';

const row = (from: string, group: string | undefined, contacts: number | null, name?: string) => ({ from, until: from, ...(group === undefined ? {} : { group }), ...(name ? { name } : {}), contacts }) as unknown as Row;
const report = (rows: Row[]): Report => ({ report: 'volume', from: '', until: '', zone: 'UTC', rows });

describe('a chart', () => {
  it('has a line for each group, the largest first, and gaps where there is nothing', () => {
    const made = chartOf(report([row('b', 'calls', 5), row('a', 'general', 1), row('b', 'general', 2), row('a', '', null)]), 'contacts', '(none)');
    expect(made.periods).toEqual(['a', 'b']);
    expect(made.series).toEqual([{ name: 'calls', values: [null, 5] }, { name: 'general', values: [1, 2] }, { name: '(none)', values: [null, null] }]);
    expect(made.left).toBe(0);
  });
  it('leaves small groups to the table', () => {
    const made = chartOf(report(Array.from({ length: 12 }, (_, at) => row('a', `g${at}`, at))), 'contacts', '');
    expect([made.series.length, made.left, made.series[0]?.name]).toEqual([8, 4, 'g11']);
  });
  it('names agents and no numbers', () => expect([groupOf(row('a', '7', 1, 'Ann')), groupOf(row('a', 'x', 1)), groupOf(row('a', undefined, 1))]).toEqual(['Ann', 'x', null]));
});

describe('figures', () => {
  it.each([['share', 0.845, '84.5%'], ['mean_s', 61, '61 s!'], ['contacts', 1234, '1,234'], ['contacts', null, '–']])('of %s: %s is %s', (column, value, text) =>
    expect(shownFigure(column, value, (seconds) => `${seconds} s!`, 'en')).toBe(text));
});

describe('the day after', () => {
  it.each([['2026-11-30', '2026-12-01'], ['2028-02-28', '2028-02-29'], ['2026-12-31', '2027-01-01']])('%s is %s', (day, after) => expect(dayAfter(day)).toBe(after));
});
