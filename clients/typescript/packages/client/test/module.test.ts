import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const committed = join(root, '../../src/Krmx.AspNetCore/wwwroot/krmx.js');

test('the module that servers serve is made of this source: npm run build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'krmx-'));
  try {
    execFileSync(process.execPath, [join(root, 'build.mjs'), join(folder, 'krmx.js')], { cwd: root });
    // Not toBe, which would print both.
    expect(readFileSync(committed, 'utf8') === readFileSync(join(folder, 'krmx.js'), 'utf8'), 'run: npm run build').toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the module has at most 12 KB, gzipped', () => expect(gzipSync(readFileSync(committed)).length).toBeLessThanOrEqual(12 * 1024));
