import type { RolesFound } from '@/api/admin_calls';
import type { Permission } from '@/api/types';

type Known = RolesFound['permissions'];

const groupOf: Record<string, string> = {
  tickets: 'tickets', contacts: 'tickets', customers: 'customers', queues: 'floor', incidents: 'floor', presence: 'floor', reports: 'insight', rules: 'insight',
  channels: 'channels', senders: 'channels', people: 'access', roles: 'access', tokens: 'access', audit: 'access',
};

/** Every permission under what it is about, in the engine's order. */
export function groupsOf(known: Known): { name: string; permissions: Permission[] }[] {
  const groups = new Map<string, Permission[]>();
  for (const { name } of known) {
    const group = groupOf[name.split('.')[0] ?? ''] ?? 'access';
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups].map(([name, permissions]) => ({ name, permissions }));
}

/** What is chosen once one permission is given or taken: with what it needs, and without what needs it. */
export function chosenWith(known: Known, chosen: readonly Permission[], one: Permission, on: boolean): Permission[] {
  const next = new Set(chosen);
  if (on) for (let each: Permission | undefined = one; each !== undefined; each = known.find((row) => row.name === each)?.needs) next.add(each);
  else {
    const gone: Permission[] = [one];
    for (const each of gone) {
      next.delete(each);
      gone.push(...known.filter((row) => row.needs === each && next.has(row.name)).map((row) => row.name));
    }
  }
  return known.map((row) => row.name).filter((name) => next.has(name));
}

/** Whether somebody who has `mine` may give or take a role that permits `its`. */
export const isWithin = (its: readonly Permission[], mine: (one: Permission) => boolean): boolean => its.every(mine);
