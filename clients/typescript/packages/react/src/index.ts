import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { Atom, Atoms, Client, EventEmitter, Events, Message, PayloadOf, Projection, Status, Stream, User, UserCount } from '@krmx-net/client';

/** A client, whatever its contract is. */
export type AnyClient = Pick<Client, 'getStatus' | 'getUsername' | 'getUsers' | 'getUserCount' | 'all'>;

// The events after which something else may be shown: every other one is about messages.
const quiet = new Set<PropertyKey>(['message', 'reject', 'gap', 'recover', 'reconnecting']);

/** What a component shows of a client. */
export interface ClientView {
  readonly status: Status;
  /** The user that the client is linked to, also while its connection is away for a moment; undefined while there is none. */
  readonly username: string | undefined;
  /** The users, in the order they joined; the same array until they change. */
  readonly users: readonly User[];
  /** How many users there are, where the server tells no more. */
  readonly userCount: UserCount | undefined;
}

/** The status of a client, its user and all users; renders anew when one of them changes. */
export function useClient(client: AnyClient): ClientView {
  const status = useClientValue(client, client => client.getStatus());
  const username = useClientValue(client, client => client.getUsername());
  const users = useUsers(client);
  const userCount = useClientValue(client, client => client.getUserCount());
  return useMemo(() => ({ status, username, users, userCount }), [status, username, users, userCount]);
}

/** The users that a client is told of, in the order they joined. */
export function useUsers(client: AnyClient): readonly User[] {
  return useClientValue(client, client => client.getUsers());
}

/** The view of a projection; undefined until the server has sent one. What has not changed in it is the same object, so that `memo` sees it. */
export function useProjection<View, Action extends Message>(projection: Projection<View, Action>): View | undefined {
  return useStore(projection, () => projection.view);
}

/** The state of a stream. */
export function useStream<State, Event extends Message>(stream: Stream<State, Event>): State {
  return useStore(stream, () => stream.state);
}

/** An atom; undefined where there is none. */
export function useAtom(atoms: Atoms, key: string): Atom | undefined {
  return useStore(atoms, () => atoms.get(key));
}

/** Calls a listener with the payload of each message of a type, while the component is mounted; the one that was rendered last. */
export function useMessage<Received extends Message, Type extends Received['type']>(
  client: EventEmitter<Events<Received>>, type: Type, listener: (payload: PayloadOf<Received, Type>) => void,
): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => client.on('message', message => {
    if (message.type === type) latest.current(message.payload as PayloadOf<Received, Type>);
  }), [client, type]);
}

/** A value of a store that is the same until it changes. */
function useStore<Value>(store: { subscribe(changed: () => void): () => void }, snapshot: () => Value): Value {
  const subscribe = useMemo(() => (changed: () => void) => store.subscribe(changed), [store]);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

/** A value of a client that is the same until it changes. */
function useClientValue<Value>(client: AnyClient, read: (client: AnyClient) => Value): Value {
  const subscribe = useMemo(() => (changed: () => void) => client.all(name => quiet.has(name) || changed()), [client]);
  const snapshot = () => read(client);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
