import { KrmxError } from '../errors.js';
import type { Unsubscribe } from '../events.js';

/** What a shared state needs of its client. */
export interface StateHost {
  /** The user that something may be dispatched as now; undefined while nothing can be sent. */
  sender(): string | undefined;
  /** Sends what is good for one link alone. */
  send(type: string, payload: unknown): void;
  warn(text: string, error?: unknown): void;
  onMessage(type: string, listener: (payload: unknown) => void): Unsubscribe;
  /** Told of the own link, when it is made anew. */
  onLink(listener: (username: string) => void): Unsubscribe;
  /** Told of the end of users' links; of the own one, whether another one is to take its place. */
  onEnd(listener: (username: string, comesBack: boolean) => void): Unsubscribe;
  /** Told when no link is to be made any more. */
  onOver(listener: () => void): Unsubscribe;
}

interface Pending<Value> {
  id: string;
  /** What it says, for servers that do not send ids back. */
  content: string;
  apply: (value: Value, dispatcher: string) => Value;
  dispatcher: string;
  resolve: () => void;
  reject: (error: KrmxError) => void;
  timer: ReturnType<typeof setTimeout>;
}

/** For how long a dispatch waits for its answer, and shows its effect without one. */
export const defaultLifetime = 10_000;

/**
 * A shared state as a client has it: what the server confirmed, with the client's own unanswered changes on top. While the connection is away it stays as it
 * is; where the link cannot go on where it left off, it shows what it last knew until the server sends the state anew. A store: `subscribe` as in Svelte.
 */
export abstract class LiveState<Value> {
  readonly #lifetime: number;
  readonly #ends: Unsubscribe[] = [];
  #listeners: ((value: Value) => void)[] = [];
  #pending: Pending<Value>[] = [];
  #lastId = 0;
  #isAnsweredById = false;
  #isTracked = true;
  #linkedAs: string | undefined;
  #confirmed: Value;
  #shown: Value;
  #isLive = false;

  /** @param isLiveAtLink Whether it is live with the link, rather than with the first thing that the server sends. */
  protected constructor(
    protected readonly host: StateHost, protected readonly name: string, private readonly empty: Value, lifetime: number, private readonly isLiveAtLink: boolean,
  ) {
    this.#lifetime = lifetime;
    this.#confirmed = this.#shown = empty;
    this.#ends.push(
      host.onLink(username => this.#linked(username)),
      host.onEnd((username, comesBack) => username === this.#linkedAs && this.#ended(comesBack)),
      host.onOver(() => this.#linkedAs !== undefined && this.#ended(false)));
  }

  /** Whether the value is the server's: the client is linked, has been sent the state, and could follow all of it. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** How many dispatches the server has not answered. */
  get pendingCount(): number {
    return this.#pending.length;
  }

  /** The value as the server sent it. */
  get confirmed(): Value {
    return this.#confirmed;
  }

  /** What is shown: the confirmed value with what is pending on top; the same until it changes. */
  get value(): Value {
    return this.#shown;
  }

  /** Calls a listener with the value now, and whenever it has changed, or `isLive` has. */
  subscribe(listener: (value: Value) => void): Unsubscribe {
    const own = (value: Value) => listener(value);
    this.#listeners = [...this.#listeners, own];
    listener(this.#shown);
    return () => {
      this.#listeners = this.#listeners.filter(other => other !== own);
    };
  }

  /** Detaches the state from the client: it changes no more, and what is pending ends as with the link. */
  dispose(): void {
    for (const end of this.#ends) end();
    this.#linkedAs = undefined;
    this.#endAll(this.#confirmed);
  }

  protected listen(type: string, listener: (payload: unknown) => void): void {
    this.#ends.push(this.host.onMessage(type, listener));
  }

  protected get linkedAs(): string | undefined {
    return this.#linkedAs;
  }

  /** Whether nothing came that does not fit, so that what follows makes the value the server's. */
  protected get isTracked(): boolean {
    return this.#isTracked;
  }

  /** Something came that does not fit: the value is the server's no more, until the server sends the whole state. */
  protected suspend(): void {
    this.#isTracked = false;
    this.#show(this.#confirmed, false, this.#pending);
  }

  /** The server sends the whole state. */
  protected beginAnew(): void {
    this.#isTracked = true;
  }

  /** Sends something under an id, and shows its effect until it is answered. */
  protected dispatchPending(what: string, content: string, apply: (value: Value, dispatcher: string) => Value, send: (id: string) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const dispatcher = this.host.sender();
      if (dispatcher === undefined || dispatcher !== this.#linkedAs) {
        return reject(new KrmxError('not-linked', `cannot dispatch '${what}': the client is not linked`));
      }
      const id = `${dispatcher}/${++this.#lastId}`;
      send(id); // what it throws rejects
      const timer = setTimeout(() => {
        this.#release(id)?.reject(new KrmxError('timeout', `the server did not answer '${what}' within ${this.#lifetime} ms`));
      }, this.#lifetime);
      this.#show(this.#confirmed, this.#isLive, [...this.#pending, { id, content, apply, dispatcher, resolve, reject, timer }]);
    });
  }

  /**
   * Takes a new value from the server, and with it the answer to a dispatch, if it is one: by its id, or by its content as long as the server is not known to
   * send ids back.
   */
  protected confirm(value: Value, isLive: boolean, answered: unknown, content?: string): void {
    this.#isAnsweredById ||= answered !== undefined;
    const pending = answered !== undefined
      ? this.#pending.find(({ id }) => id === answered)
      : this.#isAnsweredById ? undefined : this.#pending.find(other => other.content === content);
    this.#show(value, isLive, this.#pending.filter(other => other !== pending));
    clearTimeout(pending?.timer);
    pending?.resolve();
  }

  /** The server says that a dispatch changed nothing for this user, or why it was refused. */
  protected answer(id: unknown, refusal: string | undefined): void {
    const pending = this.#release(id);
    if (refusal === undefined) pending?.resolve();
    else pending?.reject(new KrmxError('refused', refusal));
  }

  /** Shows the effect of a dispatch no longer. */
  #release(id: unknown): Pending<Value> | undefined {
    const pending = this.#pending.find(other => other.id === id);
    if (!pending) return undefined;
    clearTimeout(pending.timer);
    this.#show(this.#confirmed, this.#isLive, this.#pending.filter(other => other !== pending));
    return pending;
  }

  #linked(username: string) {
    const isSomebodyElse = this.#linkedAs !== undefined && this.#linkedAs !== username;
    this.#linkedAs = username;
    this.#isTracked = true;
    this.#show(isSomebodyElse || this.isLiveAtLink ? this.empty : this.#confirmed, this.isLiveAtLink, this.#pending);
  }

  #ended(comesBack: boolean) {
    if (!comesBack) {
      this.#linkedAs = undefined;
      this.#isAnsweredById = false;
    }
    this.#endAll(comesBack ? this.#confirmed : this.empty);
  }

  /** Nobody answers any more. */
  #endAll(confirmed: Value) {
    const ended = this.#pending;
    this.#show(confirmed, false, []);
    for (const { timer, reject } of ended) {
      clearTimeout(timer);
      reject(new KrmxError('disconnected', 'the link ended before the server answered'));
    }
  }

  #show(confirmed: Value, isLive: boolean, pending: Pending<Value>[]) {
    const [shown, wasLive] = [this.#shown, this.#isLive];
    this.#confirmed = confirmed;
    this.#pending = pending;
    this.#isLive = isLive;
    this.#shown = pending.reduce((value, { apply, dispatcher }) => this.#apply(apply, value, dispatcher), confirmed);
    if (this.#shown === shown && isLive === wasLive) return;
    for (const listener of this.#listeners) {
      // One that ended meanwhile is not called.
      if (!this.#listeners.includes(listener)) continue;
      try {
        // As it is when the listener is called: one before it may have dispatched.
        listener(this.#shown);
      } catch (error) {
        this.host.warn(`a listener of ${this.name} failed`, error);
      }
    }
  }

  #apply(apply: Pending<Value>['apply'], value: Value, dispatcher: string): Value {
    try {
      return apply(value, dispatcher);
    } catch (error) {
      this.host.warn(`an optimistic change of ${this.name} failed`, error);
      return value;
    }
  }
}
