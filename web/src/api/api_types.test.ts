// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';

it('the types of the API are those of docs/openapi.yaml (else: npm run api-types)', async () => {
  const made = astToString(await openapiTS(pathToFileURL(join(process.cwd(), '../docs/openapi.yaml'))));
  const kept = readFileSync(join(process.cwd(), 'src/api/schema.d.ts'), 'utf8');
  expect(kept.endsWith(made)).toBe(true);
}, 30_000);
