import { describe, expect, it } from 'vitest';
import type { Account, Queue, Ticket } from '@/api/types';
import { doneOf, nextOf, type Site } from './first_steps';

const queue = (name: string, present = 0) => ({ name, agents_present: present }) as Queue;
const person = (role: string, ...queues: string[]) => ({ role, queues }) as unknown as Account;
const ticket = (holder: unknown) => ({ holder }) as Ticket;
const empty: Site = { rules: false, people: [], queues: [], tickets: [], answered: false };

describe('the first steps', () => {
  it('begin with the rules', () => expect(nextOf(doneOf(empty))).toBe('rules'));
  it.each<[Partial<Site>, string | null]>([
    [{ rules: true, queues: [queue('a')] }, 'people'],
    [{ rules: true, queues: [queue('a')], people: [person('admin', 'a'), person('agent', 'b')] }, 'people'],
    [{ rules: true, queues: [queue('a')], people: [person('agent', 'a')] }, 'present'],
    [{ rules: true, queues: [queue('a', 1)], people: [person('agent', 'a')] }, 'contact'],
    [{ rules: true, queues: [queue('a', 1)], people: [person('agent', 'a')], tickets: [ticket(null)] }, 'accept'],
    [{ rules: true, queues: [queue('a', 1)], people: [person('agent', 'a')], tickets: [ticket({ id: '1' })] }, 'answer'],
    [{ rules: true, queues: [queue('a', 1)], people: [person('agent', 'a')], tickets: [ticket({ id: '1' })], answered: true }, null],
  ])('go on: %#', (site, next) => expect(nextOf(doneOf({ ...empty, ...site }))).toBe(next));
});
