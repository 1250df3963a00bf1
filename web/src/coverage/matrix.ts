import type { CoverageCell } from '@/api/desk_calls';

export interface MatrixRow {
  segment: string;
  stage: string;
  /** By kind of channel. */
  cells: Map<string, CoverageCell>;
}

/** The cells of one language as rows (segment, stage) and columns (kinds of channel), in the order of the rules. */
export function matrixOf(cells: readonly CoverageCell[], language: string): { rows: MatrixRow[]; channels: string[] } {
  const rows = new Map<string, MatrixRow>();
  const channels = new Set<string>();
  for (const each of cells) {
    if (each.language !== language) continue;
    const key = JSON.stringify([each.segment, each.stage]);
    const row = rows.get(key) ?? { segment: each.segment, stage: each.stage ?? '', cells: new Map() };
    row.cells.set(each.channel_kind, each);
    rows.set(key, row);
    channels.add(each.channel_kind);
  }
  return { rows: [...rows.values()], channels: [...channels] };
}

export const languagesOf = (cells: readonly CoverageCell[]): string[] => [...new Set(cells.map((each) => each.language))];

/** How many cells lack each thing, the most frequent first. */
export function gapCounts(cells: readonly CoverageCell[]): { gap: CoverageCell['gaps'][number]; count: number }[] {
  const counts = new Map<CoverageCell['gaps'][number], number>();
  for (const each of cells) for (const gap of each.gaps) counts.set(gap, (counts.get(gap) ?? 0) + 1);
  return [...counts].map(([gap, count]) => ({ gap, count })).sort((one, other) => other.count - one.count);
}
