// Makes the client one ES module, for pages without a build step: node build.mjs FILE. A test compares the committed one with what this makes.
import { build } from 'esbuild';

const [file] = process.argv.slice(2);
if (!file) {
  console.error('usage: node build.mjs FILE');
  process.exit(2);
}
await build({
  entryPoints: [new URL('packages/client/src/index.ts', import.meta.url).pathname],
  outfile: file,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  banner: { js: '// @krmx-net/client, MIT licence. Made of clients/typescript by build.mjs.' },
});
