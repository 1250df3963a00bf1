import { describe, expect, it } from 'vitest';
import type { Me, Permission } from '@/api/types';
import en from '@/words/en.json';
import { roleName, roleNews } from '@/session/role_news';
import { chosenWith, groupsOf, isWithin } from './role_choice';

const known = [
  { name: 'tickets.read' }, { name: 'tickets.work', needs: 'tickets.read' }, { name: 'tickets.others', needs: 'tickets.work' }, { name: 'contacts.write' }, { name: 'customers.read' }, { name: 'audit.read' },
] as { name: Permission; needs?: Permission }[];

describe('choosing permissions', () => {
  it.each<[string, Permission[], Permission, boolean, Permission[]]>([
    ['brings what it needs', [], 'tickets.others', true, ['tickets.read', 'tickets.work', 'tickets.others']],
    ['adds to what is there', ['audit.read'], 'tickets.read', true, ['tickets.read', 'audit.read']],
    ['takes what is nothing without it', ['tickets.read', 'tickets.work', 'tickets.others', 'audit.read'], 'tickets.read', false, ['audit.read']],
    ['takes what needs it, not what it needs', ['tickets.read', 'tickets.work', 'tickets.others'], 'tickets.work', false, ['tickets.read']],
  ])('%s', (_, chosen, one, on, gives) => expect(chosenWith(known, chosen, one, on)).toEqual(gives));

  it('stands in groups, in the order of the engine', () => {
    expect(groupsOf(known).map((each) => [each.name, each.permissions.length])).toEqual([['tickets', 4], ['customers', 1], ['access', 1]]);
  });

  it('is within what one has, or not', () => {
    const mine = (one: Permission) => one === 'tickets.read';
    expect(isWithin(['tickets.read'], mine)).toBe(true);
    expect(isWithin(['tickets.read', 'audit.read'], mine)).toBe(false);
  });
});

describe('what is said of a role that changed', () => {
  const me = (role: string, ...permissions: string[]) => ({ role, permissions }) as unknown as Me;

  it('names the role and what came and went', () => {
    const said = roleNews(me('agent', 'tickets.read', 'tickets.work'), me('lead', 'tickets.read', 'audit.read'));
    expect(said).toContain('“lead”');
    expect(said).toContain(en.permission.audit.read);
    expect(said).toContain(en.permission.tickets.work);
    expect(said).not.toContain(en.permission.tickets.read);
  });

  it('is short, and nothing where nothing changed', () => {
    expect(roleNews(me('agent', 'tickets.read'), me('agent', 'tickets.read'))).toBe('');
    const all = ['tickets.read', 'tickets.work', 'customers.read', 'customers.write', 'audit.read', 'rules.read', 'queues.read'];
    expect(roleNews(me('agent'), me('agent', ...all))).toContain('2');
  });

  it('calls built-in roles by words and the others by their name', () => {
    expect(roleName('read-only')).toBe(en.role['read-only']);
    expect(roleName('constructor')).toBe('constructor');
    expect(roleName(undefined)).toBe('');
  });
});
