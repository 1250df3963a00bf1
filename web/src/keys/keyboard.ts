import { possibleCommands, type Command } from './commands';

const keptOff = 'kindred.letters';
const patience = 1_200;

/** Single letters as keys can be switched off: people who speak to their computer need that (WCAG 2.1.4). */
export const lettersAreOn = (): boolean => localStorage.getItem(keptOff) !== 'off';
export const setLetters = (on: boolean): void => localStorage.setItem(keptOff, on ? 'on' : 'off');

/** "Ctrl+Shift+k" of an event; letters as they are typed, so that layouts do not matter. */
export function nameOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const name = event.key === ' ' ? 'Space' : event.key;
  const printable = name.length === 1;
  let text = '';
  if (event.ctrlKey || event.metaKey) text += 'Ctrl+';
  if (event.altKey) text += 'Alt+';
  if (event.shiftKey && (!printable || /[a-z]/i.test(name))) text += 'Shift+';
  return text + (printable ? name.toUpperCase() : name);
}

const canonical = (keys: string): string =>
  keys.split(' ').map((each) => each.replace(/(^|\+)([a-z])$/, (_, plus: string, letter: string) => plus + letter.toUpperCase())).join(' ');

const isLetter = (keys: string): boolean => !/(Ctrl|Alt)\+/.test(keys) && keys.split(' ').some((each) => each.replace('Shift+', '').length === 1);

export interface KeyPlace {
  /** A field that takes letters has the focus. */
  typing: boolean;
  /** A dialog is open: it has keys of its own. */
  inDialog: boolean;
}

/** Finds the command of a key, and remembers the first key of two. */
export class Keyboard {
  #before = '';
  #at = 0;

  constructor(private readonly commands: () => Command[] = possibleCommands, private readonly letters = lettersAreOn) {}

  /** The command that this key completes, if any. */
  pressed(event: KeyboardEvent, place: KeyPlace, now = Date.now()): Command | null {
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key) || event.isComposing) return null;
    const name = nameOf(event);
    const before = now - this.#at <= patience ? this.#before : '';
    this.#before = '';
    if (place.inDialog) return null;
    const free = !/^(Ctrl|Alt)\+/.test(name);
    if (place.typing && free && name !== 'Escape') return null;
    const fits = (wanted: string) => this.commands().find((each) =>
      each.keys?.some((keys) => canonical(keys) === wanted && (this.letters() || !isLetter(keys))));
    const found = (before !== '' && fits(`${before} ${name}`)) || fits(name);
    if (found) return found;
    if (this.commands().some((each) => each.keys?.some((keys) => canonical(keys).startsWith(`${name} `)))) {
      this.#before = name;
      this.#at = now;
    }
    return null;
  }
}

export function placeOf(target: EventTarget | null): KeyPlace {
  const at = target instanceof Element ? target : null;
  const typing = at !== null && (at.matches('input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true]')
    || at.shadowRoot !== null);
  return { typing, inDialog: document.querySelector('[role=dialog], [role=menu], [role=alertdialog]') !== null };
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** How keys are shown. */
export function shownKeys(keys: string): string[] {
  return keys.split(' ').map((each) => each.replace('Ctrl', isMac ? '⌘' : 'Ctrl').replace(/(^|\+)([a-z])$/, (_, plus: string, letter: string) => plus + letter.toUpperCase()));
}
