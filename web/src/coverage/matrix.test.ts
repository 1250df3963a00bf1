import { expect, it } from 'vitest';
import type { CoverageCell } from '@/api/desk_calls';
import { gapCounts, languagesOf, matrixOf } from './matrix';

const cell = (segment: string, stage: string, channel_kind: string, language: string, gaps: CoverageCell['gaps'] = []): CoverageCell =>
  ({ segment, stage, channel_kind, language, route: 'r', queue: 'q', articles: [], gaps });
const cells = [cell('vip', 'new', 'email', 'en'), cell('vip', 'new', 'email', 'es', ['no_script', 'no_article']), cell('vip', 'new', 'phone', 'en'), cell('rest', 'new', 'email', 'en', ['no_article'])];

it('has a row for each segment and stage, a column for each kind of channel, of one language', () => {
  const { rows, channels } = matrixOf(cells, 'en');
  expect(channels).toEqual(['email', 'phone']);
  expect(rows.map((each) => [each.segment, each.stage, each.cells.size])).toEqual([['vip', 'new', 2], ['rest', 'new', 1]]);
  expect(matrixOf(cells, 'es').rows).toHaveLength(1);
});
it('knows its languages and counts its gaps', () => {
  expect(languagesOf(cells)).toEqual(['en', 'es']);
  expect(gapCounts(cells)).toEqual([{ gap: 'no_article', count: 2 }, { gap: 'no_script', count: 1 }]);
});
