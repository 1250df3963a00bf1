import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { offersAt, placeAt, schemaNameOf, type Schema } from './schema_completion';

const schema = (name: string) => JSON.parse(readFileSync(join(process.cwd(), '../config/schemas', `${name}.json`), 'utf8')) as Schema;
/** The text up to a bar is what was written. */
const at = (text: string) => placeAt(text.replace('|', ''), text.indexOf('|'));
const labels = (name: string, text: string) => offersAt(schema(name), at(text)).map((each) => each.label);

describe('the place of the cursor', () => {
  it.each([
    ['|', [], null, ''],
    ['rou|', [], null, 'rou'],
    ['costs:\n  pho|', ['costs'], null, 'pho'],
    ['routes:\n  - na|', ['routes', '[]'], null, 'na'],
    ['routes:\n  - name: a\n    qu|', ['routes', '[]'], null, 'qu'],
    ['routes:\n  - name: a\n  - |', ['routes', '[]'], null, ''],
    ['routes:\n  - name: a\n    when:\n      stage: { at_l|', ['routes', '[]', 'when', 'stage'], null, 'at_l'],
    ['routes:\n  - name: a\n    when: { channel.kind: |', ['routes', '[]', 'when'], 'channel.kind', ''],
    ['routes:\n- name: a\n  when:\n    any:\n    - sta|', ['routes', '[]', 'when', 'any', '[]'], null, 'sta'],
    ['# a: b\na:\n  b: 1\nc: |', [], 'c', ''],
    ['a: { b: 1 }\nc|', [], null, 'c'],
  ])('%j', (text, path, key, typed) => expect(at(text)).toEqual({ path, key, typed }));
});

describe('what could stand there', () => {
  it('is a key of the file', () => expect(labels('routing', '|')).toEqual(expect.arrayContaining(['priorities', 'routes', 'fallback', 'escalations'])));
  it('is a key of a route', () => expect(labels('routing', 'routes:\n  - name: a\n    |')).toEqual(expect.arrayContaining(['when', 'queue', 'priority', 'steps', 'script'])));
  it('is a fact', () => expect(labels('routing', 'routes:\n  - name: a\n    when:\n      |')).toEqual(expect.arrayContaining(['channel.kind', 'stage', 'all', 'any', 'none'])));
  it('is a fact within all and any', () => expect(labels('routing', 'routes:\n  - when:\n      any:\n        - |')).toEqual(expect.arrayContaining(['channel.kind'])));
  it('is a value of an enumeration', () => expect(labels('routing', 'routes:\n  - when: { channel.kind: |')).toEqual(expect.arrayContaining(['phone', 'email'])));
  it('is a key of a queue', () => expect(labels('queues', 'queues:\n  general:\n    |').length).toBeGreaterThan(2));
  it('is nothing where the schema knows nothing', () => expect(labels('routing', 'nonsense:\n  more:\n    |')).toEqual([]));
});

it('every kind of rule file has its schema', () => {
  expect(schemaNameOf('routing.yaml')).toBe('routing');
  expect(schemaNameOf('routing/vip.yaml')).toBe('routing');
  expect(schemaNameOf('tests/tour.yaml')).toBe('tests');
  expect(schemaNameOf('faq/en/a.md')).toBe(null);
  expect(schemaNameOf('other.yaml')).toBe(null);
});
