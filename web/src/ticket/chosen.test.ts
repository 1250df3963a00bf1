import { describe, expect, it } from 'vitest';
import type { Entry } from '@/api/types';
import { chosenOf, nobodyYet } from './chosen';

const entries = (...all: Record<string, unknown>[]) => all.map((each, at) => ({ number: at + 1, at: '2026-01-01T00:00:00Z', ...each })) as unknown as Entry[];
const ann = { id: '1', name: 'Ann' };
const bo = { id: '2', name: 'Bo' };
const offered = (offer: string, agent: object, more = {}) => ({ kind: 'offered', offer, agent, ...more });

describe('over whom an agent was chosen', () => {
  const over = { over: [bo, { id: '3', name: 'Cy' }], others: 4, choose: 'longest_idle' };

  it('is told by the offer that stands', () => {
    expect(chosenOf({ status: 'offered' }, entries(offered('1', bo), { kind: 'declined', offer: '1', agent: bo }, offered('2', ann, over))))
      .toEqual({ how: 'offered', agent: 'Ann', over: ['Bo', 'Cy'], more: 2, by: 'longest_idle' });
  });

  it('is told by the offer that was accepted, whatever came after it', () => {
    expect(chosenOf({ status: 'held' }, entries(offered('1', ann, over), offered('2', bo), { kind: 'accepted', offer: '1', agent: ann }, { kind: 'reply' })))
      .toMatchObject({ how: 'taken', agent: 'Ann', over: ['Bo', 'Cy'], more: 2 });
  });

  it('is nobody where nobody else could have it, or where somebody was given it by hand', () => {
    expect(chosenOf({ status: 'held' }, entries(offered('1', ann), { kind: 'accepted', offer: '1', agent: ann }))).toEqual({ how: 'taken', agent: 'Ann', over: [], more: 0, by: null });
    expect(chosenOf({ status: 'held' }, entries(offered('1', ann, over), { kind: 'accepted', offer: '1', agent: ann }, { kind: 'assigned', agent: bo }))).toMatchObject({ how: 'given', agent: 'Bo', over: [] });
  });

  it('is not told while it waits', () => expect(chosenOf({ status: 'waiting' }, entries(offered('1', ann), { kind: 'expired', offer: '1' }))).toBeNull());
});

describe('why nobody has it yet', () => {
  const funnel = (...agents: number[]) => ({ funnel: agents.map((each, at) => ({ stage: ['in_queue', 'channel', 'present', 'room', 'requirement', 'not_declined', 'offerable'][at], agents: each })) });
  it.each([
    ['somebody is there, and has no room', funnel(5, 5, 3, 0, 0, 0, 0), { stage: 'present', passed: 3, failed: 'room', held: null }],
    ['nobody works there', funnel(0, 0, 0, 0, 0, 0, 0), { stage: 'in_queue', passed: 0, failed: null, held: null }],
    ['the queue is closed', { ...funnel(5, 5, 3, 1, 1, 1, 0), held_back: 'queue_closed' }, { stage: 'not_declined', passed: 1, failed: 'offerable', held: 'queue_closed' }],
  ])('%s', (_, dispatch, expected) => expect(nobodyYet(dispatch)).toMatchObject(expected));
  it('is not known of what is over', () => expect(nobodyYet(null)).toBeNull());
});
