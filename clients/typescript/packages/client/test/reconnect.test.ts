import { afterEach, expect, test, vi } from 'vitest';
import { FakeServer } from './server.js';

afterEach(() => void vi.useRealTimers());

const say = (payload: unknown) => ({ type: 'say', payload });
const ack = (received: number, sent: number) => ({ type: 'krmx/ack', payload: { received, sent } });

test('a lost connection is made again, later each time, and the link goes on where it left off', async () => {
  const server = await FakeServer.linked();
  server.socket.receive('news', 1);
  server.client.send(say('before'));
  server.socket.lose();
  expect([server.client.getStatus(), server.client.getUsername(), server.client.getUsers().length]).toEqual(['reconnecting', 'ann', 2]);
  server.client.send(say('while away'));
  await server.pass(999);
  expect(server.sockets).toHaveLength(1);
  await server.pass(1);
  server.socket.lose();
  await server.pass(1_999);
  expect(server.sockets).toHaveLength(2);
  await server.pass(1);
  server.socket.accept();
  await server.settle();
  expect(server.socket.take()).toMatchObject([{ type: 'krmx/link', payload: { username: 'ann', resume: { attempt: 2, session: 1, received: 1 } } }]);
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1, recovered: true, received: 1 });
  server.socket.receive('news', 2);
  expect(server.socket.take()).toEqual([say('while away')]);
  expect(server.client.getStatus()).toBe('linked');
  expect(server.take()).toEqual([
    'message {"type":"news","payload":1}', 'close', 'reconnecting 1000', 'reconnecting 2000', 'connect', 'linking', 'recover', 'message {"type":"news","payload":2}',
  ]);
});

test('what the server has not handled is sent again, once', async () => {
  const server = await FakeServer.linked();
  for (const payload of [1, 2, 3]) server.client.send(say(payload));
  server.socket.receive('krmx/ack', { received: 1, sent: 0 });
  await server.loseAndReturn();
  server.socket.take();
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1, recovered: true, received: 2 });
  expect(server.socket.take()).toEqual([say(3)]);
  server.socket.receive('krmx/ack', { received: 3, sent: 0 });
  await server.loseAndReturn();
  server.socket.take();
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1, recovered: true, received: 3 });
  expect(server.socket.take()).toEqual([]);
});

test('a link that cannot go on says so first, and what the server has not handled is sent again', async () => {
  const server = await FakeServer.linked();
  for (const payload of [1, 2]) server.client.send(say(payload));
  await server.loseAndReturn();
  server.take();
  server.socket.take();
  server.accept({ extensions: ['resume'], session: 2, recovered: false, received: 1 });
  expect(server.take()).toEqual([
    'gap {"unconfirmed":[]}', 'unlink ann', 'accept', 'join bob', 'meta bob {"color":"red"}', 'link bob', 'join ann', 'link ann',
  ]);
  expect(server.socket.take()).toEqual([say(2)]);
});

test.each([0, 1])('a connection that is lost before a link is made leaves nothing behind, after %i messages', async count => {
  const server = await FakeServer.connected();
  const link = expect(server.client.link('ann')).rejects.toMatchObject({ code: 'disconnected' });
  await server.settle();
  if (count > 0) server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1 });
  await server.loseAndReturn();
  await link;
  const again = server.client.link('ann');
  await server.settle();
  server.accept({ extensions: ['resume'], session: 2 });
  await again;
  expect(server.take().filter(event => event.startsWith('gap'))).toEqual([]);
  expect(server.socket.take()[0]!.payload.resume).toEqual({ key: expect.any(String), attempt: 2 });
});

test('messages whose fate nobody knows are named', async () => {
  const server = await FakeServer.linked();
  for (const payload of [1, 2]) server.client.send(say(payload));
  server.socket.receive('krmx/ack', { received: 1, sent: 0 });
  await server.loseAndReturn();
  server.take();
  server.accept({ extensions: ['resume'], session: 2, recovered: false });
  expect(server.take()[0]).toBe('gap {"unconfirmed":[{"type":"say","payload":2}]}');
});

test('a link that is refused when it should go on is over', async () => {
  const server = await FakeServer.linked();
  server.client.send(say(1));
  await server.loseAndReturn();
  server.take();
  server.socket.receive('krmx/rejected', { reason: 'user ann has left' });
  expect(server.take()).toEqual(['reject user ann has left', 'gap {"unconfirmed":[{"type":"say","payload":1}]}', 'unlink ann']);
  expect([server.client.getStatus(), server.client.getUsername()]).toEqual(['connected', undefined]);
});

test('a server without sessions is linked to anew, and asked again while the user is still linked to the lost connection', async () => {
  const server = await FakeServer.linked({}, []);
  server.client.send(say(1));
  server.socket.lose();
  expect(() => server.client.send(say(2))).toThrow('reconnecting');
  await server.pass(1_000);
  server.socket.accept();
  await server.settle();
  server.socket.receive('krmx/rejected', { reason: 'user ann is already linked to a connection' });
  await server.pass(1_000);
  expect(server.socket.take().map(frame => frame.type)).toEqual(['krmx/link', 'krmx/link']);
  server.accept();
  expect(server.take()).toEqual([
    'unlink ann', 'close', 'reconnecting 1000', 'connect', 'linking', 'linking', 'accept', 'join bob', 'link bob', 'join ann', 'link ann',
  ]);
});

test('acks say what was received: after a second, or 1,024 messages', async () => {
  const server = await FakeServer.linked();
  server.socket.receive('news');
  server.socket.receive('pointer', 1, { volatile: true });
  await server.pass(999);
  expect(server.socket.take()).toEqual([]);
  await server.pass(1);
  expect(server.socket.take()).toEqual([ack(1, 0)]);
  server.client.send(say(1));
  for (let i = 0; i < 1024; i++) server.socket.receive('news');
  expect(server.socket.take()).toEqual([say(1), ack(1025, 1)]);
  await server.pass(5_000);
  expect(server.socket.take()).toEqual([]);
});

test('an ack that does not fit ends the session, and the link is made anew after a drop', async () => {
  const server = await FakeServer.linked();
  server.client.send(say(1));
  server.socket.receive('krmx/ack', { received: 2, sent: 0 });
  expect(server.take()).toEqual(['gap {"unconfirmed":[{"type":"say","payload":1}]}']);
  expect(server.client.getStatus()).toBe('linked');
  await server.loseAndReturn();
  expect(server.socket.take()[0]!.payload.resume).toEqual({ key: expect.any(String), attempt: 2 });
});

test('what is volatile is neither kept nor counted, and left out where the connection is behind', async () => {
  const server = await FakeServer.linked();
  server.client.sendVolatile(say('here'));
  expect(server.socket.take()).toEqual([{ ...say('here'), volatile: true }]);
  server.socket.bufferedAmount = 1024 * 1024;
  server.client.sendVolatile(say('late'));
  server.socket.lose();
  server.client.sendVolatile(say('away'));
  await server.pass(1_000);
  server.socket.accept();
  await server.settle();
  server.socket.take();
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1, recovered: true, received: 0 });
  expect(server.socket.take()).toEqual([]);
});

test('what waits for the server is bounded', async () => {
  const server = await FakeServer.linked({ maxPendingLength: 100 });
  server.client.send(say('x'.repeat(60)));
  expect(() => server.client.send(say('x'.repeat(60)))).toThrow('100 characters wait for the server already');
  server.socket.receive('krmx/ack', { received: 1, sent: 0 });
  server.client.send(say('x'.repeat(60)));
});

test('a server that closes lets users leave, and the client comes back to it', async () => {
  const server = await FakeServer.linked();
  server.socket.receive('krmx/unlinked', { username: 'ann' });
  server.socket.receive('krmx/left', { username: 'ann' });
  server.socket.lose(1012);
  await server.pass(1_000);
  server.socket.accept();
  await server.settle();
  expect(server.socket.take()).toMatchObject([{ type: 'krmx/link', payload: { username: 'ann' } }]);
});

test('an unlink nobody asked for, a kick, and a room that is deleted are final', async () => {
  const server = await FakeServer.linked();
  server.socket.receive('krmx/unlinked', { username: 'ann' });
  server.socket.receive('krmx/left', { username: 'ann' });
  expect(server.take()).toEqual(['unlink ann', 'leave ann']);
  await server.loseAndReturn();
  expect(server.socket.take()).toEqual([]);
  server.socket.lose(4410);
  await server.pass(60_000);
  expect([server.client.getStatus(), server.sockets.length]).toEqual(['closed', 2]);
});

test('no promise is left pending by a lost connection, a server that does not answer, or a disconnect', async () => {
  const server = await FakeServer.connected();
  const lost = expect(server.client.link('ann')).rejects.toMatchObject({ code: 'disconnected' });
  await server.settle();
  server.socket.lose();
  await lost;
  await server.pass(1_000);
  server.socket.accept();
  await server.settle();
  expect(server.socket.take()).toEqual([]);
  const silent = expect(server.client.link('ann')).rejects.toMatchObject({ code: 'disconnected' });
  await server.pass(30_000);
  await silent;
  await server.pass(2_000);
  server.socket.accept();
  const ended = expect(server.client.link('ann')).rejects.toMatchObject({ code: 'disconnected' });
  await server.client.disconnect(true);
  await ended;

  const leaving = await FakeServer.linked();
  const leave = expect(leaving.client.leave()).rejects.toMatchObject({ code: 'disconnected' });
  leaving.socket.receive('krmx/unlinked', { username: 'ann' });
  await leaving.pass(30_000);
  await leave;
  await leaving.client.disconnect();

  const linked = await FakeServer.linked();
  const unlink = expect(linked.client.unlink()).rejects.toMatchObject({ code: 'disconnected' });
  linked.socket.lose();
  await unlink;
  expect([linked.client.getUsername(), linked.client.getStatus()]).toEqual([undefined, 'reconnecting']);
  linked.isSilent = true;
  await linked.client.disconnect();
  expect(linked.client.getStatus()).toBe('closed');
});

test('a disconnect waits for the goodbye, but not for long', async () => {
  const server = await FakeServer.linked();
  server.isSilent = true;
  let isClosed = false;
  const disconnect = server.client.disconnect(true).then(() => (isClosed = true));
  await server.pass(4_999);
  expect([server.client.getStatus(), isClosed]).toEqual(['closing', false]);
  await server.pass(1);
  await disconnect;
  expect(server.take()).toEqual(['closing', 'unlink ann', 'close']);
  await server.pass(60_000);
  expect(server.sockets).toHaveLength(1);
});

test('every disconnect resolves, and a client that closes is deaf and sends nothing', async () => {
  const server = await FakeServer.linked({}, ['presence']);
  const first = server.client.disconnect(true);
  const second = server.client.disconnect();
  server.take();
  expect(() => server.client.send(say(1))).toThrow('the client is closing');
  server.socket.receive('late');
  await Promise.all([first, second]);
  expect(server.take()).toEqual(['unlink ann', 'close']);
});

test('a link that is asked for while another one waits to be made again is told of a conflict', async () => {
  const server = await FakeServer.linked({}, []);
  await server.loseAndReturn();
  server.socket.receive('krmx/rejected', { reason: 'user ann is already linked to a connection' });
  const refused = expect(server.client.link('bobby')).rejects.toMatchObject({ code: 'rejected' });
  await server.settle();
  server.socket.receive('krmx/rejected', { reason: 'user bobby is already linked to a connection' });
  await refused;
});

test('an auth that never comes, and a server that accepts and says no more, end with the connection', async () => {
  const server = await FakeServer.connected();
  const silent = expect(server.client.link('ann', () => new Promise<string>(() => undefined))).rejects.toMatchObject({ code: 'disconnected' });
  await server.pass(30_000);
  await silent;
  await server.pass(2_000);
  server.socket.accept();
  const accepted = expect(server.client.link('ann')).rejects.toMatchObject({ code: 'disconnected' });
  await server.settle();
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1 });
  await server.pass(30_000);
  await accepted;
});

test('auth is made anew for each link; one that fails is tried again after a drop', async () => {
  const server = await FakeServer.connected();
  const auth = vi.fn<() => Promise<string>>().mockResolvedValueOnce('first').mockRejectedValueOnce(new Error('offline')).mockResolvedValueOnce('second');
  const link = server.client.link('ann', auth);
  await server.settle();
  server.accept({ extensions: ['resume'], session: 1 });
  await link;
  server.socket.take();
  await server.loseAndReturn();
  expect([server.socket.take(), server.warnings]).toEqual([[], ['the auth of the link could not be made']]);
  await server.pass(1_000);
  expect(server.socket.take()).toMatchObject([{ type: 'krmx/link', payload: { auth: 'second' } }]);
});

test('retryNow does not wait, and a client that reconnects no more stays closed', async () => {
  const server = await FakeServer.linked();
  server.socket.lose();
  server.client.retryNow();
  expect(server.sockets).toHaveLength(2);
  await server.client.disconnect(true);

  const once = await FakeServer.linked({ reconnect: { enabled: false } });
  once.socket.lose();
  await once.pass(60_000);
  expect([once.client.getStatus(), once.sockets.length, once.take()]).toEqual(['closed', 1, ['unlink ann', 'close']]);
});

test('a link that is made when its connection is lost, before all has been told, is made anew, and completes then', async () => {
  const server = await FakeServer.connected();
  const outcomes: string[] = [];
  const link = server.client.link('ann').then(() => outcomes.push('linked'), error => outcomes.push(String(error)));
  await server.settle();
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1 });
  server.socket.receive('krmx/users', { users: [['ann', true]] });
  await server.loseAndReturn();
  expect([server.client.getStatus(), outcomes]).toEqual(['linking', []]);
  expect(server.socket.take()[0]!.payload.resume).toEqual({ key: expect.any(String), attempt: 2 });
  server.accept({ extensions: ['resume'], session: 2, recovered: false });
  await link;
  expect([server.client.getStatus(), server.client.getUsername(), outcomes]).toEqual(['linked', 'ann', ['linked']]);
  expect(server.take().filter(event => event.startsWith('gap'))).toEqual([]);
});

test('a link that is made, lost with its connection, and then refused, ends with the reason', async () => {
  const server = await FakeServer.connected();
  const link = server.client.link('ann');
  const refused = expect(link).rejects.toMatchObject({ code: 'rejected', message: 'no more' });
  await server.settle();
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1 });
  server.socket.receive('krmx/users', { users: [['ann', true]] });
  await server.loseAndReturn();
  server.socket.receive('krmx/rejected', { reason: 'no more' });
  await refused;
  expect([server.client.getStatus(), server.client.getUsername()]).toEqual(['connected', undefined]);
});

test('a link that the server ends before all has been told is not taken for one that is made', async () => {
  const server = await FakeServer.connected();
  const link = server.client.link('ann');
  const ended = expect(link).rejects.toMatchObject({ code: 'rejected' });
  await server.settle();
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1 });
  server.socket.receive('krmx/users', { users: [['ann', true]] });
  server.socket.receive('krmx/unlinked', { username: 'ann' });
  await ended;
  expect(server.client.getStatus()).toBe('connected');
});
