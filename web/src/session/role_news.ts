import type { Me } from '@/api/types';
import { translate } from '@/words';

const mostListed = 5;
const builtIn = new Set(['agent', 'supervisor', 'admin', 'read-only', 'api']);

/** What a role is called: those of the engine in words, those of the centre as it named them. */
export const roleName = (role: string | undefined): string => (builtIn.has(role ?? '') ? translate(`role.${role}`) : role ?? '');

function listed(permissions: readonly string[]): string {
  const shown = permissions.slice(0, mostListed).map((each) => translate(`permission.${each}`));
  if (permissions.length > mostListed) shown.push(translate('roles.andMore', { count: permissions.length - mostListed }));
  return shown.join('; ');
}

/** What changed for somebody whose role did, in words; empty where nothing did. */
export function roleNews(before: Me, now: Me): string {
  const had = new Set<string>(before.permissions);
  const has = new Set<string>(now.permissions);
  const given = now.permissions.filter((each) => !had.has(each));
  const taken = before.permissions.filter((each) => !has.has(each));
  if (before.role === now.role && given.length === 0 && taken.length === 0) return '';
  return [
    translate(before.role === now.role ? 'roles.changed' : 'roles.isNow', { role: roleName(now.role) }),
    ...(given.length > 0 ? [translate('roles.given', { list: listed(given) })] : []),
    ...(taken.length > 0 ? [translate('roles.taken', { list: listed(taken) })] : []),
  ].join(' ');
}
