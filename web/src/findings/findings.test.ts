import { describe, expect, it } from 'vitest';
import { byDimension, byKind, comparisonOf, intervalOf, needsMore, shownP, strengthOf, type Comparison, type Finding } from './findings';

const comparison = (dimension: string, outcome: string, more: Partial<Comparison> = {}) => ({ dimension, outcome, measure: 'eta_squared', effect: 0.1, low: 0.02, high: 0.2, ...more }) as Comparison;
const finding = (kind: string, dimension: string, outcome?: string) => ({ kind, dimension, segments: [], text: 'a sentence', ...(outcome ? { outcome } : {}) }) as unknown as Finding;

describe('how large an effect is', () => {
  it.each([
    ['eta_squared', 0.009, 'none'], ['eta_squared', 0.01, 'small'], ['eta_squared', 0.06, 'medium'], ['eta_squared', 0.14, 'large'],
    ['cramers_v', 0.09, 'none'], ['cramers_v', 0.1, 'small'], ['cramers_v', 0.3, 'medium'], ['cramers_v', 0.5, 'large'],
  ])('%s of %d is %s', (measure, effect, word) => expect(strengthOf({ measure, effect })).toBe(word));
});

describe('findings', () => {
  it('stand by what to do about them, those of an unknown kind last and none lost', () => {
    const all = [finding('new_kind', 'value'), finding('more_answers', 'value', 'contacts'), finding('tells_apart', 'value', 'wait_s'), finding('consider_merging', 'value')];
    expect(byKind(all).map((each) => each.kind)).toEqual(['tells_apart', 'consider_merging', 'more_answers', 'new_kind']);
    expect(byKind(all).flatMap((each) => each.findings)).toHaveLength(all.length);
  });

  it('have the figures of the comparison that they are about', () => {
    const all = [comparison('value', 'wait_s'), comparison('value', 'contacts'), comparison('place', 'wait_s')];
    expect(comparisonOf(finding('tells_apart', 'place', 'wait_s'), all)).toBe(all[2]);
    expect(comparisonOf(finding('consider_merging', 'value'), all)).toBeUndefined();
    expect(comparisonOf(finding('consider_splitting', 'value', 'wait_s'), all), 'that of its inside is another').toBeUndefined();
  });
});

it('what is known of each dimension stands together, also where there are only sizes', () => {
  const made = byDimension({ customers: 3, tickets: 3, sizes: [{ dimension: 'place', segment: 'north', customers: 3 }], comparisons: [comparison('value', 'wait_s')], findings: [] });
  expect(made.map((each) => [each.name, each.sizes.length, each.comparisons.length])).toEqual([['place', 1, 0], ['value', 0, 1]]);
});

it.each([[0.234, 'en', '0.23'], [4.2e-26, 'en', '< 0.001'], [0.001, 'en', '0.001'], [1, 'en', '1'], [1e-9, 'es', '< 0,001'], [null, 'en', '–'], [NaN, 'en', '–']] as const)('a p of %s in %s is %s', (p, locale, text) => expect(shownP(p, locale)).toBe(text));

it.each([[5, 0.2, true], [0, 0.2, false], [5, 0.01, false], [5, 0.05, true]])('%d more needed at p %d: %s', (more_needed, adjusted_p, needs) => expect(needsMore({ more_needed, adjusted_p })).toBe(needs));

it('an interval is written in the language, and what is not known as a dash', () => {
  expect(intervalOf({ effect: 0.123, low: 0.05, high: 0.2 }, 'en')).toEqual({ effect: '0.12', low: '0.05', high: '0.20' });
  expect(intervalOf({ effect: 0.123, low: null as unknown as number, high: 0.2 }, 'es')).toEqual({ effect: '0,12', low: '–', high: '0,20' });
});
