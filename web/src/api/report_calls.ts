import type { Simulated, SimulationAsked } from '@/staffing/traffic';
import type { WallChoice } from '@/supervisor/wall_choice';
import { call, query } from './client';
import type { components } from './schema';
import type { Report, ReportKind } from './types';

export interface ReportQuestion {
  name: string;
  from?: string;
  until?: string;
  by?: string;
  every?: string;
  zone?: string;
  within?: string;
}

export type ReportPeriod = Pick<ReportQuestion, 'from' | 'until' | 'zone'>;

const pathOf = ({ name, ...rest }: ReportQuestion, format?: string) => `/reports/${name}${query({ ...rest, format })}`;

export const reportApi = {
  kinds: async () => (await call<{ reports: ReportKind[] }>('GET', '/reports')).reports,
  ask: (question: ReportQuestion) => call<Report>('GET', pathOf(question)),
  segments: (period: ReportPeriod) => call<components['schemas']['group_report']>('GET', `/reports/segments${query({ ...period })}`),
  splits: (period: ReportPeriod) => call<components['schemas']['proposed_splits']>('GET', `/reports/splits${query({ ...period })}`),
  simulate: (asked: SimulationAsked) => call<Simulated>('POST', '/simulation', { body: asked }),
  wall: () => call<WallChoice>('GET', '/me/wall'),
  keepWall: (chosen: WallChoice) => call('PUT', '/me/wall', { body: chosen }),
  /** Where the same is as a file. */
  addressOf: (question: ReportQuestion, format: 'csv' | 'ndjson') => `/api/v1${pathOf(question, format)}`,
};
