import { afterEach, expect, test, vi } from 'vitest';
import { KrmxError } from '../src/index.js';
import { FakeServer } from './server.js';

afterEach(() => void vi.useRealTimers());

test('a link asks for a session, is told of the users, and completes when that was all', async () => {
  const server = await FakeServer.connected();
  let isLinked = false;
  const link = server.client.link('ann', 'secret').then(() => (isLinked = true));
  await server.settle();
  expect(server.client.getStatus()).toBe('linking');
  const [asked] = server.socket.take();
  expect(asked).toEqual({
    type: 'krmx/link',
    payload: { username: 'ann', version: '0.6.0', auth: 'secret', extensions: ['resume'], resume: { key: expect.stringMatching(/^[0-9a-f]{32}$/), attempt: 1 } },
  });
  server.socket.receive('krmx/accepted', { extensions: ['resume'], session: 1 });
  server.socket.receive('krmx/users', { users: [['bob', true, { color: 'red' }], ['ann', true]] });
  await server.settle();
  expect([server.client.getStatus(), server.client.getUsername(), isLinked]).toEqual(['linked', 'ann', false]);
  server.socket.receive('krmx/ready');
  await link;
  expect(server.take()).toEqual(['linking', 'accept', 'join bob', 'meta bob {"color":"red"}', 'link bob', 'join ann', 'link ann']);
  expect(server.client.getUsers()).toEqual([{ username: 'bob', isLinked: true, meta: { color: 'red' } }, { username: 'ann', isLinked: true }]);
  expect(server.client.getUsers()).toBe(server.client.getUsers());
});

test('a server without extensions tells of users one by one', async () => {
  const server = await FakeServer.linked({}, []);
  server.socket.receive('krmx/unlinked', { username: 'bob' });
  server.socket.receive('krmx/left', { username: 'bob' });
  expect(server.take()).toEqual(['unlink bob', 'leave bob']);
  expect(server.client.getUsers()).toEqual([{ username: 'ann', isLinked: true }]);
  server.client.send({ type: 'say', payload: 1 });
  expect(server.socket.take()).toEqual([{ type: 'say', payload: 1 }]);
});

test('changes are told in order, what is known is no news, and of oneself nothing but metadata', async () => {
  const server = await FakeServer.linked();
  const before = server.client.getUsers();
  server.socket.receive('krmx/changes', {
    changes: [['joined', 'bob'], ['joined', 'carol'], ['linked', 'carol'], ['unlinked', 'ann'], ['meta', 'ann', 7], ['meta', 'bob'], ['left', 'nobody'], ['meta', 'carol', null]],
  });
  expect(server.take()).toEqual(['join carol', 'link carol', 'meta ann 7', 'meta bob ']);
  expect(before).toHaveLength(2);
  expect(server.client.getUsers().map(user => user.username)).toEqual(['bob', 'ann', 'carol']);
});

test('a room that counts tells how many there are', async () => {
  const server = await FakeServer.linked();
  server.socket.receive('krmx/count', { users: 2000, linked: 1900 });
  server.socket.receive('krmx/count', { users: 2000, linked: 1900 });
  expect(server.take()).toEqual(['count {"users":2000,"linked":1900}']);
  expect(server.client.getUserCount()).toEqual({ users: 2000, linked: 1900 });
});

test('a link that is refused rejects with the reason', async () => {
  const server = await FakeServer.connected();
  const link = server.client.link('ann');
  const refused = expect(link).rejects.toMatchObject({ code: 'rejected', message: 'the table is full' });
  await server.settle();
  server.socket.receive('krmx/rejected', { reason: 'the table is full' });
  await refused;
  expect(server.client.getStatus()).toBe('connected');
  expect(server.take()).toEqual(['linking', 'reject the table is full']);
});

test('a server of another line is asked again in its own', async () => {
  const server = await FakeServer.connected();
  const link = server.client.link('ann');
  await server.settle();
  server.socket.receive('krmx/rejected', { reason: 'krmx server version mismatch (server=0.5.*,client=0.6.0)' });
  await server.settle();
  expect(server.socket.take().map(frame => frame.payload.version)).toEqual(['0.6.0', '0.5.0']);
  server.accept();
  await link;
});

test('unlink and leave complete when the server says so', async () => {
  const server = await FakeServer.linked();
  const unlink = server.client.unlink();
  expect(server.client.getStatus()).toBe('unlinking');
  server.socket.receive('krmx/unlinked', { username: 'ann' });
  await unlink;
  expect([server.client.getStatus(), server.client.getUsername(), server.client.getUsers()]).toEqual(['connected', undefined, []]);
  expect(server.take()).toEqual(['unlinking', 'unlink ann']);

  const link = server.client.link('ann');
  await server.settle();
  server.accept({ extensions: ['resume'], session: 2 });
  await link;
  const leave = server.client.leave();
  server.socket.receive('krmx/unlinked', { username: 'ann' });
  await server.settle();
  expect(server.client.getStatus()).toBe('unlinking');
  server.socket.receive('krmx/left', { username: 'ann' });
  await leave;
  expect(server.client.getStatus()).toBe('connected');
});

test('two servers of different lines behind one address do not ask for ever', async () => {
  const server = await FakeServer.connected();
  const refused = expect(server.client.link('ann')).rejects.toMatchObject({ code: 'rejected' });
  await server.settle();
  for (const line of ['0.5', '0.6']) {
    server.socket.receive('krmx/rejected', { reason: `krmx server version mismatch (server=${line}.*,client=0.6.0)` });
    await server.settle();
  }
  await refused;
  expect(server.socket.take()).toHaveLength(2);
});

test('while it unlinks a client is told of its own end once', async () => {
  const server = await FakeServer.linked();
  const unlink = server.client.unlink();
  server.take();
  server.socket.receive('krmx/changes', { changes: [['unlinked', 'ann'], ['joined', 'carl'], ['left', 'nobody']] });
  server.socket.receive('krmx/unlinked', { username: 'ann' });
  await unlink;
  expect(server.take()).toEqual(['join carl', 'unlink ann']);
});

test('options that are undefined are as if they were not there, and whoever is told of errors may throw', async () => {
  const server = await FakeServer.linked({ timeouts: { connect: undefined }, reconnect: { resumes: undefined }, onWarning: () => { throw new Error('no'); } } as never);
  const heard: string[] = [];
  server.client.on('message', () => { throw new Error('no'); });
  server.client.on('message', ({ type }) => heard.push(type));
  const users = server.client.getUsers();
  for (const type of ['a', 'b']) server.socket.receive(type);
  server.socket.receive('krmx/changes', { changes: [['left', 'nobody']] });
  expect([heard, server.client.getUsers() === users]).toEqual([['a', 'b'], true]);
});

test('calls that make no sense now are refused, and say why', async () => {
  const server = await FakeServer.connected();
  expect(() => server.client.send({ type: 'say' })).toThrow("cannot send 'say': the client is connected");
  expect(() => server.client.send({ type: 'krmx/link' })).toThrow('belong to the protocol');
  await expect(server.client.unlink()).rejects.toThrow('cannot unlink: the client is connected');
  await expect(server.client.connect('ws://test')).rejects.toThrow('cannot connect: the client is connected');
  const linked = await FakeServer.linked();
  await expect(linked.client.link('bob')).rejects.toThrow('cannot link: the client is linked');
  await expect(linked.client.disconnect()).rejects.toThrow('unlink first');
});

test('a listener that throws is reported, and the others are called; a listener hears events in their order', async () => {
  const server = await FakeServer.linked();
  const order: string[] = [];
  server.client.on('message', ({ type }) => {
    if (type === 'a') server.socket.receive('b');
    throw new Error('no');
  });
  server.client.on('message', ({ type }) => order.push(type));
  server.socket.receive('a');
  expect(order).toEqual(['a', 'b']);
  expect(server.warnings).toEqual(['a listener failed', 'a listener failed']);
});

test('waitFor, once and pipe pass on what fits', async () => {
  const server = await FakeServer.linked();
  const piped = server.client.pipe<{ said: [string]; join: [string] }>(tap => {
    tap.pass('join');
    tap.on('message', ({ payload }) => tap.emit('said', String(payload)));
  });
  const heard: unknown[] = [];
  piped.all((...event) => heard.push(event));
  const second = server.client.waitFor('message', ({ payload }) => payload === 2);
  server.client.once('message', ({ payload }) => heard.push(`once ${payload}`), ({ payload }) => payload === 2);
  for (const payload of [1, 2, 2]) server.socket.receive('say', payload);
  server.socket.receive('krmx/changes', { changes: [['joined', 'dora']] });
  expect(await second).toEqual([{ type: 'say', payload: 2 }]);
  expect(heard).toEqual([['said', '1'], ['said', '2'], 'once 2', ['said', '2'], ['join', 'dora']]);
});

test.each([['no json'], ['[]'], ['{"type":1}'], [new ArrayBuffer(1)], ['{"type":"krmx/users","payload":7}'], ['{"type":"krmx/accepted"}'], ['{"type":"krmx/new"}'],
  ['{"type":"krmx/changes","payload":{"changes":[["else","bob"]]}}'], ['{"type":"krmx/count","payload":{"users":"a"}}']])(
  'what no server should send, %s, is reported and changes nothing', async text => {
    const server = await FakeServer.linked();
    server.socket.receiveText(text);
    expect([server.warnings.length, server.client.getStatus(), server.take()]).toEqual([1, 'linked', []]);
  });

test('an address that is none, and a server that is not there, reject at once', async () => {
  const server = new FakeServer();
  await expect(server.client.connect('no address')).rejects.toThrow(KrmxError);
  const connect = expect(server.client.connect('ws://test')).rejects.toMatchObject({ code: 'disconnected' });
  server.socket.lose();
  await connect;
  expect(server.client.getStatus()).toBe('closed');
  const late = expect(server.client.connect('ws://test')).rejects.toThrow('no answer in time');
  await server.pass(10_000);
  await late;
});
