import { call, query } from './client';
import type { paths } from './schema';
import type { Account, Id, Permission, Quarantined, Role, RoleListed, Token } from './types';

export interface AccountChange {
  name?: string;
  role?: string;
  queues?: string[];
  skills?: Record<string, number>;
  languages?: Record<string, number>;
  capacity?: number;
  phone?: string;
}

export interface AuditRecord {
  number: number;
  at: string;
  by: string;
  action: string;
  about: string;
  detail?: Record<string, unknown>;
  hash: string;
}

export interface Channel {
  name: string;
  connector: string;
  kind: string;
  pending?: number;
  paused_until?: string;
  templates?: unknown[];
}

export interface Circuit {
  host: string;
  state: 'closed' | 'half_open' | 'open';
  failures: number;
  probe_at?: string;
}

export interface Subscription {
  name: string;
  url: string;
  waiting: number;
  retried: number;
  dead: number;
  off?: boolean;
}

export interface RolesFound {
  roles: RoleListed[];
  /** Every permission there is, with what it cannot be without. */
  permissions: { name: Permission; needs?: Permission }[];
}

export type Deliveries = paths['/api/v1/channels/{name}/deliveries']['get']['responses']['200']['content']['application/json'];

export type ChannelCheck = paths['/api/v1/channels/{name}/test']['post']['responses']['200']['content']['application/json'];

/** What admins, and of channels supervisors, ask of the engine. */
export const adminApi = {
  people: async () => (await call<{ people: Account[] }>('GET', '/people')).people,
  addPerson: (login: string, password: string, more: AccountChange) =>
    call<{ agent: Account }>('POST', '/agents', { body: { login, ...(password ? { password } : {}), ...more } }),
  changePerson: (id: Id, change: AccountChange) => call('PATCH', `/agents/${id}`, { body: change }),
  setPassword: (id: Id, password: string) => call('PUT', `/agents/${id}/password`, { body: { password } }),

  roles: () => call<RolesFound>('GET', '/roles'),
  addRole: (name: string, permissions: readonly Permission[]) => call<{ role: Role }>('POST', '/roles', { body: { name, permissions } }),
  changeRole: (name: string, permissions: readonly Permission[]) => call<{ role: Role }>('PATCH', `/roles/${encodeURIComponent(name)}`, { body: { permissions } }),
  removeRole: (name: string) => call('DELETE', `/roles/${encodeURIComponent(name)}`),

  tokens: async () => (await call<{ tokens: Token[] }>('GET', '/tokens')).tokens,
  giveOutToken: (name: string, role: string) => call<{ name: string; secret: string }>('POST', '/tokens', { body: { name, role } }),
  revokeToken: (name: string) => call('DELETE', `/tokens/${encodeURIComponent(name)}`),

  audit: async (before?: number) => (await call<{ records: AuditRecord[] }>('GET', `/audit${query({ before })}`)).records,

  channels: () => call<{ channels: Channel[]; circuits: Circuit[] }>('GET', '/channels'),
  deliveries: (name: string) => call<Deliveries>('GET', `/channels/${encodeURIComponent(name)}/deliveries`),
  testChannel: (name: string) => call<ChannelCheck>('POST', `/channels/${encodeURIComponent(name)}/test`, { body: {} }),
  sendTest: (name: string, to: string, key: string) => call<{ ticket: { id: Id } }>('POST', `/channels/${encodeURIComponent(name)}/test-message`, { body: { to }, key }),
  quarantine: async () => (await call<{ quarantine: Quarantined[] }>('GET', '/quarantine')).quarantine,
  quarantined: (id: string) => call<Quarantined>('GET', `/quarantine/${id}`),
  retryQuarantined: (id: string) => call<{ outcomes?: { outcome?: string; ticket?: Id }[] }>('POST', `/quarantine/${id}/retry`, { body: {} }),
  forgetQuarantined: (id: string) => call('DELETE', `/quarantine/${id}`),
  subscriptions: async () => (await call<{ subscriptions: Subscription[] }>('GET', '/events')).subscriptions,
  replayEvents: (name: string) => call<{ replayed: number }>('POST', `/events/${encodeURIComponent(name)}/replay`, { body: {} }),
};
