import { call, query } from './client';
import type { Customer, CustomerNote, DoNotContact, Id, JoinProposal, Journey, Ticket } from './types';

export interface CustomerDetail {
  customer: Customer;
  tickets: Ticket[];
  /** All that are pinned and the latest others, as they were written. */
  notes: CustomerNote[];
}

export interface NotesFound {
  notes: CustomerNote[];
  next?: string;
}

export interface NoteChange {
  text?: string;
  pinned?: boolean;
}

/** What a customer can be pinned to. */
export interface Groups {
  dimensions: { name: string; segments: string[] }[];
  stages: string[];
}

/** Without a value: the pin is taken away. */
export interface Pin {
  dimension: string;
  value?: string;
  reason?: string;
  until?: string;
}

/** What the desk asks of the engine about a customer. */
export const customerApi = {
  show: (id: Id) => call<CustomerDetail>('GET', `/customers/${id}`),
  /** What happened and what moved the customer, the latest first: the page before `before`. */
  journey: (id: Id, before?: string) => call<Journey>('GET', `/customers/${id}/journey${query({ limit: 30, before })}`),
  byIdentity: (identity: string) => call<CustomerDetail>('GET', `/customers${query({ identity })}`),
  groups: () => call<Groups>('GET', '/groups'),
  pin: (id: Id, pin: Pin) => call('POST', `/customers/${id}/pin`, { body: pin }),
  setTags: (id: Id, tags: string[]) => call('PATCH', `/customers/${id}`, { body: { tags } }),

  findNotes: (id: Id, q: string, cursor?: string) => call<NotesFound>('GET', `/customers/${id}/notes${query({ q, cursor })}`),
  addNote: (id: Id, text: string, pinned: boolean, key: string) => call('POST', `/customers/${id}/notes`, { body: { text, pinned }, key }),
  changeNote: (id: Id, number: number, change: NoteChange) => call('PATCH', `/customers/${id}/notes/${number}`, { body: change }),
  removeNote: (id: Id, number: number) => call('DELETE', `/customers/${id}/notes/${number}`),

  doNotContact: async (id: Id) => (await call<{ do_not_contact: DoNotContact[] }>('GET', `/customers/${id}/do-not-contact`)).do_not_contact,
  forbid: (id: Id, what: { channel_kind: string; answers_allowed: boolean; reason?: string }) => call('PUT', `/customers/${id}/do-not-contact`, { body: what }),
  allow: (id: Id, one: DoNotContact) => call('DELETE', `/customers/${id}/do-not-contact${query({ channel_kind: one.channel_kind, subject: one.subject })}`),

  merge: (id: Id, into: Id, reason: string) => call('POST', `/customers/${id}/merge`, { body: reason ? { into, reason } : { into } }),
  joinProposals: async (id: Id) => (await call<{ proposals: JoinProposal[] }>('GET', `/join-proposals${query({ customer: id })}`)).proposals,
  acceptJoin: (proposal: string, into: Id) => call('POST', `/join-proposals/${proposal}/accept`, { body: { into } }),
  dismissJoin: (proposal: string) => call('POST', `/join-proposals/${proposal}/dismiss`, { body: {} }),
  unmerge: (id: Id) => call('POST', `/customers/${id}/unmerge`, { body: {} }),
};
