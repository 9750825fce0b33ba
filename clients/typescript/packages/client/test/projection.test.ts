import { afterEach, expect, test, vi } from 'vitest';
import type { Message } from '../src/index.js';
import { FakeServer } from './server.js';

afterEach(() => void vi.useRealTimers());

interface Board {
  notes: { id: number; text: string }[];
  title: string;
}

type Action = Message<'rename', string> | Message<'clear', undefined>;

const board: Board = { title: 'plan', notes: [{ id: 1, text: 'one' }, { id: 2, text: 'two' }] };

/** A client with a board that it has been sent. */
async function withBoard(options: { isSent?: boolean } = {}) {
  const server = await FakeServer.connected();
  const projection = server.client.projection<Board, Action>('board', { optimistic: { rename: (view, title) => ({ ...view, title }) } });
  const link = server.client.link('ann');
  await server.settle();
  server.accept({ extensions: ['resume'], session: 1 });
  if (options.isSent ?? true) set(server, board);
  await link;
  server.socket.take();
  return { server, projection };
}

const set = (server: FakeServer, view: Board) => server.socket.receive('projection/set', { domain: 'board', projection: view });
const delta = (server: FakeServer, change: object, optimisticId?: string) =>
  server.socket.receive('projection/delta', { domain: 'board', delta: change, optimisticId });

test('a view comes whole, changes by deltas, and keeps what has not changed', async () => {
  const { server, projection } = await withBoard();
  const shown: unknown[] = [];
  const end = projection.subscribe(view => shown.push(view?.title));
  const before = projection.view!;
  delta(server, { title: [0, 'plans'], notes: { _t: 'a', 1: { text: [0, 'zwei'] } } });
  server.socket.receive('projection/delta', { domain: 'other', delta: { title: [0, 'no'] } });
  expect(projection.view).toEqual({ title: 'plans', notes: [{ id: 1, text: 'one' }, { id: 2, text: 'zwei' }] });
  expect(projection.view!.notes[0]).toBe(before.notes[0]);
  expect(before.title).toBe('plan');
  end();
  delta(server, { title: [0, 'done'] });
  expect([shown, projection.isLive]).toEqual([['plan', 'plans'], true]);
});

test('an action shows at once, and is confirmed', async () => {
  const { server, projection } = await withBoard();
  const dispatch = projection.dispatch({ type: 'rename', payload: 'mine' });
  expect([projection.view!.title, projection.confirmed!.title, projection.pendingCount]).toEqual(['mine', 'plan', 1]);
  expect(server.socket.take()).toEqual([
    { type: 'projection/action', payload: { domain: 'board', action: { type: 'rename', payload: 'mine' }, optimisticId: 'ann/1' } },
  ]);
  delta(server, { notes: { _t: 'a', 2: [{ id: 3, text: 'three' }] } });
  expect([projection.view!.title, projection.view!.notes.length]).toEqual(['mine', 3]);
  delta(server, { title: [0, 'mine'] }, 'ann/1');
  await dispatch;
  expect([projection.view!.title, projection.pendingCount]).toEqual(['mine', 0]);
  expect(projection.view).toBe(projection.confirmed);
});

test('an action that is refused, that changes nothing, or that is not answered, shows no longer', async () => {
  const { server, projection } = await withBoard();
  const refused = expect(projection.dispatch({ type: 'rename', payload: 'a' })).rejects.toMatchObject({ code: 'refused', message: 'not your board' });
  server.socket.receive('projection/invalidate', { domain: 'board', optimisticId: 'ann/1', accepted: false, reason: 'not your board' });
  await refused;
  const same = projection.dispatch({ type: 'rename', payload: 'b' });
  server.socket.receive('projection/invalidate', { domain: 'board', optimisticId: 'ann/2', accepted: true });
  await same;
  const late = expect(projection.dispatch({ type: 'rename', payload: 'c' })).rejects.toMatchObject({ code: 'timeout' });
  expect(projection.view!.title).toBe('c');
  await server.pass(10_000);
  await late;
  expect([projection.view!.title, projection.pendingCount]).toEqual(['plan', 0]);
});

test('while the connection is away the view stays, and what is dispatched is answered after the return', async () => {
  const { server, projection } = await withBoard();
  server.socket.lose();
  const dispatch = projection.dispatch({ type: 'rename', payload: 'away' });
  expect([projection.view!.title, projection.isLive]).toEqual(['away', true]);
  server.client.retryNow();
  server.socket.accept();
  await server.settle();
  server.socket.take();
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1, recovered: true, received: 0 });
  expect(server.socket.take()).toMatchObject([{ type: 'projection/action', payload: { optimisticId: 'ann/1' } }]);
  delta(server, { title: [0, 'away'] }, 'ann/1');
  await dispatch;
});

test('where the link begins anew the view stays until the next one comes, and what was dispatched is gone', async () => {
  const { server, projection } = await withBoard();
  const lost = expect(projection.dispatch({ type: 'rename', payload: 'lost' })).rejects.toMatchObject({ code: 'disconnected' });
  await server.loseAndReturn();
  server.socket.take();
  server.accept({ extensions: ['resume'], session: 2, recovered: false, received: 0 });
  await lost;
  expect([projection.view!.title, projection.isLive, server.socket.take()]).toEqual(['plan', false, []]);
  set(server, { ...board, title: 'anew' });
  expect([projection.view!.title, projection.isLive]).toEqual(['anew', true]);
  server.socket.receive('krmx/unlinked', { username: 'ann' });
  expect([projection.view, projection.isLive]).toEqual([undefined, false]);
  await expect(projection.dispatch({ type: 'clear' })).rejects.toMatchObject({ code: 'not-linked' });
});

test('a view goes when no link is to follow: for good, refused, or unlinked by somebody who links as another at once', async () => {
  const withoutSession = async () => {
    const server = await FakeServer.connected();
    const projection = server.client.projection<Board, Action>('board');
    const link = server.client.link('ann');
    await server.settle();
    server.accept();
    await link;
    set(server, board);
    return { server, projection };
  };
  const gone = await withoutSession();
  gone.server.socket.lose();
  expect(gone.projection.view).toEqual(board);
  await gone.server.client.disconnect(true);
  expect(gone.projection.view).toBeUndefined();

  const refused = await withoutSession();
  await refused.server.loseAndReturn();
  refused.server.socket.receive('krmx/rejected', { reason: 'banned' });
  expect(refused.projection.view).toBeUndefined();

  const { server, projection } = await withBoard();
  server.client.once('unlink', () => void server.client.link('bobby').catch(() => undefined));
  const unlink = server.client.unlink();
  server.socket.receive('krmx/unlinked', { username: 'ann' });
  await unlink;
  expect(projection.view).toBeUndefined();
});

test('a delta that does not fit ends what is live, until the whole view comes', async () => {
  const { server, projection } = await withBoard();
  const dispatch = projection.dispatch({ type: 'rename', payload: 'mine' });
  delta(server, { nothing: { there: [0, 1] } }, 'ann/1');
  await dispatch;
  delta(server, { title: [0, 'no'] });
  expect([projection.view!.title, projection.isLive, server.warnings]).toEqual(['plan', false, ['projection/delta of board does not fit']]);
  set(server, board);
  expect(projection.isLive).toBe(true);
  const { server: other, projection: empty } = await withBoard({ isSent: false });
  delta(other, { title: [0, 'no'] });
  expect([empty.view, empty.isLive]).toEqual([undefined, false]);
});

test('a listener or a handler that throws hurts nobody else', async () => {
  const server = await FakeServer.connected();
  const projection = server.client.projection<Board, Action>('board', { optimistic: { rename: () => { throw new Error('no'); } } });
  const shown: unknown[] = [];
  projection.subscribe(view => { if (view) throw new Error('no'); });
  projection.subscribe(view => shown.push(view?.title));
  const link = server.client.link('ann');
  await server.settle();
  server.accept({ extensions: ['resume'], session: 1 });
  set(server, board);
  await link;
  const ended = expect(projection.dispatch({ type: 'rename', payload: 'x' })).rejects.toMatchObject({ code: 'disconnected' });
  expect([shown, projection.view!.title]).toEqual([[undefined, 'plan'], 'plan']);
  expect(server.warnings).toEqual(['a listener of board failed', 'an optimistic change of board failed']);
  projection.dispose();
  await ended;
  delta(server, { title: [0, 'later'] });
  expect(projection.view!.title).toBe('plan');
});
