// Runs clients of this repository's TypeScript client, as servers serve it, and drives them by lines on standard input; README.md describes them.
// usage: node typescript.mjs
import { webcrypto } from 'node:crypto';
import { WebSocket } from 'ws';
import { print, run } from './driver.mjs';

// Node.js has it by itself from version 20 on.
globalThis.crypto ??= webcrypto;
const { createClient } = await import('../../src/Krmx.AspNetCore/wwwroot/krmx.js');

/** Tells the room numbers and hears it tell them back, over connections that are cut. */
const talk = async ({ url, username, messages }) => {
  const heard = [];
  let recovered = 0, gaps = 0, closes = 0, isWelcome = false;
  const client = createClient({
    webSocket: WebSocket,
    reconnect: { minDelay: 1, maxDelay: 20 },
    onWarning: (text, error) => print({ event: 'failed', username, text, error: error && String(error) }),
  });
  client.on('recover', () => recovered++);
  client.on('gap', () => gaps++);
  client.on('close', () => closes++);
  client.onMessage('welcome', () => (isWelcome = true));
  client.onMessage('down', number => heard.push(number));
  const until = async condition => {
    if (!condition()) await client.waitFor('message', condition);
  };

  // A link that is cut before it is made is none of a session's business, and begins again.
  for (let isLinked = false; !isLinked;) {
    try {
      await client.connect(url);
      await client.link(username);
      isLinked = true;
    } catch {
      closes++;
      await client.disconnect(true);
    }
  }
  await until(() => isWelcome);
  for (let number = 1; number <= messages; number++) client.send({ type: 'up', payload: number });
  const doubled = await client.request('double', messages);
  await until(() => heard.length >= messages);
  const result = { heard, doubled, recovered, gaps, wasCut: closes > 0 };
  await client.disconnect(true);
  return result;
};

/** Dispatches actions one after the other, and tells what became of each, and what is shown in the end. */
const dispatch = async ({ url, username, domain, actions }) => {
  const client = createClient({ webSocket: WebSocket, onWarning: text => print({ event: 'failed', username, text }) });
  const projection = client.projection(domain);
  await client.connect(url);
  await client.link(username);
  const outcomes = [];
  for (const action of actions) outcomes.push(await projection.dispatch(action).then(() => 'accepted', error => `${error.code}: ${error.message}`));
  const { view } = projection;
  await client.disconnect(true);
  return { outcomes, view };
};

run({ talk, dispatch });
