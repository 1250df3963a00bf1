import type { Schema } from './schema_completion';

/** Each is a part of the program of its own, loaded with the first file of its kind. */
const all = import.meta.glob<{ default: Schema }>('../../../config/schemas/{calendars,macros,profile,queues,routing,segments,site,skills,stages,surveys,tests}.json');

export async function schemaNamed(name: string): Promise<Schema | null> {
  const found = all[`../../../config/schemas/${name}.json`];
  return found ? (await found()).default : null;
}
