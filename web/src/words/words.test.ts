import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from './en.json';
import es from './es.json';

type Words = { [name: string]: string | Words };

function keysOf(words: Words, before = ''): string[] {
  return Object.entries(words).flatMap(([name, value]) => (typeof value === 'string' ? [before + name] : keysOf(value, `${before}${name}.`)));
}
const valueOf = (words: Words, key: string) => key.split('.').reduce<Words | string | undefined>((at, part) => (typeof at === 'object' ? at[part] : undefined), words);
const named = (text: unknown) => [...String(text).matchAll(/\{(\w+)\}/g)].map((each) => each[1]).sort();

describe('the words', () => {
  it('are the same keys in every language', () => expect(keysOf(es).sort()).toEqual(keysOf(en).sort()));

  it.each(keysOf(en))('have the same places and some text in every language: %s', (key) => {
    expect(named(valueOf(es, key))).toEqual(named(valueOf(en, key)));
    expect(String(valueOf(es, key)).trim()).not.toBe('');
  });

  const sources = filesBelow(join(process.cwd(), 'src')).filter((each) => /\.(ts|vue)$/.test(each) && !each.includes('.test.'));
  const used = new Set(sources.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/(?:\bt|translate)\('([\w.]+)'|label: '(\w+\.[\w.]+)'/g)].map((each) => each[1] ?? each[2] ?? '')));

  it('are there wherever they are used', () => {
    expect(used.size).toBeGreaterThan(100);
    const known = new Set(keysOf(en));
    expect([...used].filter((each) => !known.has(each))).toEqual([]);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? filesBelow(join(folder, each.name)) : [join(folder, each.name)]));
}
