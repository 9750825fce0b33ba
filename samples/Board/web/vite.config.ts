import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  resolve: {
    // The packages as they are in this repository, not built; an application that has them from npm needs none of this.
    alias: Object.fromEntries(['client', 'react'].map(name => [
      `@krmx-net/${name}`, new URL(`../../../clients/typescript/packages/${name}/src/index.ts`, import.meta.url).pathname,
    ])),
    dedupe: ['react', 'react-dom'],
  },
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rollupOptions: { output: { entryFileNames: 'board.js', assetFileNames: 'board.[ext]' } },
  },
  // npm run dev: the page from here, with each change at once, and the boards from dotnet run.
  server: { proxy: { '/krmx': { target: 'http://localhost:8084', ws: true } } },
});
