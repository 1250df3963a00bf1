import type { Permission } from '@/api/types';

export interface Place {
  readonly name: string;
  /** All of these are needed. */
  readonly needs: readonly Permission[];
  readonly keys: string;
  readonly label: string;
}

/** Screens beside the work itself: what they need, and by which keys they open. */
export const places: readonly Place[] = [
  { name: 'wall', needs: ['queues.read'], keys: 'g w', label: 'nav.wall' },
  { name: 'reports', needs: ['reports.read'], keys: 'g e', label: 'nav.reports' },
  { name: 'findings', needs: ['reports.read'], keys: 'g h', label: 'nav.findings' },
  { name: 'staffing', needs: ['reports.read'], keys: 'g y', label: 'nav.staffing' },
  { name: 'incidents', needs: ['queues.read'], keys: 'g i', label: 'nav.incidents' },
  { name: 'coverage', needs: ['reports.read'], keys: 'g o', label: 'nav.coverage' },
  { name: 'channels', needs: ['channels.read'], keys: 'g c', label: 'nav.channels' },
  { name: 'rules', needs: ['rules.read'], keys: 'g r', label: 'nav.rules' },
  { name: 'start', needs: ['people.manage', 'rules.read', 'queues.read', 'tickets.read', 'contacts.write'], keys: 'g f', label: 'nav.start' },
  { name: 'people', needs: ['people.read'], keys: 'g p', label: 'nav.people' },
  { name: 'tokens', needs: ['tokens.read'], keys: 'g t', label: 'nav.tokens' },
  { name: 'audit', needs: ['audit.read'], keys: 'g l', label: 'nav.audit' },
];

const work: readonly Permission[] = ['tickets.read'];

/** What a screen needs, by the name of its route. */
export const needsOf = (route: unknown): readonly Permission[] =>
  (route === 'work' || route === 'ticket' ? work : places.find((each) => each.name === route)?.needs ?? []);
