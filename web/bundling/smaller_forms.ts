import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

const worthwhile = /\.(html|js|css|svg|json)$/;
const tooSmall = 1000;

/** Writes `x.br` and `x.gz` beside every text `x`, once per build; the engine chooses among them. */
export function smallerForms(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'smaller-forms',
    apply: 'build',
    configResolved(resolved) { config = resolved; },
    closeBundle() {
      for (const file of filesBelow(join(config.root, config.build.outDir))) {
        if (!worthwhile.test(file) || statSync(file).size < tooSmall) continue;
        const content = readFileSync(file);
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
      }
    },
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((each) => (each.isDirectory() ? filesBelow(join(folder, each.name)) : [join(folder, each.name)]));
}
