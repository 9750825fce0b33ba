import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DiagnosticSeverity, Parser } from '@asyncapi/parser';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generate } from '../src/index.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const quiz = readFileSync(join(here, '../../../../../tests/Krmx.Tests/Contracts/quiz.json'), 'utf8');

test('a contract is AsyncAPI 3', async () => {
  const { document, diagnostics } = await new Parser().parse(quiz);
  expect(diagnostics.filter(({ severity }) => severity === DiagnosticSeverity.Error)).toEqual([]);
  expect(document?.operations().all().length).toBe(4);
});

// Made anew with: krmx-types tests/Krmx.Tests/Contracts/quiz.json --output clients/typescript/packages/types/test/quiz.ts
test('the types are those of the contract', async () => {
  expect(await generate(quiz)).toBe(readFileSync(join(here, 'quiz.ts'), 'utf8'));
});

// Made anew with: npm run contract --prefix samples/Board/web
test('the types of the planning board are those of its contract', async () => {
  const board = join(here, '../../../../../samples/Board');
  expect(await generate(readFileSync(join(board, 'contract.json'), 'utf8'))).toBe(readFileSync(join(board, 'web/src/contract.ts'), 'utf8'));
});

test('several routes have a contract each', async () => {
  const document = JSON.parse(quiz) as { channels: Record<string, { address: string; messages: object }> };
  document.channels['lobby'] = { address: '/lobby', messages: {} };
  const types = await generate(JSON.stringify(document));
  expect(types).toContain('export interface QuizzesQuizContract {');
  expect(types).toContain('export interface LobbyContract {\n  sent: never;\n  received: never;\n  requests: {};');
});

test.each([
  ['nonsense', 'the contract is no JSON'],
  ['null', 'the contract is not AsyncAPI 3'],
  ['{"asyncapi":"2.6.0"}', 'the contract is not AsyncAPI 3'],
  ['{"asyncapi":"3.0.0","channels":{}}', 'the contract has no channels: the server maps no route of Krmx'],
])('%s is no contract', async (source, error) => {
  await expect(generate(source)).rejects.toThrow(error);
});

const folder = mkdtempSync(join(here, '../.cli-'));
const run = async (...args: string[]) => {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'cli.mjs'), ...args]);
    return { code: 0, stdout, stderr: '' };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
};

beforeAll(async () => {
  await build({
    entryPoints: [join(here, '../src/cli.ts')], outfile: join(folder, 'cli.mjs'), bundle: true, platform: 'node', format: 'esm', packages: 'external',
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

test('the command reads a file, and writes one', async () => {
  const file = join(folder, 'contract.json'), output = join(folder, 'contract.ts');
  writeFileSync(file, quiz);
  expect(await run(file)).toMatchObject({ code: 0, stdout: readFileSync(join(here, 'quiz.ts'), 'utf8') });
  expect(await run(file, '--output', output)).toMatchObject({ code: 0, stdout: '' });
  expect(readFileSync(output, 'utf8')).toBe(readFileSync(join(here, 'quiz.ts'), 'utf8'));
});

test('the command asks a server', async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/krmx/asyncapi.json' ? 200 : 404;
    response.end(response.statusCode === 200 ? quiz : 'not here');
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await run(url)).toMatchObject({ code: 0, stdout: readFileSync(join(here, 'quiz.ts'), 'utf8') });
  expect(await run(`${url}/other`)).toMatchObject({ code: 1, stderr: `krmx-types: no contract at ${url}/other: the server answered 404: not here\n` });
  await new Promise(resolve => server.close(resolve));
  expect((await run(url)).stderr).toMatch(/^krmx-types: cannot reach .*\/krmx\/asyncapi\.json: .*ECONNREFUSED.*\n$/);
});

test('wrong arguments are told', async () => {
  expect(await run()).toMatchObject({ code: 2, stderr: "krmx-types: give one SOURCE: the address of a server, or a file; see 'krmx-types --help'\n" });
  expect((await run('--nonsense')).code).toBe(2);
  expect((await run('no-such-file')).code).toBe(1);
  expect((await run('--help')).stdout).toMatch(/^usage: krmx-types/);
});
