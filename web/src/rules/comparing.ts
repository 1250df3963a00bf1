import type { components } from '@/api/schema';
import { shortly } from './places';

export type RuleTests = components['schemas']['rule_tests'];

export interface ChangedDefinition {
  of: string;
  name: string;
  change: 'added' | 'removed' | 'changed' | 'moved';
  /** Of routes: whether a sampled contact notices. */
  matters?: boolean;
  keys: { key: string; before: string; after: string }[];
}

export interface Treatment {
  before: { route: string; queue: string };
  after: { route: string; queue: string };
  differs: string[];
  sampled: number;
  examples: Record<string, unknown>[];
}

/** What `kindred diff --json` says. */
export interface RulesDiff {
  before: string;
  after: string;
  definitions: ChangedDefinition[];
  sampled: number;
  treatments: Treatment[];
}

/** Those who go to another queue, and those who stay and get something else. */
export function byQueue(treatments: readonly Treatment[]): { moving: Treatment[]; staying: Treatment[] } {
  const moves = (each: Treatment) => each.before.queue !== each.after.queue;
  return { moving: treatments.filter(moves), staying: treatments.filter((each) => !moves(each)) };
}

/** "channel.kind: phone, customer.orders: 3"; empty where any contact would do. */
export function exampleText(facts: Record<string, unknown>): string {
  return Object.entries(facts).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : shortly(value)}`).join(', ');
}

/** How many names changed in which way, most first: [["route", "changed", 3], ...]. */
export function countsOf(definitions: readonly ChangedDefinition[]): { of: string; change: ChangedDefinition['change']; count: number }[] {
  const counts = new Map<string, { of: string; change: ChangedDefinition['change']; count: number }>();
  for (const each of definitions) {
    const key = `${each.of} ${each.change}`;
    const found = counts.get(key) ?? { of: each.of, change: each.change, count: 0 };
    found.count += 1;
    counts.set(key, found);
  }
  return [...counts.values()].sort((one, other) => other.count - one.count);
}
