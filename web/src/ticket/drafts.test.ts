import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deskApi } from '@/api/desk_calls';
import { draftOf, fetchDraft, keepDraft, tellDraftsNow } from './drafts';

describe('a draft', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    localStorage.clear();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('is told once nobody types for a moment, and at once when the page goes', async () => {
    const told = vi.spyOn(deskApi, 'keepDraft').mockResolvedValue(undefined);
    for (const text of ['H', 'He', 'Hel']) keepDraft('1', text, 'reply');
    expect(told).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.mock.calls).toEqual([['1', 'Hel', 'reply', false]]);
    keepDraft('1', 'Hello', 'reply');
    tellDraftsNow();
    expect(told.mock.calls.at(-1)).toEqual(['1', 'Hello', 'reply', true]);
  });

  it.each([
    ['of another computer is taken where there is none', '', { text: 'there', kind: 'note' as const, at: '2026-01-01T00:00:00Z' }, 'there'],
    ['that is newer elsewhere is taken', 'here', { text: 'there', kind: 'reply' as const, at: '2026-01-01T00:00:00Z' }, 'there'],
    ['that is older elsewhere stays there', 'here', { text: 'there', kind: 'reply' as const, at: '1970-01-01T00:00:01Z' }, 'here'],
    ['that was sent elsewhere stays here', 'here', { text: '', kind: 'reply' as const }, 'here'],
  ])('%s', async (name, here, kept, expected) => {
    vi.spyOn(deskApi, 'keepDraft').mockResolvedValue(undefined);
    vi.spyOn(deskApi, 'draft').mockResolvedValue(kept);
    keepDraft(name, here, 'reply');
    await vi.advanceTimersByTimeAsync(2_000);
    await fetchDraft(name);
    expect(draftOf(name).text).toBe(expected);
  });
});
