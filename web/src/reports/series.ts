import type { Report } from '@/api/types';

export type Row = Report['rows'][number];

export interface Series {
  name: string;
  /** One for each period; null where there is nothing to figure with. */
  values: (number | null)[];
}

export interface Charted {
  /** Beginnings of the periods. */
  periods: string[];
  series: Series[];
  /** Groups that are in the table alone. */
  left: number;
}

const most = 8;

export function figureOf(row: Row, column: string): number | null {
  const value = (row as unknown as Record<string, unknown>)[column];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** How a row's group is called; null where the report has no groups. */
export function groupOf(row: Row): string | null {
  return row.group === undefined ? null : row.name || row.group;
}

/** One column as lines of figures by period, those groups first that have the most of it. */
export function chartOf(report: Report, column: string, noGroup: string): Charted {
  const periods = [...new Set(report.rows.map((row) => row.from))].sort();
  const place = new Map(periods.map((period, at) => [period, at]));
  const groups = new Map<string, Series>();
  for (const row of report.rows) {
    const key = row.group ?? '';
    let series = groups.get(key);
    if (!series) groups.set(key, series = { name: groupOf(row) || noGroup, values: periods.map(() => null) });
    series.values[place.get(row.from)!] = figureOf(row, column);
  }
  const sum = (series: Series) => series.values.reduce<number>((total, each) => total + (each ?? 0), 0);
  const ordered = [...groups.values()].sort((one, other) => sum(other) - sum(one) || one.name.localeCompare(other.name));
  return { periods, series: ordered.slice(0, most), left: Math.max(0, ordered.length - most) };
}

/** The figures of a row that a report of these columns has, as people read them: shares in per cent, times as spans. */
export function shownFigure(column: string, value: number | null, span: (seconds: number) => string, locale: string): string {
  if (value === null) return '–';
  if (column === 'share' || column === 'csat') return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value);
  if (column.endsWith('_s')) return span(value);
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
}

/** The day after, as the engine wants the end of a period: "2026-11-30" gives "2026-12-01". */
export function dayAfter(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  return new Date(at.getTime() + 86_400_000).toISOString().slice(0, 10);
}
