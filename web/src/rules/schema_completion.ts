/** A JSON Schema as config/schemas has them: draft-07, with local references. */
export interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema | Schema[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
  definitions?: Record<string, Schema>;
}

export interface Offer {
  label: string;
  detail?: string;
  kind: 'key' | 'value';
}

/** Where the cursor stands in a YAML text: the keys above it ("[]" for an item of a list), and what is being written. */
export interface Place {
  path: string[];
  /** The key whose value is being written; none while a key is. */
  key: string | null;
  typed: string;
}

interface Level {
  indent: number;
  name: string;
}

const keyOf = /^((?:- +)*)([\w.$-]+|"[^"]*"):(?:\s|$)/;

/** Works the place out from the lines above, by their indents; flow mappings in the line are looked into. */
export function placeAt(text: string, at: number): Place {
  const lines = text.slice(0, at).split('\n');
  const current = lines.pop() ?? '';
  const levels: Level[] = [];
  for (const line of lines) enter(levels, line);
  let indent = current.search(/\S|$/);
  let rest = current.slice(indent);
  while (levels.length > 0 && levels.at(-1)!.indent >= indent + (rest.startsWith('-') && levels.at(-1)!.name !== '[]' ? 1 : 0)) levels.pop();
  for (let item = /^-(?:\s+|$)/.exec(rest); item; item = /^-(?:\s+|$)/.exec(rest)) {
    levels.push({ indent, name: '[]' });
    indent += item[0].length;
    rest = rest.slice(item[0].length);
  }
  const path = levels.map((each) => each.name);
  return inFlow(rest, path);
}

function enter(levels: Level[], line: string): void {
  if (line.trim() === '' || line.trimStart().startsWith('#')) return;
  let indent = line.search(/\S/);
  let rest = line.slice(indent);
  while (levels.length > 0 && (levels.at(-1)!.indent > indent || (levels.at(-1)!.indent === indent && !(rest.startsWith('-') && levels.at(-1)!.name !== '[]')))) levels.pop();
  for (let item = /^-\s+/.exec(rest); item; item = /^-\s+/.exec(rest)) {
    levels.push({ indent, name: '[]' });
    indent += item[0].length;
    rest = rest.slice(item[0].length);
  }
  const key = keyOf.exec(rest);
  if (key) levels.push({ indent, name: (key[2] ?? '').replaceAll('"', '') });
}

/** What is open in a line such as `when: { stage: { at_le`. */
function inFlow(rest: string, above: string[]): Place {
  const path = [...above];
  let key: string | null = null;
  let word = '';
  const opened: number[] = [];
  for (const letter of rest) {
    if (letter === '{' || letter === '[') {
      opened.push(path.length);
      if (key !== null) path.push(key);
      if (letter === '[') path.push('[]');
      key = letter === '[' ? '' : null;
      word = '';
    } else if (letter === '}' || letter === ']') {
      path.length = opened.pop() ?? 0;
      key = null;
      word = '';
    } else if (letter === ',') {
      key = path.at(-1) === '[]' ? '' : null;
      word = '';
    } else if (letter === ':' && key === null) {
      key = word.trim().replaceAll('"', '');
      word = '';
    } else {
      word += letter;
    }
  }
  return { path, key: key === '' ? null : key, typed: word.trim() };
}

/** What could stand at this place by the schema. */
export function offersAt(schema: Schema, place: Place): Offer[] {
  let here: Schema[] = [schema];
  for (const name of place.path) here = here.flatMap((each) => step(schema, each, name));
  const found = new Map<string, Offer>();
  if (place.key === null) {
    const inList = place.path.at(-1) === '[]';
    for (const each of here.flatMap((one) => plain(schema, one))) {
      for (const [name, property] of Object.entries(each.properties ?? {})) found.set(name, { label: name, detail: describe(schema, property), kind: 'key' });
      if (inList) for (const value of valuesOf(each)) found.set(value, { label: value, kind: 'value' });
    }
  } else {
    for (const each of here.flatMap((one) => step(schema, one, place.key!)).flatMap((one) => plain(schema, one))) {
      for (const value of valuesOf(each)) found.set(value, { label: value, kind: 'value' });
    }
  }
  return [...found.values()];
}

function valuesOf(schema: Schema): string[] {
  return [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])].filter((each) => each !== null).map(String);
}

function describe(root: Schema, schema: Schema): string | undefined {
  return schema.description ?? plain(root, schema).find((each) => each.description)?.description;
}

/** The schema without alternatives and references: each of what it may be. */
function plain(root: Schema, schema: Schema, depth = 0): Schema[] {
  if (depth > 12) return [];
  const more = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const referred = schema.$ref ? [resolve(root, schema.$ref)] : [];
  return [schema, ...[...more, ...referred].flatMap((each) => plain(root, each, depth + 1))];
}

function resolve(root: Schema, reference: string): Schema {
  const name = reference.split('/').at(-1) ?? '';
  return root.definitions?.[name] ?? {};
}

function step(root: Schema, schema: Schema, name: string): Schema[] {
  return plain(root, schema).flatMap((each) => {
    if (name === '[]') return each.items === undefined ? [] : Array.isArray(each.items) ? each.items : [each.items];
    const named = each.properties?.[name];
    if (named) return [named];
    const patterned = Object.entries(each.patternProperties ?? {}).filter(([pattern]) => new RegExp(pattern, 'u').test(name)).map(([, found]) => found);
    if (patterned.length > 0) return patterned;
    return typeof each.additionalProperties === 'object' ? [each.additionalProperties] : [];
  });
}

/** Which schema is a file's, by its path; none for pages and what is no rule file. */
export function schemaNameOf(path: string): string | null {
  if (!/\.ya?ml$/.test(path)) return null;
  const first = path.split('/')[0]?.replace(/\.ya?ml$/, '') ?? '';
  return ['calendars', 'macros', 'profile', 'queues', 'routing', 'segments', 'site', 'skills', 'stages', 'surveys', 'tests'].includes(first) ? first : null;
}
