import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/api/calls';
import { Refusal } from '@/api/client';
import type { Frame, Ticket, TicketDetail } from '@/api/types';
import { useInbox } from '@/inbox/inbox_store';
import { useLive } from '@/live/live_store';
import { useNews } from '@/shell/news_store';
import { useTickets } from './ticket_store';

const ticket = (status: Ticket['status']): Ticket => ({
  id: '7', status, channel: 'api', channel_kind: 'api', queue: 'sales', priority: 'normal', customer: {}, subject: 'lamp', holder: null,
  created_at: '2026-11-27T10:00:00Z', updated_at: '2026-11-27T10:00:00Z',
});
const detail = (status: Ticket['status'], entries = 1) => ({
  ticket: ticket(status), entries: Array.from({ length: entries }, (_, at) => ({ number: at + 1, kind: 'note', at: '2026-11-27T10:00:00Z' })),
}) as unknown as TicketDetail;
const frameOf = (status: Ticket['status']) => ({ type: 'ticket', seq: 2, ticket: ticket(status) }) as Frame;

/** Answers that are given when the test says so, in whatever order. */
function heldBack<Answer>() {
  const waiting: ((answer: Answer) => void)[] = [];
  return { ask: () => new Promise<Answer>((give) => waiting.push(give)), give: (at: number, answer: Answer) => waiting[at]!(answer) };
}

describe('a line that says what became of a message', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    setActivePinia(createPinia());
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it.each([['delivery', 2], ['status', 2], ['bounce', 2], ['edit', 2], ['delete', 2], ['reaction', 2], ['note', 1]])('%s: the ticket is asked for %d times', async (kind, times) => {
    const asked = vi.spyOn(api, 'ticket').mockImplementation(async () => detail('held'));
    await useTickets().show('7');
    useLive().apply({ type: 'entry', seq: 2, ticket: '7', entry: { number: 2, kind, at: '2026-11-27T10:00:00Z' } } as Frame);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveBeenCalledTimes(times);
  });
});

describe('an answer that left before the news and comes after it', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    setActivePinia(createPinia());
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('leaves the open ticket as it was told, and is asked for again', async () => {
    const answers = heldBack<TicketDetail>();
    const asked = vi.spyOn(api, 'ticket').mockImplementation(answers.ask);
    const shown = useTickets().show('7');
    useLive().apply(frameOf('resolved'));
    answers.give(0, detail('held'));
    await shown;
    expect(useTickets().open?.ticket.status).toBe('resolved');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveBeenCalledTimes(2);
    answers.give(1, detail('resolved', 2));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(useTickets().open).toMatchObject({ ticket: { status: 'resolved' }, entries: [{ number: 1 }, { number: 2 }] });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('does not undo an answer that was asked for later', async () => {
    const answers = heldBack<TicketDetail>();
    vi.spyOn(api, 'ticket').mockImplementation(answers.ask);
    const shown = useTickets().show('7');
    const again = useTickets().refreshOpen();
    answers.give(1, detail('resolved', 2));
    await again;
    answers.give(0, detail('held'));
    await shown;
    expect(useTickets().open).toMatchObject({ ticket: { status: 'resolved' }, entries: [{ number: 1 }, { number: 2 }] });
  });

  it('leaves a list as it was told', async () => {
    const answers = heldBack<{ tickets: Ticket[]; next: string | null }>();
    vi.spyOn(api, 'tickets').mockImplementation(answers.ask);
    const inbox = useInbox();
    inbox.show({ kind: 'all' });
    useLive().apply(frameOf('resolved'));
    answers.give(0, { tickets: [ticket('waiting'), { ...ticket('waiting'), id: '8' }], next: null });
    await vi.advanceTimersByTimeAsync(0);
    expect([inbox.shown.count, inbox.shown.at(0)?.id]).toEqual([1, '8']);
  });

  it('of a list is asked for again once it has come, where something happened meanwhile', async () => {
    const answers = heldBack<{ tickets: Ticket[]; next: string | null; total: number }>();
    const asked = vi.spyOn(api, 'tickets').mockImplementation(answers.ask);
    const inbox = useInbox();
    inbox.show({ kind: 'all' });
    inbox.refresh();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toHaveBeenCalledTimes(1);
    answers.give(0, { tickets: [ticket('waiting')], next: null, total: 1 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toHaveBeenCalledTimes(2);
    answers.give(1, { tickets: [], next: null, total: 0 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect([inbox.shown.count, asked.mock.calls.length]).toEqual([0, 2]);
    inbox.refresh();
    inbox.show({ kind: 'mine' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveBeenCalledTimes(2);
  });
});

describe('an open ticket whose answer did not come', () => {
  const unreachable = new Refusal(0, { type: 'unreachable' });
  const noteOf = (number: number) => ({ type: 'entry', seq: number, ticket: '7', entry: { number, kind: 'note', at: '2026-11-27T10:00:00Z' } }) as Frame;
  beforeEach(() => {
    vi.useFakeTimers();
    setActivePinia(createPinia());
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('is asked for again by itself, more and more seldom, and says so once', async () => {
    const asked = vi.spyOn(api, 'ticket').mockResolvedValueOnce(detail('held')).mockRejectedValue(unreachable);
    await useTickets().show('7');
    await useTickets().refreshOpen();
    await vi.advanceTimersByTimeAsync(500 + 1_000 + 2_000);
    expect(asked).toHaveBeenCalledTimes(5);
    await vi.advanceTimersByTimeAsync(3_900);
    expect(asked).toHaveBeenCalledTimes(5);
    expect(useNews().items).toHaveLength(1);
    asked.mockResolvedValue(detail('held', 2));
    await vi.advanceTimersByTimeAsync(200);
    expect(useTickets().open?.entries.map((each) => each.number)).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(6);
  });

  it('shows itself once it has come, though the first answer did not', async () => {
    vi.spyOn(api, 'ticket').mockRejectedValueOnce(new Refusal(503, {})).mockResolvedValue(detail('held'));
    await useTickets().show('7');
    expect(useTickets().problem).not.toBeNull();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([useTickets().problem, useTickets().open?.ticket.id]).toEqual([null, '7']);
  });

  it('is not asked for again where it is refused for good, nor once another one or none is open', async () => {
    const asked = vi.spyOn(api, 'ticket').mockRejectedValueOnce(new Refusal(403, {})).mockRejectedValue(unreachable);
    await useTickets().show('7');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(1);
    await useTickets().show('8');
    useTickets().close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('has what was told of it before it came', async () => {
    const answers = heldBack<TicketDetail>();
    const asked = vi.spyOn(api, 'ticket').mockImplementation(answers.ask);
    const shown = useTickets().show('7');
    useLive().apply(noteOf(2));
    useLive().apply({ ...noteOf(3), ticket: '8' } as Frame);
    answers.give(0, detail('held'));
    await shown;
    expect(useTickets().open?.entries.map((each) => each.number)).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveBeenCalledTimes(1);
    const another = useTickets().show('8');
    useLive().apply({ ...noteOf(2), ticket: '8', entry: { number: 2, kind: 'contact', at: '2026-11-27T10:00:00Z' } } as Frame);
    answers.give(1, detail('held'));
    await another;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveBeenCalledTimes(3);
  });
});
