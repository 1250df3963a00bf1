import { onScopeDispose, shallowReactive } from 'vue';

export const groups = ['offers', 'list', 'ticket', 'write', 'go', 'desk'] as const;
export type Group = (typeof groups)[number];

/** Something that can be done by key and from the command bar. */
export interface Command {
  id: string;
  group: Group;
  /** What it is called: a key of the words. */
  label: string;
  values?: Record<string, unknown>;
  /** "a", "Shift+E", "Ctrl+K", or one after the other: "g m". The first is shown. Ctrl stands for Command on a Mac. */
  keys?: string[];
  /** Whether it makes sense now; always, unless said. */
  when?(): boolean;
  run(): void;
}

const all = shallowReactive(new Map<string, Command>());

/** Offers these commands for as long as the component that calls this lives. */
export function useCommands(commands: readonly Command[]): void {
  for (const each of commands) all.set(each.id, each);
  onScopeDispose(() => {
    for (const each of commands) if (all.get(each.id) === each) all.delete(each.id);
  });
}

export const everyCommand = (): Command[] => [...all.values()];
export const makesSense = (command: Command): boolean => command.when?.() ?? true;
export const possibleCommands = (): Command[] => everyCommand().filter(makesSense);

export function runCommand(id: string): void {
  const found = all.get(id);
  if (found && makesSense(found)) found.run();
}
