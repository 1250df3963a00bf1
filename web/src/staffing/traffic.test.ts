import { describe, expect, it } from 'vitest';
import { askedOf, hoursOf, othersOf, rowsOf, trafficOf, type Simulated, type Work } from './traffic';

const work: Work = { queue: 'calls', kind: 'phone', text: 'hello', perHour: 60, handlingMinutes: 5, patienceMinutes: 3, atOnce: 1, from: 4, to: 8, share: 80, withinSeconds: 20 };
const figures = (arrived: number, service: number) => ({ arrived, mean_wait_s: 1, service_level: { '20s': service }, abandoned_share: 0, occupancy: 0.5 });

describe('the work of a queue as a traffic file', () => {
  it('says who comes, how long it takes and who works', () => expect(JSON.parse(trafficOf(work))).toEqual({
    hours: 1333, arrivals: [{ per_hour: 60, channel: { name: 'phone', kind: 'phone' }, text: 'hello' }], handling: { exponential: '300s' }, patience: { exponential: '180s' },
    roster: [{ name: 'agents', agents: 4, queues: ['calls'], capacity: 10 }], service_level: ['20s'],
  }));
  it('writes parts of minutes as durations that the engine reads', () => expect(JSON.parse(trafficOf({ ...work, handlingMinutes: 1.5, patienceMinutes: 0.001 }))).toMatchObject({ handling: { exponential: '90s' }, patience: { exponential: '1s' } }));
  it('has no patience where nobody gives up', () => expect(JSON.parse(trafficOf({ ...work, patienceMinutes: 0 })).patience).toBeUndefined());
  it.each([[{ perHour: 1 }, 2_000], [{ perHour: 100_000 }, 24], [{ from: 1, to: 40, perHour: 100 }, 100]])('stays within what one may ask for: %j', (more, hours) => expect(hoursOf({ ...work, ...more })).toBe(hours));
  it('asks for a run for each number of agents', () => expect(askedOf(work, 'x')).toEqual({ traffic: 'x', sweep: { row: 'agents', from: 4, to: 8 }, goal: '80%/20s' }));
});

describe('what a simulation told', () => {
  const told: Simulated = { runs: [
    { agents: 4, line_grows: true, queues: { calls: figures(10, 0.9), general: figures(30, 1), mail: figures(2, 1) } },
    { agents: 5, line_grows: false, queues: { calls: figures(10, 0.79) } }, { agents: 6, line_grows: false, queues: { calls: figures(10, 0.8) } },
  ] };
  it('is a line for each number of agents, and a growing line is never enough', () => expect(rowsOf(told, work).map((each) => [each.agents, each.enough])).toEqual([[4, false], [5, false], [6, true]]));
  it('is nothing where nobody came into the queue, and says where they went', () => {
    expect(rowsOf(told, { ...work, queue: 'pair' })).toEqual([]);
    expect(othersOf(told, { ...work, queue: 'pair' })).toEqual(['general', 'calls', 'mail']);
  });
});
