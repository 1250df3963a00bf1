import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/api/calls';
import type { Entry } from '@/api/types';
import { useSession } from '@/session/session_store';
import { words } from '@/words';
import EntryBubble from './EntryBubble.vue';
import type { OpenTicket } from './ticket_store';

beforeEach(() => setActivePinia(createPinia()));

const reply = { number: 3, kind: 'reply', at: '2026-01-01T00:00:00Z', text: 'as it was written', agent: { id: '1', name: 'Ann' } } as Entry;
const contact = (record: Entry['record']) => ({ number: 2, kind: 'contact', at: '2026-01-01T00:00:00Z', record }) as Entry;

function bubble(entry: Entry, more: Partial<Pick<OpenTicket, 'messages' | 'deliveries'>> = {}) {
  const detail = { ticket: { id: '7', channel_kind: 'social', customer: { id: '5', name: 'Ada' } }, entries: [entry], deliveries: [], messages: [], ...more } as unknown as OpenTicket;
  return mount(EntryBubble, { props: { entry, detail }, global: { plugins: [words] } });
}
type Mark = OpenTicket['messages'][number];

describe('what became of a message', () => {
  it.each([
    ['nothing is known yet', {}, 'on its way'],
    ['it has left', { deliveries: [{ entry: 3, state: 'sent', attempts: 1 }] }, 'sent'],
    ['the provider says more than we know', { deliveries: [{ entry: 3, state: 'sent', attempts: 1 }], messages: [{ entry: 3, state: 'read', read_at: '2026-01-01T00:01:00Z' }] }, 'read'],
    ['it could not be sent', { deliveries: [{ entry: 3, state: 'failed', attempts: 5, reason: 'no such number' }] }, 'failed: no such number'],
    ['the provider could not deliver it', { deliveries: [{ entry: 3, state: 'sent', attempts: 1 }], messages: [{ entry: 3, state: 'failed', failed_because: 'blocked' }] }, 'failed: blocked'],
    ['it is another message that was read', { messages: [{ entry: 1, state: 'read' }] }, 'on its way'],
  ])('%s', (_, more, said) => {
    const text = bubble(reply, more as never).find('.delivery').text();
    expect(text.replace(/ · [^:]*\d\d:\d\d( [AP]M)?/, '')).toBe(said);
  });

  it('can be sent again where it failed, by who holds the ticket', async () => {
    const session = useSession();
    const failed = { deliveries: [{ entry: 3, state: 'failed' as const, attempts: 5, reason: 'no such number' }] };
    expect(bubble(reply, failed).find('.delivery button').exists()).toBe(false);
    session.me = { id: '1', login: 'ann', name: 'Ann', role: 'agent', permissions: [] } as unknown as typeof session.me;
    expect(bubble(reply, failed).find('.delivery button').exists()).toBe(false);
    const mine = bubble(reply, { ...failed, ticket: { id: '7', channel_kind: 'social', customer: { id: '5' }, holder: { id: '1', name: 'Ann' } } } as never);
    const asked = vi.spyOn(api, 'sendAgain').mockResolvedValue({ entry: 5 });
    await mine.get('.delivery button').trigger('click');
    expect(asked).toHaveBeenCalledExactlyOnceWith('7', 3);
    expect(bubble(reply, { deliveries: [{ entry: 3, state: 'sent', attempts: 1 }] }).find('.delivery button').exists()).toBe(false);
  });

  it('a changed text takes the place of the first, and that it was changed is said', () => {
    const shown = bubble(contact({ text: 'first' }), { messages: [{ entry: 2, text: 'second', edited_at: '2026-01-01T00:02:00Z' } as Mark] });
    expect(shown.find('.text').text()).toBe('second');
    expect(shown.text()).toMatch(/edited|changed/i);
  });

  it('what was deleted is no longer shown, nor that it was changed before', () => {
    const shown = bubble(contact({ text: 'a secret of some length', html: '<p>a secret</p>' }), { messages: [{ entry: 2, edited_at: '2026-01-01T00:02:00Z', deleted_at: '2026-01-01T00:03:00Z' } as Mark] });
    expect(shown.text()).not.toContain('a secret');
    expect(shown.find('.text').exists()).toBe(false);
    expect(shown.find('.bubble-more').exists()).toBe(false);
    expect(shown.text()).toMatch(/deleted/i);
    expect(shown.text()).not.toMatch(/edited|changed/i);
  });

  it('has the reactions with who gave them, as text', () => {
    const shown = bubble(reply, { messages: [{ entry: 3, reactions: [{ from: '<img src=x onerror=alert(1)>', emoji: '👍' }, { from: 'Ada', emoji: '<b>x</b>' }] } as Mark] });
    const marks = shown.findAll('.reactions span');
    expect(marks.map((each) => [each.attributes('title'), each.text()])).toEqual([['<img src=x onerror=alert(1)>', '👍'], ['Ada', '<b>x</b>']]);
    expect(shown.find('.reactions b, .reactions img').exists()).toBe(false);
  });
});

describe('pictures of a message', () => {
  const withFiles = contact({ text: 'see', attachments: [{ name: 'lamp.png', type: 'image/png', size: 2048 }, { name: 'evil.svg', type: 'image/svg+xml', size: 10 }, { name: 'giant.jpg', type: 'image/jpeg', size: 20_000_000 }] });

  it('are shown where they stand when somebody wants it, and hidden again', async () => {
    const shown = bubble(withFiles);
    expect(shown.find('img').exists()).toBe(false);
    const button = shown.get('.attachments button');
    await button.trigger('click');
    expect(shown.get('img').attributes()).toMatchObject({ src: '/api/v1/attachments/7-2-1', alt: 'lamp.png' });
    expect(button.attributes('aria-expanded')).toBe('true');
    await button.trigger('click');
    expect(shown.find('img').exists()).toBe(false);
  });

  it('are none that could run something, and no giants: those are saved', () => {
    const shown = bubble(withFiles);
    expect(shown.findAll('.attachments button')).toHaveLength(1);
    expect(shown.findAll('.attachments a').map((each) => each.attributes('href'))).toEqual(['/api/v1/attachments/7-2-1', '/api/v1/attachments/7-2-2', '/api/v1/attachments/7-2-3']);
  });
});

describe('a mail of two megabytes', () => {
  const huge = 'All work and no play. '.repeat(100_000);

  it('is shown by its beginning, and whole when somebody asks for it', async () => {
    const shown = bubble(contact({ text: huge }));
    expect(shown.get('.text').text().length).toBeLessThanOrEqual(6_000);
    await shown.get('.bubble-more button').trigger('click');
    expect(shown.get('.text').element.textContent).toBe(huge);
  });

  it('says how much of what was quoted it shows', async () => {
    const shown = bubble(contact({ text: `new\n${huge}`, stripped_text: 'new' }));
    expect(shown.get('.text').text()).toBe('new');
    await shown.get('.bubble-more button').trigger('click');
    const { length } = shown.get('.text').element.textContent ?? '';
    expect(length).toBeLessThanOrEqual(6_000);
    await shown.get('.bubble-more button').trigger('click');
    expect(shown.get('.text').element.textContent).toBe(`new\n${huge}`);
  });
});
