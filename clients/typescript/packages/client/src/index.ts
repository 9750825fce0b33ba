export { createClient, type Client, type Events, type Gap, type Status, type UserCount } from './client.js';
export { KrmxError, type KrmxErrorCode } from './errors.js';
export type { EventEmitter, EventMap, Listener, Tap, Unsubscribe } from './events.js';
export type { ClientOptions, ReconnectOptions, TimeoutOptions, WebSocketLike } from './options.js';
export type { Message, PayloadOf } from './protocol.js';
export type { Atom, AtomMap, Atoms } from './state/atoms.js';
export type { OptimisticHandlers, Projection, ProjectionOptions } from './state/projection.js';
export type { Stream, StreamModel } from './state/stream.js';
export type { User } from './users.js';
