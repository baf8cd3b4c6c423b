import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  // JSX becomes calls of preact.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../cli/dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // The server's Content-Security-Policy has no room for anything inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    // `npx vite packages/console` shows changes at once, with the API of `busbar serve --http`.
    proxy: { '/api': process.env.BUSBAR_URL ?? 'http://127.0.0.1:8502' },
  },
});
