import vue from '@vitejs/plugin-vue';
import { fileURLToPath, URL } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chatWidget } from './bundling/chat_widget';
import { smallerForms } from './bundling/smaller_forms';

export default defineConfig({
  plugins: [vue(), chatWidget(), smallerForms()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: '../build/web',
    emptyOutDir: true,
    target: 'es2022',
    // Our policy lets no inline resource run, and what is its own file is kept by browsers.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  // While working on the desk: `npm run dev` beside an engine that tools/run has started.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true }, '/chat': { target: 'http://127.0.0.1:8080', ws: true } } },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'] },
});
