import { describe, expect, it } from 'vitest';
import type { Command } from './commands';
import { fitting } from './fitting';
import { Keyboard, nameOf } from './keyboard';

const command = (id: string, ...keys: string[]): Command => ({ id, group: 'desk', label: id, keys, run: () => {} });
const all = [command('accept', 'a'), command('bar', 'Ctrl+K'), command('mine', 'g m'), command('sheet', '?'), command('both', 'Shift+E'), command('leave', 'Escape'), command('resolve', 'e')];
const key = (name: string, more: Partial<KeyboardEventInit> = {}) => new KeyboardEvent('keydown', { key: name, ...more });
const free = { typing: false, inDialog: false };

describe('keys', () => {
  const press = (keyboard: Keyboard, name: string, more = {}, place = free, now = 0) => keyboard.pressed(key(name, more), place, now)?.id ?? null;
  const made = (letters = true) => new Keyboard(() => all, () => letters);

  it.each([['a', {}, 'accept'], ['A', { shiftKey: false }, 'accept'], ['k', { ctrlKey: true }, 'bar'], ['k', { metaKey: true }, 'bar'], ['?', { shiftKey: true }, 'sheet'],
    ['E', { shiftKey: true }, 'both'], ['e', {}, 'resolve'], ['q', {}, null], ['a', { ctrlKey: true }, null]])('%s %o is %s', (name, more, id) => {
    expect(press(made(), name as string, more as object)).toBe(id);
  });

  it('come one after the other, within a moment', () => {
    const keyboard = made();
    expect(press(keyboard, 'g', {}, free, 0)).toBe(null);
    expect(press(keyboard, 'm', {}, free, 500)).toBe('mine');
    press(keyboard, 'g', {}, free, 1_000);
    expect(press(keyboard, 'm', {}, free, 9_000)).toBe(null);
  });

  it('are letters to whoever writes', () => {
    const writing = { typing: true, inDialog: false };
    expect(press(made(), 'a', {}, writing)).toBe(null);
    expect(press(made(), 'k', { ctrlKey: true }, writing)).toBe('bar');
    expect(press(made(), 'Escape', {}, writing)).toBe('leave');
  });

  it('belong to an open dialog', () => expect(press(made(), 'a', {}, { typing: false, inDialog: true })).toBe(null));

  it('are no single letters where those are switched off', () => {
    expect(press(made(false), 'a')).toBe(null);
    expect(press(made(false), 'k', { ctrlKey: true })).toBe('bar');
    expect(press(made(false), 'Escape')).toBe('leave');
  });

  it('have one name on every layout', () => {
    expect(nameOf({ key: '?', shiftKey: true, ctrlKey: false, metaKey: false, altKey: false })).toBe('?');
    expect(nameOf({ key: 'Enter', shiftKey: false, ctrlKey: true, metaKey: false, altKey: false })).toBe('Ctrl+Enter');
  });
});

it('commands are found by their words, without regard to accents', () => {
  const items = ['Go to resolved', 'Resolve and next', 'Resolución'].map((name) => ({ name, group: 'Ticket' }));
  expect(fitting(items, 'resol').map((each) => each.name)).toEqual(['Resolve and next', 'Resolución', 'Go to resolved']);
  expect(fitting(items, 'next resolve')).toHaveLength(1);
  expect(fitting(items, 'nothing')).toHaveLength(0);
  expect(fitting([...items, { name: 'Resol', group: '' }], 'resol')[0]?.name).toBe('Resol');
});
