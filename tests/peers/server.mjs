// Runs @krmx/server on a port of its own and drives it by lines on standard input; README.md describes them.
// usage: node server.mjs [OPTIONS, as JSON]
import { createServer as createHttpServer } from 'node:http';
import { createServer } from '@krmx/server';
import { print, run, textOf } from './driver.mjs';
import { holdLinks } from './link-gate.mjs';

const {
  port = 0, path, queryParams = {}, metadata, acceptNewUsers, usernamePattern, auth: mode = 'none', reactions = {},
} = JSON.parse(process.argv[2] ?? '{}');

const matching = pattern => text => new RegExp(pattern).test(text);

for (const [name, expected] of Object.entries(queryParams)) {
  if (/^\/.*\/$/.test(expected)) {
    queryParams[name] = matching(expected.slice(1, -1));
  }
}

// The package by itself would listen on every interface.
const http = createHttpServer();
const server = createServer({
  http: { server: http, path: path ?? undefined, queryParams },
  metadata,
  acceptNewUsers,
  isValidUsername: usernamePattern && matching(usernamePattern),
  logger: false,
});

const release = mode === 'async' ? holdLinks(link => print({ event: 'held', ...link })) : undefined;
const lateRejects = new Map();
let decision;

const authenticate = (username, auth, reject) => {
  if (mode === 'sync' && auth === 'wrong') {
    reject('wrong auth');
  } else if (mode === 'async' && decision !== undefined) {
    reject(decision);
  } else if (mode === 'late') {
    lateRejects.set(username, reject);
  }
};

const decide = ({ username, reason }) => {
  if (mode === 'async') {
    decision = reason;
    release(username);
  } else if (lateRejects.has(username)) {
    lateRejects.get(username)(reason);
  } else {
    throw new Error(`no link is waiting for ${username}`);
  }
};

const onMessage = (username, message) => {
  if (message.type === 'echo') {
    server.send(username, { type: message.type, payload: message.payload });
  } else if (message.type === 'chat/message') {
    server.broadcast({ type: 'chat/messaged', payload: { username, text: message.payload } });
  }
};

const commands = {
  send: ({ to, message }) => server.send(to, message),
  broadcast: ({ message, except }) => server.broadcast(message, except),
  join: ({ username }) => server.join(username),
  unlink: ({ username }) => server.unlink(username),
  kick: ({ username }) => server.kick(username),
  users: () => ({ users: server.getUsers() }),
  status: () => ({ status: server.getStatus() }),
  decide,
  close: () => server.close(),
};

const react = (event, username) => {
  for (const command of reactions[`${event} ${username}`] ?? []) {
    try {
      commands[command.do](command);
    } catch (error) {
      print({ event: 'refused', do: command.do, error: textOf(error) });
    }
  }
};

server.on('listen', port => print({ event: 'listen', port }));
server.on('close', () => print({ event: 'close' }));
server.on('authenticate', (username, { isNewUser, auth }, reject) => {
  print({ event: 'authenticate', username, isNewUser, auth });
  authenticate(username, auth, reject);
});
for (const event of ['join', 'link', 'unlink', 'leave']) {
  server.on(event, username => {
    print({ event, username });
    react(event, username);
  });
}
server.on('message', (username, message) => {
  print({ event: 'message', username, message });
  onMessage(username, message);
});

run(commands);

http.listen(port, '127.0.0.1', () => server.listen());
