// @vitest-environment jsdom
import { act, StrictMode, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useClient, useMessage, useUsers } from '../src/index.js';
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
