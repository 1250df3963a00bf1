import type { components } from '@/api/schema';

export type Comparison = components['schemas']['segment_comparison'];
export type GroupReport = components['schemas']['group_report'];
export type Statistics = NonNullable<GroupReport['statistics']>;
export type Finding = Statistics['findings'][number];
export type Splits = components['schemas']['proposed_splits'];

export const kinds = ['tells_apart', 'consider_merging', 'consider_splitting', 'predicts_nothing', 'more_answers'] as const;
export type Kind = (typeof kinds)[number];
export const isKnown = (kind: string): kind is Kind => (kinds as readonly string[]).includes(kind);

/** Cohen's conventions (Statistical Power Analysis, 1988): from where an effect is small, medium, large. */
const lines: Record<string, readonly [number, number, number]> = { eta_squared: [0.01, 0.06, 0.14], cramers_v: [0.1, 0.3, 0.5] };

export type Strength = 'none' | 'small' | 'medium' | 'large';

/** How large an effect is, in a word. */
export function strengthOf(comparison: Pick<Comparison, 'measure' | 'effect'>): Strength {
  const [small, medium, large] = lines[comparison.measure] ?? lines.eta_squared!;
  const size = comparison.effect ?? 0;
  if (size >= large) return 'large';
  if (size >= medium) return 'medium';
  return size >= small ? 'small' : 'none';
}

/** Below this an adjusted p counts as a difference, as the engine's findings have it. */
const level = 0.05;

/** Whether it is open if there is a difference, because too few were asked. */
export const needsMore = (of: Pick<Comparison, 'more_needed' | 'adjusted_p'>): boolean => of.more_needed > 0 && !(of.adjusted_p < level);

/** A p as people read it: two digits, and no more noughts than anybody counts. */
export function shownP(p: number | null, locale: string): string {
  if (p === null || !Number.isFinite(p)) return '–';
  const format = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  return p < 0.001 ? `< ${format.format(0.001)}` : format.format(p);
}

export interface Dimension {
  name: string;
  sizes: Statistics['sizes'];
  comparisons: Comparison[];
}

/** What is known of each dimension, in the order in which the engine names them. */
export function byDimension(of: Statistics): Dimension[] {
  const names = [...new Set([...of.sizes, ...of.comparisons].map((each) => each.dimension))];
  return names.map((name) => ({ name, sizes: of.sizes.filter((each) => each.dimension === name), comparisons: of.comparisons.filter((each) => each.dimension === name) }));
}

/** The findings by what to do about them; kinds that this desk does not know come last, as they are. */
export function byKind(findings: readonly Finding[]): { kind: string; findings: Finding[] }[] {
  const names = [...kinds, ...new Set(findings.map((each) => each.kind as string).filter((kind) => !isKnown(kind)))];
  return names.map((kind) => ({ kind, findings: findings.filter((each) => each.kind === kind) })).filter((each) => each.findings.length > 0);
}

/** The comparison that a finding is about; none where it is about several, or about the inside of one segment. */
export function comparisonOf(finding: Finding, comparisons: readonly Comparison[]): Comparison | undefined {
  if (!finding.outcome || finding.kind === 'consider_splitting') return undefined;
  return comparisons.find((each) => each.dimension === finding.dimension && each.outcome === finding.outcome);
}

/** "0.12 (0.05 to 0.21)" without the words: the parts, rounded alike; an end that nobody knows is a dash. */
export function intervalOf(comparison: Pick<Comparison, 'effect' | 'low' | 'high'>, locale: string): { effect: string; low: string; high: string } {
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const text = (value: number | null | undefined) => (typeof value === 'number' && Number.isFinite(value) ? format.format(value) : '–');
  return { effect: text(comparison.effect), low: text(comparison.low), high: text(comparison.high) };
}
