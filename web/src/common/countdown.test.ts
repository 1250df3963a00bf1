import { expect, it } from 'vitest';
import { countdownOf } from './countdown';

const now = Date.parse('2026-01-01T12:00:00Z');
it.each([
  ['nothing was promised', undefined, null],
  ['it runs', { name: 'resolution', left_s: 9_999, at: '2026-01-01T13:00:00Z' }, { name: 'resolution', left: 3600, stands: false, tone: 'calm' }],
  ['it is near', { name: 'first_response', left_s: 120, at: '2026-01-01T12:02:00Z' }, { name: 'first_response', left: 120, stands: false, tone: 'near' }],
  ['it was missed', { name: 'next_response', left_s: 1, at: '2026-01-01T11:59:50Z' }, { name: 'next_response', left: -10, stands: false, tone: 'missed' }],
  ['the queue is closed', { name: 'first_response', left_s: 60 }, { name: 'first_response', left: 60, stands: true, tone: 'calm' }],
  ['it was missed and the queue is closed', { name: 'first_response', left_s: -5 }, { name: 'first_response', left: -5, stands: true, tone: 'missed' }],
] as const)('%s', (_, target, made) => expect(countdownOf({ target } as never, now)).toEqual(made));
