// Gives frames that a server has sent to clients in JavaScript, and prints microseconds for each change of the view.
// usage: node bench.mjs FRAMES CHANGES, with frames one a line, those that link the client first
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { createClient } from '../../../src/Krmx.AspNetCore/wwwroot/krmx.js';

const require = createRequire(import.meta.url);
const { ProjectionModel } = require('@krmx/state');
const jsondiffpatch = require('jsondiffpatch');

const [file, count] = process.argv.slice(2);
const changes = Number(count);
const frames = readFileSync(file, 'utf8').split('\n').filter(line => line);
const first = frames.slice(0, -changes), deltas = frames.slice(-changes);
const view = JSON.parse(first.find(frame => frame.includes('projection/set'))).payload.projection;

/** @krmx-net/client: a projection with a subscriber, on a socket in memory. */
function krmx() {
  let socket;
  class Socket {
    bufferedAmount = 0;
    listeners = {};
    constructor() { socket = this; }
    addEventListener(type, listener) { this.listeners[type] = listener; }
    send() {}
    close() {}
  }
  const client = createClient({ webSocket: Socket, reconnect: { resumes: false } });
  let seen = 0;
  const board = client.projection('board');
  board.subscribe(() => seen++);
  void client.connect('ws://localhost/');
  socket.listeners.open({});
  void client.link('ann');
  return {
    async begin() {
      await new Promise(resolve => setTimeout(resolve)); // the link's auth could be a promise
      for (const data of first) socket.listeners.message({ data });
      seen = 0;
    },
    change: data => socket.listeners.message({ data }),
    result: () => [board.view, seen],
  };
}

/** @krmx/state: the frame read, the delta applied, the view asked for. */
function npm() {
  let seen = 0, last;
  const client = new ProjectionModel(view, state => state).spawnClient();
  return {
    begin: async () => client.set(structuredClone(view)),
    change(data) {
      const { delta, optimisticId } = JSON.parse(data).payload;
      client.apply(delta, optimisticId);
      last = client.projection();
      seen++;
    },
    result: () => [last, seen],
  };
}

/** jsondiffpatch by itself, which changes the view in its place. */
function patch() {
  let seen = 0;
  const copy = structuredClone(view);
  return {
    begin: async () => undefined,
    change(data) {
      jsondiffpatch.patch(copy, JSON.parse(data).payload.delta);
      seen++;
    },
    result: () => [copy, seen],
  };
}

const makers = { krmx, npm, jsondiffpatch: patch };
const figures = Object.fromEntries(Object.keys(makers).map(name => [name, []]));
let expected;
for (let round = 0; round < 20; round++) {
  for (const [name, make] of Object.entries(makers)) {
    const side = make();
    await side.begin();
    const began = performance.now();
    for (const data of deltas) side.change(data);
    const elapsed = performance.now() - began;
    const [result, seen] = side.result();
    expected ??= JSON.stringify(result);
    if (seen !== changes || JSON.stringify(result) !== expected) throw new Error(`${name} has another view`);
    if (round >= 5) figures[name].push(1000 * elapsed / changes); // the first rounds are to warm up
  }
}
const median = numbers => numbers.sort((a, b) => a - b)[numbers.length >> 1];
console.log(JSON.stringify(Object.fromEntries(Object.entries(figures).map(([name, all]) => [name, Number(median(all).toFixed(1))]))));
