// Runs @krmx/server at /krmx as a process that nothing saves: an uncaught exception ends it. It relays what its users say, and tells what it
// uses, as tests/Krmx.FaultPeer does. README.md describes it.
// usage: node --expose-gc fault-server.mjs PORT
import { readdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from '@krmx/server';

const upgraded = new Set();

// Node's own limits for headers are a minute, and looked at twice a minute.
const http = createHttpServer({ headersTimeout: 2000, connectionsCheckingInterval: 500 }, (request, response) => {
  globalThis.gc();
  const files = readdirSync('/proc/self/fd').length;
  const threads = readdirSync('/proc/self/task').length;
  const { heapUsed, external, rss } = process.memoryUsage();
  const linked = server.getUsers().filter(user => user.isLinked).length;
  response.end(`${files} ${threads} ${heapUsed + external} ${rss} ${upgraded.size} ${linked}`);
});
http.on('upgrade', (request, socket) => {
  upgraded.add(socket);
  socket.on('close', () => upgraded.delete(socket));
});

const server = createServer({ http: { server: http, path: '/krmx' }, logger: false });
server.on('authenticate', (username, { auth }, reject) => {
  if (auth === 'refuse') {
    reject('refused');
  }
});
server.on('message', (username, message) => server.broadcast(message));
server.on('listen', port => console.log(`listening ${port}`));

http.listen(Number(process.argv[2]), '127.0.0.1', () => server.listen());
