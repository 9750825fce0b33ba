import { afterEach, expect, test, vi } from 'vitest';
import type { Message } from '../src/index.js';
import { FakeServer } from './server.js';

afterEach(() => void vi.useRealTimers());

type Event = Message<'add', number> | Message<'reset', undefined>;

/** A client with atoms and a stream that adds numbers. */
async function linked() {
  const server = await FakeServer.connected();
  const atoms = server.client.atoms();
  const sum = server.client.stream<number, Event>('sum', {
    initial: 0,
    events: {
      add: (sum, number) => {
        if (number > 9) throw new Error('too large');
        return sum + number;
      },
      reset: () => 0,
    },
  });
  const link = server.client.link('ann');
  await server.settle();
  server.accept({ extensions: ['resume'], session: 1 });
  await link;
  server.socket.take();
  return { server, atoms, sum };
}

const append = (server: FakeServer, number: unknown, dispatcher = 'bob', optimisticId?: string, type = 'add') =>
  server.socket.receive('stream/append', { domain: 'sum', dispatcher, event: { type, payload: number }, optimisticId });

const set = (server: FakeServer, key: string, atom: unknown, optimisticId?: string) => server.socket.receive('atom/set', { key, atom, optimisticId });

test('atoms are the server\'s, with own ones on top until they are answered', async () => {
  const { server, atoms } = await linked();
  expect(atoms.isLive).toBe(true);
  set(server, 'title', 'Sums');
  const accepted = atoms.set('title', 'Mine');
  const refused = expect(atoms.set('bob/name', 1)).rejects.toMatchObject({ code: 'refused', message: 'the key belongs to another user' });
  expect([...atoms.value]).toEqual([['title', 'Mine'], ['bob/name', 1]]);
  expect(server.socket.take().map(frame => frame.payload)).toEqual([
    { key: 'title', atom: 'Mine', optimisticId: 'ann/1' }, { key: 'bob/name', atom: 1, optimisticId: 'ann/2' },
  ]);
  set(server, 'title', 'Mine', 'ann/1');
  server.socket.receive('atom/invalidate', { key: 'bob/name', optimisticId: 'ann/2', reason: 'the key belongs to another user' });
  await accepted;
  await refused;
  expect([atoms.get('title'), atoms.get('bob/name'), atoms.pendingCount]).toEqual(['Mine', undefined, 0]);
  const before = atoms.value;
  set(server, 'title', 'Mine');
  expect(atoms.value).toBe(before);
  set(server, 'title', { no: 'atom' });
  expect([atoms.isLive, server.warnings]).toEqual([false, ['atom/set without a key and an atom']]);
});

test('a stream follows from its events, in order, with own ones on top', async () => {
  const { server, sum } = await linked();
  append(server, 3);
  const dispatch = sum.dispatch({ type: 'add', payload: 4 });
  expect([sum.state, sum.confirmed]).toEqual([7, 3]);
  append(server, 5);
  expect([sum.state, sum.confirmed]).toEqual([12, 8]);
  append(server, 4, 'ann', 'ann/1');
  await dispatch;
  expect([sum.state, sum.pendingCount]).toEqual([12, 0]);
  append(server, 10);
  append(server, 1);
  expect([sum.state, sum.isLive, server.warnings]).toEqual([13, true, ['an event of sum failed']]);
  server.socket.receive('stream/append', { domain: 'other', dispatcher: 'bob', event: { type: 'add', payload: 1 } });
  append(server, 1, 'bob', undefined, 'multiply');
  append(server, 1);
  expect([sum.state, sum.isLive]).toEqual([13, false]);
});

test('a server that sends no ids back answers by what was said', async () => {
  const { server, atoms, sum } = await linked();
  const dispatches = [sum.dispatch({ type: 'add', payload: 4 }), sum.dispatch({ type: 'add', payload: 4 }), atoms.set('k', true)];
  append(server, 4, 'bob');
  expect(sum.pendingCount).toBe(2);
  append(server, 4, 'ann');
  append(server, 4, 'ann');
  set(server, 'k', true);
  await Promise.all(dispatches);
  expect([sum.state, sum.pendingCount, atoms.pendingCount]).toEqual([12, 0, 0]);
});

test('one that does is not answered by the same of somebody else', async () => {
  const { server, atoms } = await linked();
  const first = atoms.set('k', 1);
  set(server, 'k', 1, 'ann/1');
  await first;
  const second = atoms.set('k', 1);
  set(server, 'k', 1);
  expect(atoms.pendingCount).toBe(1);
  set(server, 'k', 1, 'ann/2');
  await second;
});

test('where the link begins anew the whole log comes again, and is not added to what was there', async () => {
  const { server, sum } = await linked();
  append(server, 3);
  const lost = expect(sum.dispatch({ type: 'add', payload: 4 })).rejects.toMatchObject({ code: 'disconnected' });
  await server.loseAndReturn();
  expect(sum.state).toBe(7);
  server.accept({ extensions: ['resume'], session: 2, recovered: false });
  append(server, 3);
  await lost;
  expect([sum.state, sum.isLive]).toEqual([3, true]);
});
