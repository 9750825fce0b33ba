// The line protocol that both peers speak; README.md describes it.
import { createInterface } from 'node:readline';

// The packages report errors of listeners on the console, and standard output belongs to the protocol.
console.log = console.info = console.warn = console.error;

export const print = line => process.stdout.write(JSON.stringify(line) + '\n');

export const textOf = error => (error instanceof Error ? error.message : String(error));

// A peer that went on after an uncaught exception would hide a failure from the test.
const crash = error => {
  print({ event: 'crash', error: textOf(error) });
  process.exit(70);
};

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

const answer = async (line, commands) => {
  let id = null;
  try {
    const command = JSON.parse(line);
    id = command.id ?? null;
    if (!Object.hasOwn(commands, command.do)) {
      throw new Error(`unknown command ${command.do}`);
    }
    print({ reply: id, ok: true, ...(await commands[command.do](command)) });
  } catch (error) {
    print({ reply: id, error: textOf(error) });
  }
};

// Starts commands in the order of their lines, without waiting for one to end before the next: some calls of
// the packages never settle, and a test has to be able to go on after one of those.
export const run = commands => {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', line => answer(line, commands));
  lines.on('close', () => process.exit(0));
};
