import { isObject, member, reasonOf, type Message, type PayloadOf } from '../protocol.js';
import { defaultLifetime, LiveState, type StateHost } from './live.js';

/** What a stream is: its state before any event, and what each event does; a handler returns another state, and leaves the one it is given as it is. */
export interface StreamModel<State, Event extends Message> {
  initial: State;
  events: { [Type in Event['type']]: (state: State, payload: PayloadOf<Event, Type>, dispatcher: string) => State };
  /** For how long a dispatch waits for its answer, and shows its effect without one, in milliseconds. Default: 10,000. */
  lifetime?: number;
}

/** A stream: the state that follows from the server's log of events, with the client's own events on top at once. Protocol section 9. */
export class Stream<State, Event extends Message = Message> extends LiveState<State> {
  readonly #events: Map<string, (state: State, payload: unknown, dispatcher: string) => State>;

  /** Made by a client's `stream`. */
  constructor(host: StateHost, readonly domain: string, model: StreamModel<State, Event>) {
    super(host, domain, model.initial, model.lifetime ?? defaultLifetime, true);
    this.#events = new Map(Object.entries(model.events));
    this.listen('stream/append', payload => {
      if (member(payload, 'domain') === domain && this.linkedAs !== undefined) this.#append(payload);
    });
    this.listen('stream/invalidate', payload => {
      if (member(payload, 'domain') === domain) this.answer(member(payload, 'optimisticId'), reasonOf(payload));
    });
  }

  /** The state, with the effect of events that the server has not answered. */
  get state(): State {
    return this.value;
  }

  /** Asks the server to append an event; its effect shows at once. Resolves when the server has, and rejects where it refuses, does not answer in time, or the link ends. */
  dispatch(event: Event): Promise<void> {
    const handler = this.#events.get(event.type);
    const apply = (state: State, dispatcher: string) => handler ? handler(state, event.payload, dispatcher) : state;
    return this.dispatchPending(event.type, contentOf(event), apply, optimisticId => {
      this.host.send('stream/append', { domain: this.domain, dispatcher: this.linkedAs, event, optimisticId });
    });
  }

  #append(payload: unknown) {
    const event = member(payload, 'event'), dispatcher = member(payload, 'dispatcher');
    const handler = isObject(event) && typeof event['type'] === 'string' ? this.#events.get(event['type']) : undefined;
    if (!isObject(event) || !handler || typeof dispatcher !== 'string') {
      // Everybody else may have applied it, so what follows would be applied to another state than theirs.
      this.host.warn(`stream/append of ${this.domain} is no event here`);
      this.suspend();
      return this.confirm(this.confirmed, false, member(payload, 'optimisticId'));
    }
    let state = this.confirmed;
    try {
      if (this.isTracked) state = handler(state, event['payload'], dispatcher);
    } catch (error) {
      // It stands in the log and changes nothing, with everybody.
      this.host.warn(`an event of ${this.domain} failed`, error);
    }
    const isOwn = dispatcher === this.linkedAs;
    this.confirm(state, this.isTracked, isOwn ? member(payload, 'optimisticId') : undefined, isOwn ? contentOf(event) : undefined);
  }
}

/** What two events have in common that are the same. */
function contentOf({ type, payload }: { type?: unknown; payload?: unknown }): string {
  return JSON.stringify([type, payload]);
}
