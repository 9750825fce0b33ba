import type { Message } from './protocol.js';
import type { Projection, ProjectionOptions } from './state/projection.js';
import type { Stream, StreamModel } from './state/stream.js';

/** What the rooms of a server listen to, send and share; `krmx-types` writes it. A member that is left out is untyped. */
export interface Contract {
  /** The messages that clients send. */
  sent?: Message;
  /** The messages that they are sent. */
  received?: Message;
  /** The requests that they make, by type. */
  requests?: Record<string, { request: unknown; answer: unknown }>;
  /** The projections, by name. */
  projections?: Record<string, { view: unknown; action: Message }>;
  /** The streams, by name. */
  streams?: Record<string, { event: Message }>;
}

/** The messages that clients send by a contract. */
export type Sent<C extends Contract> = C extends { sent: infer Messages extends Message } ? Messages : Message;

/** The messages that clients are sent by a contract. */
export type Received<C extends Contract> = C extends { received: infer Messages extends Message } ? Messages : Message;

/** Makes a request by a contract. */
export type MakeRequest<C extends Contract> = C extends { requests: infer Requests extends Record<string, { request: unknown; answer: unknown }> }
  ? <Type extends keyof Requests & string>(type: Type, ...rest: RequestArguments<Requests[Type]['request']>) => Promise<Requests[Type]['answer']>
  : <Answer = unknown>(type: string, payload?: unknown, timeout?: number) => Promise<Answer>;

type RequestArguments<Payload> = undefined extends Payload ? [payload?: Payload, timeout?: number] : [payload: Payload, timeout?: number];

/** Attaches a projection of a contract. */
export type AttachProjection<C extends Contract> = C extends { projections: infer All extends Record<string, { view: unknown; action: Message }> }
  ? <Domain extends keyof All & string>(
      domain: Domain, options?: ProjectionOptions<All[Domain]['view'], All[Domain]['action']>,
    ) => Projection<All[Domain]['view'], All[Domain]['action']>
  : <View, Action extends Message = Message>(domain: string, options?: ProjectionOptions<View, Action>) => Projection<View, Action>;

/** Attaches a stream of a contract. */
export type AttachStream<C extends Contract> = C extends { streams: infer All extends Record<string, { event: Message }> }
  ? <Domain extends keyof All & string, State>(domain: Domain, model: StreamModel<State, All[Domain]['event']>) => Stream<State, All[Domain]['event']>
  : <State, Event extends Message = Message>(domain: string, model: StreamModel<State, Event>) => Stream<State, Event>;
