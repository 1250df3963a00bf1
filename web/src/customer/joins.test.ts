import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Refusal } from '@/api/client';
import { customerApi } from '@/api/customer_calls';
import type { JoinProposal } from '@/api/types';
import { words } from '@/words';
import JoinProposals from './JoinProposals.vue';

beforeEach(() => setActivePinia(createPinia()));
afterEach(() => vi.restoreAllMocks());

const proposal = (id: string, ...customers: string[]) => ({ id, customers: customers.map((each) => ({ id: each, name: `Customer ${each}`, identities: [`email:${each}@mail.example`] })), evidence: ['name: Ada', 'orders: 7'] }) as unknown as JoinProposal;
const shown = async (customer: string) => {
  const made = mount(JoinProposals, { props: { customer, changes: true }, global: { plugins: [words] } });
  await flushPromises();
  return made;
};
const button = (of: Awaited<ReturnType<typeof shown>>, name: string) => of.findAll('button').find((each) => each.text() === name)!;

it('nothing is shown where nobody is proposed', async () => {
  vi.spyOn(customerApi, 'joinProposals').mockResolvedValue([]);
  expect((await shown('1')).text()).toBe('');
});

it('names the other one, whichever comes first, and what speaks for it', async () => {
  vi.spyOn(customerApi, 'joinProposals').mockResolvedValue([proposal('a', '1', '2'), proposal('b', '3', '1')]);
  const items = (await shown('1')).findAll('li');
  expect(items.map((each) => each.find('strong').text())).toEqual(['Customer 2', 'Customer 3']);
  expect(items[0]!.text()).toContain('email:2@mail.example');
  expect(items[0]!.text()).toContain('name: Ada · orders: 7');
});

it('joins into the customer who is looked at, tells it, and asks what is left', async () => {
  const asked = vi.spyOn(customerApi, 'joinProposals').mockResolvedValueOnce([proposal('a', '1', '2')]).mockResolvedValue([]);
  const accept = vi.spyOn(customerApi, 'acceptJoin').mockResolvedValue({});
  const made = await shown('1');
  await button(made, 'They are one').trigger('click');
  await flushPromises();
  expect(accept).toHaveBeenCalledWith('a', '1');
  expect(made.emitted('joined')).toHaveLength(1);
  expect(asked).toHaveBeenCalledTimes(2);
  expect(made.find('li').exists()).toBe(false);
});

it('dismisses without telling that somebody was joined', async () => {
  vi.spyOn(customerApi, 'joinProposals').mockResolvedValueOnce([proposal('a', '1', '2')]).mockResolvedValue([]);
  const dismiss = vi.spyOn(customerApi, 'dismissJoin').mockResolvedValue({});
  const made = await shown('1');
  await button(made, 'They are two').trigger('click');
  await flushPromises();
  expect(dismiss).toHaveBeenCalledWith('a');
  expect(made.emitted('joined')).toBeUndefined();
});

it('says why it was refused, and takes no second answer meanwhile', async () => {
  vi.spyOn(customerApi, 'joinProposals').mockResolvedValue([proposal('a', '1', '2')]);
  let refuse: (reason: unknown) => void = () => {};
  const accept = vi.spyOn(customerApi, 'acceptJoin').mockImplementation(() => new Promise((_, no) => { refuse = no; }));
  const made = await shown('1');
  await button(made, 'They are one').trigger('click');
  expect(button(made, 'They are one').attributes('disabled')).toBeDefined();
  expect(button(made, 'They are two').attributes('disabled')).toBeDefined();
  refuse(new Refusal(409, { detail: 'somebody has said already that these are two' }));
  await flushPromises();
  expect(made.get('[role="alert"]').text()).toBe('somebody has said already that these are two');
  expect(made.emitted('joined')).toBeUndefined();
  expect(accept).toHaveBeenCalledTimes(1);
});

it('asks anew for another customer', async () => {
  const asked = vi.spyOn(customerApi, 'joinProposals').mockResolvedValue([]);
  const made = await shown('1');
  await made.setProps({ changes: true, customer: '9' });
  await flushPromises();
  expect(asked.mock.calls.map(([id]) => id)).toEqual(['1', '9']);
});
