/** Screens beside the work itself: who may open them, and by which keys. */
export const places = [
  { name: 'wall', needs: 'supervisor', keys: 'g w', label: 'nav.wall' },
  { name: 'reports', needs: 'supervisor', keys: 'g e', label: 'nav.reports' },
  { name: 'findings', needs: 'supervisor', keys: 'g h', label: 'nav.findings' },
  { name: 'staffing', needs: 'supervisor', keys: 'g y', label: 'nav.staffing' },
  { name: 'incidents', needs: 'supervisor', keys: 'g i', label: 'nav.incidents' },
  { name: 'coverage', needs: 'supervisor', keys: 'g o', label: 'nav.coverage' },
  { name: 'channels', needs: 'supervisor', keys: 'g c', label: 'nav.channels' },
  { name: 'rules', needs: 'admin', keys: 'g r', label: 'nav.rules' },
  { name: 'start', needs: 'admin', keys: 'g f', label: 'nav.start' },
  { name: 'people', needs: 'admin', keys: 'g p', label: 'nav.people' },
  { name: 'tokens', needs: 'admin', keys: 'g t', label: 'nav.tokens' },
  { name: 'audit', needs: 'admin', keys: 'g l', label: 'nav.audit' },
] as const;

export type Needs = (typeof places)[number]['needs'];
