import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = ['packages/client/README.md', 'packages/react/README.md', '../../docs/browsers.md', '../../docs/contracts.md'];

test('the TypeScript of the pages compiles', () => {
  // Below the workspace, so that packages are found.
  const folder = join(root, '.snippets');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    let count = 0;
    for (const page of pages) {
      for (const [, extension, code] of readFileSync(join(root, page), 'utf8').matchAll(/^```(tsx?)\n(.*?)^```$/gms)) {
        writeFileSync(join(folder, `${++count}.${extension}`), `${code}\nexport {};\n`);
      }
    }
    expect(count).toBeGreaterThanOrEqual(5);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      extends: '../tsconfig.base.json',
      compilerOptions: {
        noEmit: true,
        jsx: 'react-jsx',
        noUnusedLocals: false,
        paths: { '@krmx-net/client': ['../packages/client/src/index.ts'], '@krmx-net/react': ['../packages/react/src/index.ts'] },
      },
    }));
    try {
      execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
    } catch (error) {
      expect.fail((error as { stdout: string }).stdout);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
