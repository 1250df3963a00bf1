import { afterEach, expect, it, vi } from 'vitest';
import { api } from '@/api/calls';
import type { Ticket } from '@/api/types';
import { carryOut, effectsOf } from './macros';

afterEach(() => void vi.restoreAllMocks());

it('says what it does beside its reply', () => {
  expect(effectsOf({ name: 'a', reply: 'words' })).toEqual([]);
  expect(effectsOf({ name: 'a', note: 'n', snooze_s: 172_800 })).toEqual(['writes a note', 'puts it aside for 48 hours']);
  expect(effectsOf({ name: 'a', resolve: 'solved' })).toEqual(['resolves it: solved']);
  expect(effectsOf({ name: 'a', queue: 'returns' })).toEqual(['hands it on to returns']);
});

it('writes the note before the end, and ends nothing when that is refused', async () => {
  const did: string[] = [];
  vi.spyOn(api, 'note').mockImplementation(async () => { did.push('note'); return { entry: 1 }; });
  const snooze = vi.spyOn(api, 'snooze').mockImplementation(async (_, until) => { did.push(until); return {} as Ticket; });
  await carryOut({ name: 'a', note: 'n', snooze_s: 3600 }, '7', 0);
  expect(did).toEqual(['note', '1970-01-01T01:00:00.000Z']);
  vi.spyOn(api, 'note').mockRejectedValue(new Error('refused'));
  await expect(carryOut({ name: 'a', note: 'n', snooze_s: 3600 }, '7', 0)).rejects.toThrow('refused');
  expect(snooze).toHaveBeenCalledTimes(1);
});
