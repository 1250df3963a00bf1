import { readFileSync } from 'node:fs';
import { fileURLToPath, URL } from 'node:url';
import type { Plugin } from 'vite';

/** Puts the visitors' widget beside the desk as it is: shops embed it under an address that must not change. */
export function chatWidget(): Plugin {
  const file = fileURLToPath(new URL('../chat.js', import.meta.url));
  return {
    name: 'chat-widget',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'chat.js', source: readFileSync(file, 'utf8') });
    },
  };
}
