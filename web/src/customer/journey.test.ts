import { flushPromises, mount, RouterLinkStub } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customerApi, type CustomerDetail } from '@/api/customer_calls';
import { Refusal } from '@/api/client';
import type { Journey, JourneyStep, Ticket } from '@/api/types';
import { words } from '@/words';
import CustomerJourney from './CustomerJourney.vue';
import { causeOf, saidOf, wordsOf } from './journey';

beforeEach(() => setActivePinia(createPinia()));
afterEach(() => vi.restoreAllMocks());

const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
const contact = (ticket: string, day: number, more: Partial<JourneyStep> = {}): JourneyStep => ({ what: 'contact', at: at(day), ticket, entry: 1, channel: 'mail', subject: `s${ticket}`, ...more });
const pages = (...all: Partial<Journey>[]) => {
  const asked = vi.spyOn(customerApi, 'journey');
  for (const each of all) asked.mockResolvedValueOnce({ customer: '1', met_at: at(1), journey: [], ...each });
  return asked;
};
const known = (id = '1', tickets: Partial<Ticket>[] = []) => ({ customer: { id, identities: [] }, tickets, notes: [] }) as unknown as CustomerDetail;
const shown = async (of = known(), open = '2') => {
  const made = mount(CustomerJourney, { props: { known: of, open }, global: { plugins: [words], stubs: { RouterLink: RouterLinkStub } } });
  await flushPromises();
  return made;
};
const lines = (of: Awaited<ReturnType<typeof shown>>) => of.findAll('li').map((each) => each.text().replace(/\s+/g, ' '));

describe('a journey', () => {
  it('tells each conversation, the latest first, with what it moved and why, and ends where the customer was met', async () => {
    pages({
      journey: [
        contact('3', 3, { moves: [{ dimension: 'value', from: 'new', to: 'vip' }, { dimension: 'stage', from: 'considering', to: 'established' }], cause: 'rules' }),
        { what: 'resolved', at: at(2), ticket: '1', entry: 5, channel: 'mail', by: 'Ann', value: 'solved' },
        contact('1', 2),
      ],
    });
    const made = await shown(known('1', [{ id: '3', channel_kind: 'email', status: 'held' }]), '3');
    const [third, resolved, first, met] = lines(made);
    expect(third).toMatch(/s3.*mail · held.*value: from new to vip.*Stage: from considering to established.*because of other rules/i);
    expect(resolved).toMatch(/resolved: solved.*Ann/);
    expect(first).toMatch(/s1/);
    expect(met).toMatch(/First contact/);
    expect(made.findAllComponents(RouterLinkStub).map((each) => [JSON.stringify(each.props().to), each.attributes('aria-current')])).toEqual([['3', 'true'], ['1', undefined], ['1', undefined]].map(([id, current]) => [JSON.stringify({ name: 'ticket', params: { id } }), current]));
  });

  it('has pins where they were set, with who and why', async () => {
    pages({ journey: [contact('2', 3), { what: 'pin', at: at(2), by: 'agent:ann', name: 'stage', value: 'established', reason: 'signed by phone' }, contact('1', 1)] });
    expect(lines(await shown())[1]).toMatch(/stage is pinned to established.*ann · signed by phone/i);
  });

  it('shows what was earlier when asked, and where it began only then', async () => {
    const asked = pages({ journey: [contact('2', 3)], next_before: at(3) }, { journey: [contact('1', 2)] });
    const made = await shown();
    expect(lines(made)).toHaveLength(1);
    await made.find('button').trigger('click');
    await flushPromises();
    expect(asked.mock.calls).toEqual([['1', undefined], ['1', at(3)]]);
    expect(lines(made).map((each) => /s2|s1|First contact/.exec(each)?.[0])).toEqual(['s2', 's1', 'First contact']);
    expect(made.find('button').exists()).toBe(false);
  });

  it('is read anew when something about the customer changes, and never shows that of another one', async () => {
    let late: (made: Journey) => void = () => {};
    const asked = vi.spyOn(customerApi, 'journey').mockImplementation((id) => (id === '1' ? new Promise((done) => { late = done; }) : Promise.resolve({ customer: id, met_at: at(1), journey: [contact('9', 2)] })));
    const made = await shown();
    await made.setProps({ known: known('2') });
    await flushPromises();
    late({ customer: '1', met_at: at(1), journey: [contact('1', 2)] });
    await flushPromises();
    expect(lines(made)[0]).toMatch(/s9/);
    await made.setProps({ known: known('2') });
    await flushPromises();
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('says that it could not be read', async () => {
    vi.spyOn(customerApi, 'journey').mockRejectedValue(new Refusal(503, { title: 'try again' }));
    expect((await shown()).text()).toContain('could not be loaded');
  });
});

describe('a step', () => {
  const step = (more: Partial<JourneyStep>): JourneyStep => ({ what: 'facts', at: at(1), ...more });

  it.each<[Partial<JourneyStep>, string]>([
    [{ what: 'event', name: 'order_placed' }, 'order_placed'],
    [{ what: 'facts', changed: ['customer.orders', 'customer.tags'] }, 'changed: orders, tags'],
    [{ what: 'facts' }, 'the record was changed'],
    [{ what: 'pin', name: 'value' }, 'value is pinned no more'],
    [{ what: 'merged', name: '12' }, 'customer 12 goes on here'],
    [{ what: 'resolved' }, 'resolved'],
  ])('that says %j reads: %s', (more, text) => {
    const { key, values } = wordsOf(step(more));
    expect(words.global.t(key, values)).toBe(text);
  });

  it('names who did it and why, as far as that is known', () =>
    expect([step({ by: 'agent:ann', reason: 'why' }), step({ by: 'crm:shop' }), step({})].map(saidOf)).toEqual(['ann · why', 'crm:shop', '']));

  it('explains its moves where it is not the cause itself', () => {
    const moves = [{ dimension: 'stage', from: 'a', to: 'b' }];
    expect([step({ moves, cause: 'facts' }), step({ moves, cause: 'itself' }), step({})].map(causeOf)).toEqual(['journey.because.facts', undefined, undefined]);
  });
});
