import { call, query } from './client';
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

const pathOf = ({ name, ...rest }: ReportQuestion, format?: string) => `/reports/${name}${query({ ...rest, format })}`;

export const reportApi = {
  kinds: async () => (await call<{ reports: ReportKind[] }>('GET', '/reports')).reports,
  ask: (question: ReportQuestion) => call<Report>('GET', pathOf(question)),
  /** Where the same is as a file. */
  addressOf: (question: ReportQuestion, format: 'csv' | 'ndjson') => `/api/v1${pathOf(question, format)}`,
};
