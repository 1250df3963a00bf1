import { figureOf } from '@/reports/series';
import type { Report } from '@/api/types';

export interface ServiceLevel {
  /** Of those who came; null where nobody did. */
  share: number | null;
  answered: number;
  abandoned: number;
}

/** Of each queue in a report of service levels by queue. */
export function serviceLevels(report: Report): Map<string, ServiceLevel> {
  return new Map(report.rows.filter((row) => row.group).map((row) => [row.group!, { share: figureOf(row, 'share'), answered: figureOf(row, 'answered') ?? 0, abandoned: figureOf(row, 'abandoned') ?? 0 }]));
}

export type ServiceTone = 'good' | 'fair' | 'poor' | 'none';

/** How good that is, in a word: 80 % in time is the usual aim. */
export function toneOf(level: ServiceLevel | undefined): ServiceTone {
  if (!level || level.share === null) return 'none';
  if (level.share >= 0.8) return 'good';
  return level.share >= 0.6 ? 'fair' : 'poor';
}
