// @vitest-environment jsdom
import { act, memo, StrictMode, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useAtom, useClient, useMessage, useProjection, useStream, useUsers } from '../src/index.js';
import { FakeServer } from '../../client/test/server.js';

declare global {
  var IS_REACT_ACT_ENVIRONMENT: boolean;
}

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  page = document.createElement('div');
  root = createRoot(page);
});

afterEach(() => {
  act(() => root.unmount());
  vi.useRealTimers();
});

test('a component shows the status, the own user and all users as they are', async () => {
  const server = await FakeServer.linked();
  const View = () => {
    const { status, username, users } = useClient(server.client);
    return <p>{status} {username} {users.map(user => `${user.username}${user.isLinked ? '' : ' (away)'}`).join(', ')}</p>;
  };
  act(() => root.render(<StrictMode><View /></StrictMode>));
  expect(page.textContent).toBe('linked ann bob, ann');
  act(() => server.socket.receive('krmx/changes', { changes: [['unlinked', 'bob'], ['joined', 'carol']] }));
  expect(page.textContent).toBe('linked ann bob (away), ann, carol (away)');
  act(() => server.socket.lose());
  expect(page.textContent).toBe('reconnecting ann bob (away), ann, carol (away)');
});

test('messages render nobody but those who listen', async () => {
  const server = await FakeServer.linked();
  let renders = 0;
  const Users = () => {
    renders++;
    return <p>{useUsers(server.client).length}</p>;
  };
  const Lines = () => {
    const [lines, setLines] = useState<unknown[]>([]);
    useMessage(server.client, 'say', payload => setLines([...lines, payload]));
    return <p>{lines.join(' ')}</p>;
  };
  act(() => root.render(<><Users /><Lines /></>));
  for (const payload of [1, 2, 3]) act(() => server.socket.receive('say', payload));
  act(() => server.socket.receive('other'));
  expect([page.textContent, renders]).toEqual(['21 2 3', 1]);
});

test('of a projection of 1,000 items those render that have changed', async () => {
  const server = await FakeServer.connected();
  const projection = server.client.projection<{ items: { id: number; text: string }[] }>('list');
  const link = server.client.link('ann');
  await server.settle();
  server.accept({ extensions: ['resume'], session: 1 });
  server.socket.receive('projection/set', { domain: 'list', projection: { items: Array.from({ length: 1000 }, (_, id) => ({ id, text: `item ${id}` })) } });
  await link;
  let renders = 0;
  const Item = memo(({ item }: { item: { text: string } }) => {
    renders++;
    return <li>{item.text}</li>;
  });
  const List = () => <ul>{useProjection(projection)?.items.map(item => <Item key={item.id} item={item} />)}</ul>;
  act(() => root.render(<List />));
  expect(renders).toBe(1000);
  act(() => server.socket.receive('projection/delta', {
    domain: 'list', delta: { items: { _t: 'a', 7: { text: [0, 'seven'] }, 999: [{ id: 1000, text: 'new' }], _3: [0, 0, 0] } },
  }));
  expect([renders, page.querySelectorAll('li').length, page.querySelectorAll('li')[7]!.textContent]).toEqual([1002, 1000, 'seven']);
});

test('a component renders for its own atom, and for its stream', async () => {
  const server = await FakeServer.connected();
  const atoms = server.client.atoms();
  const sum = server.client.stream<number, { type: 'add'; payload: number }>('sum', { initial: 0, events: { add: (sum, number) => sum + number } });
  const link = server.client.link('ann');
  await server.settle();
  server.accept({ extensions: ['resume'], session: 1 });
  await link;
  let renders = 0;
  const View = () => {
    renders++;
    return <p>{useAtom(atoms, 'title')} {useStream(sum)}</p>;
  };
  act(() => root.render(<View />));
  act(() => server.socket.receive('atom/set', { key: 'other', atom: 1 }));
  expect(renders).toBe(1);
  act(() => server.socket.receive('atom/set', { key: 'title', atom: 'Sums' }));
  act(() => server.socket.receive('stream/append', { domain: 'sum', dispatcher: 'bob', event: { type: 'add', payload: 3 } }));
  expect([page.textContent, renders]).toEqual(['Sums 3', 3]);
});

test('a hundred mounts and unmounts leave no listener behind', async () => {
  const server = await FakeServer.linked();
  let listeners = 0;
  for (const method of ['all', 'onMessage'] as const) {
    const original = server.client[method].bind(server.client) as (...args: unknown[]) => () => void;
    (server.client as unknown as Record<string, unknown>)[method] = (...args: unknown[]) => {
      const end = original(...args);
      listeners++;
      return () => {
        listeners--;
        end();
      };
    };
  }
  const View = () => {
    const { users } = useClient(server.client);
    useMessage(server.client, 'say', () => undefined);
    return <p>{users.length}</p>;
  };
  for (let i = 0; i < 100; i++) {
    act(() => root.render(<StrictMode><View key={i} /></StrictMode>));
    expect(listeners).toBeGreaterThan(0);
    act(() => root.render(null));
    expect(listeners).toBe(0);
  }
});
