import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/api/calls';
import { Refusal } from '@/api/client';
import type { Entry, Ticket } from '@/api/types';
import { useNews } from '@/shell/news_store';
import { callState, recordingOf, wasPlaced } from './call_state';
import { draftOf, keepDraft } from './drafts';
import { attachmentsOf, byNumber, linesOf, textOf, withEntry } from './entries';
import { happening } from './happenings';
import { quietDocument } from './mail_document';
import { useOutgoing } from './outgoing_store';
import { requirementsText, whySteps } from './why';

const entry = (number: number, kind = 'note', more: Partial<Entry> = {}): Entry => ({ number, kind, at: `2026-01-01T00:00:${String(number).padStart(2, '0')}Z`, ...more });

describe('a history', () => {
  it('has each entry once and in order, however it came', () => {
    const seen = [3, 1, 2, 3, 2].reduce<Entry[]>((all, number) => withEntry(all, entry(number)), []);
    expect(seen.map((each) => each.number)).toEqual([1, 2, 3]);
    expect(byNumber([entry(2, 'reply')], seen)[1]?.kind).toBe('reply');
  });

  it('shows what was written, without what was quoted', () => {
    expect(textOf(entry(1, 'contact', { record: { text: 'new\n> old', stripped_text: 'new' } }))).toBe('new');
    expect(textOf(entry(1, 'contact', { record: {} }))).toBe('');
  });

  it('tells together what happened between two things that were said', () => {
    const kinds = ['contact', 'decision', 'offered', 'accepted', 'reply', 'resolved'].map((kind, at) => entry(at + 1, kind));
    expect(linesOf(kinds).map((line) => (line.kind === 'said' ? line.entry.number : line.entries.map((each) => each.number)))).toEqual([1, [2, 3, 4], 5, [6]]);
  });

  it('tells a kind that it does not know by its name', () => {
    expect(happening(entry(1, 'brand_new-kind'))).toBe('brand new kind');
    expect(happening(entry(1, 'declined', { agent: { name: 'Bo' }, reason: 'lunch' }))).toBe('declined by Bo: lunch');
    expect(happening(entry(1, 'survey_answer', { survey: 'how we did', answers: [{ question: 'csat', value: 4 }, { question: 'why', text: 'the wait' }] })))
      .toBe('survey “how we did” answered: csat 4, why “the wait”');
  });

  it('links to files at the engine alone, whatever address somebody sent', () => {
    const record = { attachments: [{ name: 'a.pdf', url: 'javascript:alert(1)' }, { name: 'b', url: 'https://evil.example' }] };
    expect(attachmentsOf({ number: 3, kind: 'contact', at: '', record }, '7').map((each) => each.url)).toEqual(['/api/v1/attachments/7-3-1', '/api/v1/attachments/7-3-2']);
    expect(attachmentsOf({ number: 4, kind: 'reply', at: '', files: [{ id: '../u?', name: 'c' }] }, '7').map((each) => each.url)).toEqual(['/api/v1/attachments/..%2Fu%3F']);
  });
});

describe('a reply', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    setActivePinia(createPinia());
    localStorage.clear();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('leaves after the time for second thoughts, once', async () => {
    const sent = vi.spyOn(api, 'reply').mockResolvedValue({ entry: 2 });
    useOutgoing().send('7', 'hello');
    await vi.advanceTimersByTimeAsync(4_900);
    expect(sent).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveBeenCalledTimes(1);
    expect(useOutgoing().items).toEqual([]);
  });

  it('can be taken back until then', async () => {
    const sent = vi.spyOn(api, 'reply').mockResolvedValue({ entry: 2 });
    useOutgoing().send('7', 'hello');
    expect(useOutgoing().undo('8')).toBeUndefined();
    expect(useOutgoing().undo('7')?.text).toBe('hello');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent).not.toHaveBeenCalled();
  });

  it('leaves before its ticket is resolved', async () => {
    const sent = vi.spyOn(api, 'reply').mockResolvedValue({ entry: 2 });
    useOutgoing().send('7', 'hello', [{ id: 'u-1', name: 'a.pdf' }]);
    expect(await useOutgoing().flush('7')).toBe(true);
    expect(sent).toHaveBeenCalledWith('7', 'hello', expect.any(String), false, ['u-1']);
  });

  it('that is refused becomes a draft again, and says why', async () => {
    vi.spyOn(api, 'reply').mockRejectedValue(new Refusal(409, { detail: 'it is not yours' }));
    useOutgoing().send('7', 'hello');
    await vi.advanceTimersByTimeAsync(6_000);
    expect(draftOf('7').text).toBe('hello');
    expect(useNews().items[0]?.text).toContain('it is not yours');
  });
});

describe('a draft', () => {
  beforeEach(() => localStorage.clear());
  it('outlives the page', () => {
    keepDraft('1', 'unsaid', 'note');
    expect(JSON.parse(localStorage.getItem('kindred.draft.1') ?? '')).toMatchObject({ text: 'unsaid', kind: 'note' });
    keepDraft('1', '', 'note');
    expect(localStorage.getItem('kindred.draft.1')).toBe(null);
  });
  it('that is broken is none', () => {
    localStorage.setItem('kindred.draft.99', '{"text":');
    expect(draftOf('99').text).toBe('');
  });
});

describe('why', () => {
  it('goes from channel to queue', () => {
    const steps = whySteps({ channel: 'whatsapp', queue: 'concierge', segments: { value: 'vip' }, stage: 'established', route: 'vip chats' } as unknown as Ticket, { pinned: ['value'] });
    expect(steps.map((each) => `${each.label}=${each.value}`)).toEqual(['channel=whatsapp', 'value=vip', 'stage=established', 'route=vip chats', 'queue=concierge']);
    expect(steps[1]?.pinned).toBe(true);
  });
  it('says what is asked of an agent', () => expect(requirementsText({ concierge: 7, language: { es: 5 } })).toBe('concierge 7, language 5'));
});

describe('a call', () => {
  const ticket = (status: string) => ({ id: '1', status, created_at: '2026-01-01T00:00:00Z', waiting_since: '2026-01-01T00:00:00Z' }) as unknown as Ticket;
  const begun = [entry(1, 'contact', { record: { from: '+34600000000' } }), entry(2, 'accepted')];
  it.each([['waiting', [], 'waiting'], ['held', [entry(3, 'connecting')], 'connecting'], ['held', [entry(3, 'connecting'), entry(4, 'call-status', { record: { status: 'in-progress' } })], 'talking'],
    ['held', [entry(3, 'call-status', { record: { status: 'completed' } })], 'ended'], ['held', [entry(3, 'abandoned')], 'ended'], ['wrapping_up', [entry(3, 'wrap_up')], 'wrapping_up'], ['resolved', [], 'ended'],
    ['held', [entry(3, 'connecting'), entry(4, 'hold', { call: 'on_hold' })], 'on_hold'], ['held', [entry(3, 'hold', { call: 'on_hold' }), entry(4, 'hold', { call: 'talking' })], 'talking'],
    ['held', [entry(3, 'hold', { call: 'on_hold' }), entry(4, 'connecting')], 'connecting'], ['held', [entry(3, 'hold', { call: 'on_hold' }), entry(4, 'call-status', { record: { status: 'completed' } })], 'ended']] as const,
  )('%s is told by its history', (status, more, state) => {
    const told = callState(ticket(status), [...begun, ...more]);
    expect(told.state).toBe(state);
    expect(told.from).toBe('+34600000000');
  });
});

it('a wrap-up says when it ends, as it was last extended', () => {
  const wrapping = { id: '1', status: 'wrapping_up', created_at: '2026-01-01T00:00:00Z' } as unknown as Ticket;
  const began = entry(3, 'wrap_up', { until: '2026-01-01T00:01:00Z' });
  expect(callState(wrapping, [began]).until).toBe('2026-01-01T00:01:00Z');
  expect(callState(wrapping, [began, entry(4, 'wrap_up', { until: '2026-01-01T00:03:00Z' })]).until).toBe('2026-01-01T00:03:00Z');
  expect(callState(wrapping, []).until).toBeUndefined();
});

it('a call that we placed is told from one that came, by the latest of them', () => {
  expect(wasPlaced([entry(1, 'contact'), entry(2, 'connecting')])).toBe(false);
  expect(wasPlaced([entry(1, 'contact'), entry(2, 'callback'), entry(3, 'connecting', { call_back: true })])).toBe(true);
  expect(wasPlaced([])).toBe(false);
});

describe('a recording', () => {
  const held = { id: '1', status: 'held' } as unknown as Ticket;
  const told = entry(1, 'contact', { record: { recording_consent: 'told' } });
  const talking = entry(3, 'call-status', { record: { status: 'in-progress' } });
  const pickedUp = (consent: string) => entry(5, 'call-status', { record: { status: 'consent', recorded_call: 'CA1', recording_consent: consent } });
  it.each([
    ['nobody was told', [entry(1, 'contact', { record: {} }), talking], 'none'],
    ['who called was told', [told, talking], 'recording'],
    ['who called has agreed', [entry(1, 'contact', { record: { recording_consent: 'given' } }), talking], 'recording'],
    ['who called has not agreed', [entry(1, 'contact', { record: { recording_consent: 'refused' } }), talking], 'none'],
    ['it was paused', [told, talking, entry(4, 'recording', { recording: 'paused' })], 'paused'],
    ['it goes on', [told, talking, entry(4, 'recording', { recording: 'paused' }), entry(5, 'recording', { recording: 'recording' })], 'recording'],
    ['the call is over', [told, entry(3, 'call-status', { record: { status: 'completed' } }), entry(4, 'call-status', { record: { status: 'recorded' } })], 'none'],
    ['who is called back has not picked up', [told, entry(2, 'callback'), entry(3, 'connecting')], 'none'],
    ['who is called back has agreed', [told, entry(2, 'callback'), entry(3, 'connecting'), pickedUp('given')], 'recording'],
    ['who is called has not agreed', [entry(2, 'outbound'), entry(3, 'connecting'), pickedUp('refused')], 'none'],
    ['the talk is over', [entry(2, 'outbound'), entry(3, 'connecting'), pickedUp('told'), entry(6, 'queue-result', { record: { customer_answered: true } })], 'none'],
  ] as const)('where %s', (_, entries, now) => expect(recordingOf(callState(held, entries), entries)).toBe(now));
});

it('a mail as laid out stands behind a policy that lets nothing run or load', () => {
  const text = quietDocument('<script>alert(1)</script>');
  expect(text.indexOf("default-src 'none'")).toBeLessThan(text.indexOf('<script>'));
});
