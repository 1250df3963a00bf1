import type { components } from './schema';

type Schemas = components['schemas'];

export type Id = Schemas['id'];
export type Permission = Schemas['permission'];
export type Role = Schemas['role'];
export type RoleListed = Role & { people: number; tokens: number };
export type PresenceState = Schemas['presence_state'];
export type Presence = Schemas['presence'];
export type Me = Schemas['me'];
export type Agent = Schemas['agent'] & { wrapping_up?: number };
export type Queue = Schemas['queue'];
export type Ticket = Schemas['ticket'];
export type TicketStatus = Schemas['ticket_status'];
export type Decision = Schemas['decision'];
export type Guidance = Schemas['guidance'];
export type TicketDetail = Schemas['ticket_detail'];
export type Delivery = TicketDetail['deliveries'][number];
export type Customer = Schemas['customer'];
export type CustomerNote = Schemas['customer_note'];
export type Journey = Schemas['journey'];
export type JourneyStep = Schemas['journey_step'];
export type DoNotContact = Schemas['do_not_contact'];
export type JoinProposal = Schemas['join_proposal'];
export type Account = Schemas['account'];
export type Token = Schemas['token'];
export type ReportKind = Schemas['report_kind'];
export type Report = Schemas['report'];
export type Quarantined = Schemas['quarantined'];
export type RuleProblem = Schemas['rule_problems'][number];

/** The normalised record of what somebody sent. */
export interface ContactRecord {
  text?: string;
  stripped_text?: string;
  html?: string;
  subject?: string;
  from?: string;
  handle?: string;
  display_name?: string;
  attachments?: number | { name?: string; type?: string; size?: number; url?: string }[];
  [other: string]: unknown;
}

/** One line of a ticket's history. What it has beside number, kind and time depends on the kind. */
export type Entry = Schemas['entry'] & {
  record?: ContactRecord & { status?: string };
  text?: string;
  agent?: { id?: string; name?: string };
  files?: { id: Id; name?: string; type?: string }[];
  reason?: string;
  [other: string]: unknown;
};

export interface Offer {
  id: Id;
  ticket: Ticket;
  expires_at: string;
  why?: {
    route?: string;
    stage?: string;
    segments?: Record<string, string>;
    requirements?: Record<string, unknown>;
    [other: string]: unknown;
  };
}

/** A frame of the desk's socket, as docs/asyncapi.yaml has them. */
export type Frame =
  | { type: 'snapshot'; seq: number; agent: Me; offers: Offer[]; tickets: Ticket[]; queues: Queue[] }
  | { type: 'reset'; seq: number }
  | { type: 'reconnecting'; seq?: undefined }
  | { type: 'reconnected'; seq?: undefined }
  | { type: 'offer'; seq: number; offer: Offer | null }
  | { type: 'offer_closed'; seq: number; offer: Id; ticket: Id; outcome: 'accepted' | 'declined' | 'expired' | 'revoked' }
  | { type: 'ticket'; seq: number; ticket: Ticket }
  | { type: 'entry'; seq: number; ticket: Id; entry: Entry }
  | { type: 'escalation'; seq: number; escalation: string; ticket: Ticket }
  | { type: 'mention'; seq: number; entry: number; by: { id?: Id; name?: string }; ticket: Ticket }
  | { type: 'lookers'; seq?: undefined; ticket: Id; agents: { id: Id; name: string; typing: boolean }[] }
  | { type: 'typing'; seq: number; ticket: Id }
  | { type: 'presence'; seq: number; presence: Presence; used: number; capacity: number }
  | { type: 'role'; seq: number; role: string; permissions: Permission[] }
  | { type: 'queues'; seq: number; queues: Queue[] };
