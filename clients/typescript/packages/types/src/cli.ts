#!/usr/bin/env node
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { generate } from './index.js';

const usage = `usage: krmx-types SOURCE [--output FILE]

Makes TypeScript of the contract of a Krmx server, for createClient<Contract>().

  SOURCE         http://HOST:PORT of a server that calls app.MapKrmxContract(),
                 the address of its document, or a file, as krmx contract writes it
  --output FILE  write to this file instead of standard output
  --help         show this text
`;

/** Says what is wrong with the arguments, which nothing was done with. */
class UsageError extends Error {}

async function run(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return void process.stdout.write(usage);
  const [source] = positionals;
  if (positionals.length !== 1 || !source) throw new UsageError('give one SOURCE: the address of a server, or a file');
  const types = await generate(await read(source));
  if (values.output) await writeFile(values.output, types);
  else process.stdout.write(types);
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { output: { type: 'string' }, help: { type: 'boolean' } } });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function read(source: string): Promise<string> {
  if (!/^https?:\/\//.test(source)) return await readFile(source, 'utf8');
  const url = new URL(source);
  if (url.pathname === '/') url.pathname = '/krmx/asyncapi.json';
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Error(`cannot reach ${url}: ${String((error as Error).cause ?? error)}`);
  }
  const text = await response.text();
  if (!response.ok) throw new Error(`no contract at ${url}: the server answered ${response.status}${text.length <= 500 && text ? `: ${text.trim()}` : ''}`);
  return text;
}

try {
  await run();
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`krmx-types: ${(error as Error).message}${isUsage ? "; see 'krmx-types --help'" : ''}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
