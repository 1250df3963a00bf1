import { expect, it } from 'vitest';
import type { Customer, Ticket } from '@/api/types';
import { journeyOf } from './journey';

const ticket = (id: string, stage: string, segments: Record<string, string> = { value: 'new' }) =>
  ({ id, stage, segments, created_at: `2026-01-0${id}T00:00:00Z`, subject: `s${id}` }) as unknown as Ticket;
const customer = (pins: Customer['pins'] = []) => ({ id: '1', name: 'A', identities: [], created_at: '2026-01-01T00:00:00Z', pins }) as Customer;

it('tells each conversation, the latest first, with what had changed since the one before', () => {
  const steps = journeyOf({ customer: customer(), tickets: [ticket('3', 'established', { value: 'vip' }), ticket('1', 'considering'), ticket('2', 'considering')] });
  expect(steps.map((each) => (each.kind === 'contact' ? each.ticket.id : each.kind))).toEqual(['3', '2', '1', 'met']);
  expect(steps[0]).toMatchObject({ moves: [{ dimension: 'value', from: 'new', to: 'vip' }, { dimension: 'stage', from: 'considering', to: 'established' }] });
  expect(steps[1]).toMatchObject({ moves: [] });
});

it('has pins where they were set, with who and why', () => {
  const pin = { dimension: 'stage', value: 'established', by: 'agent:ann', reason: 'signed by phone', at: '2026-01-01T12:00:00Z' };
  const steps = journeyOf({ customer: customer([pin]), tickets: [ticket('1', 'considering'), ticket('2', 'established')] });
  expect(steps.map((each) => each.kind)).toEqual(['contact', 'pin', 'contact', 'met']);
  expect(steps[1]).toMatchObject({ by: 'agent:ann', reason: 'signed by phone' });
});
