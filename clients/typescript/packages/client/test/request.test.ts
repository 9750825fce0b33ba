import { afterEach, expect, test, vi } from 'vitest';
import { FakeServer } from './server.js';

afterEach(() => void vi.useRealTimers());

const ask = (id: string, type: string, payload?: unknown) => ({ type: 'request/ask', payload: { id, type, payload } });

test('a request is answered, or refused with the reason, in any order', async () => {
  const server = await FakeServer.linked();
  const first = server.client.request('seat/take', { number: 4 });
  const second = expect(server.client.request('seat/take', { number: 5 })).rejects.toMatchObject({ code: 'refused', message: 'there is no such seat' });
  const third = server.client.request('seat/leave');
  expect(server.socket.take()).toEqual([ask('1', 'seat/take', { number: 4 }), ask('2', 'seat/take', { number: 5 }), ask('3', 'seat/leave')]);
  server.socket.receive('request/refuse', { id: '2', reason: 'there is no such seat' });
  await second;
  server.socket.receive('request/answer', { id: '3' });
  server.socket.receive('request/answer', { id: '1', payload: { of: 'ann' } });
  expect([await first, await third]).toEqual([{ of: 'ann' }, undefined]);
  server.socket.receive('request/answer', { id: '1', payload: 'again' });
  server.socket.receive('request/refuse', 7);
});

test('a request is answered after its connection was lost and the link went on', async () => {
  const server = await FakeServer.linked();
  const sent = server.client.request('a');
  server.socket.lose();
  const kept = server.client.request('b');
  server.client.retryNow();
  server.socket.accept();
  await server.settle();
  server.socket.take();
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1, recovered: true, received: 1 });
  expect(server.socket.take()).toEqual([ask('2', 'b')]);
  for (const id of ['1', '2']) server.socket.receive('request/answer', { id, payload: id });
  expect([await sent, await kept]).toEqual(['1', '2']);
});

test('a request ends with its link, and is not sent again', async () => {
  const server = await FakeServer.linked();
  const lost = expect(server.client.request('a')).rejects.toMatchObject({ code: 'disconnected' });
  await server.loseAndReturn();
  server.socket.take();
  server.accept({ extensions: ['resume'], session: 2, recovered: false, received: 0 });
  await lost;
  expect(server.socket.take()).toEqual([]);
  const unlinked = expect(server.client.request('a')).rejects.toThrow("the link ended before the server answered 'a'");
  server.socket.receive('krmx/unlinked', { username: 'ann' });
  await unlinked;
  await expect(server.client.request('a')).rejects.toMatchObject({ code: 'not-linked' });
});

test('a request does not wait for ever, nor is more kept than may be', async () => {
  const server = await FakeServer.linked({ maxPendingLength: 100, timeouts: { answer: 7_000 } });
  const late = expect(server.client.request('a')).rejects.toMatchObject({ code: 'timeout' });
  await expect(server.client.request('b', 'x'.repeat(100))).rejects.toMatchObject({ code: 'queue-full' });
  await server.pass(7_000);
  await late;
  server.socket.receive('request/answer', { id: '1' });
});
