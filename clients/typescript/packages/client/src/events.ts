/** Called with an event's arguments. */
export type Listener<Args extends unknown[]> = (...args: Args) => void;

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Events by name, each with its arguments. */
export type EventMap = Record<string, unknown[]>;

/** What events can be listened to by. */
export interface EventEmitter<Events extends EventMap> {
  /** Calls a listener at each event of a name. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Unsubscribe;

  /** Calls a listener at the next event of a name, or the next that fits. */
  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>, fits?: (...args: Events[Name]) => boolean): Unsubscribe;

  /** Calls a listener at every event, with its name first. */
  all(listener: (name: keyof Events, ...args: unknown[]) => void): Unsubscribe;

  /** Resolves with the arguments of the next event of a name, or of the next that fits; rejects with what `fits` throws. */
  waitFor<Name extends keyof Events>(name: Name, fits?: (...args: Events[Name]) => boolean): Promise<Events[Name]>;

  /** Makes an emitter of other events out of this one's. */
  pipe<Next extends EventMap>(configure: (tap: Tap<Events, Next>) => void): EventEmitter<Next>;
}

/** Where one emitter's events become another's. */
export interface Tap<Events extends EventMap, Next extends EventMap> {
  /** Lets events of these names through as they are; of every name that both have, where none is given. */
  pass(...names: (keyof Events & keyof Next)[]): void;
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void;
  emit<Name extends keyof Next>(name: Name, ...args: Next[Name]): void;
}

type Subscription = { name: PropertyKey | undefined; call: (name: PropertyKey, args: unknown[]) => void };

/**
 * Emits events, when a change is whole that causes them. What listeners cause is emitted when every listener has been called of the event that is under
 * way, so all hear the same history. A listener that throws is reported, and the others are called.
 */
export class EventSource<Events extends EventMap> implements EventEmitter<Events> {
  #subscriptions: Subscription[] = [];
  #queue: [PropertyKey, unknown[]][] = [];
  #isEmitting = false;
  #changes = 0;
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = error => {
      try {
        report(error);
      } catch {
        // Whoever is told of errors and throws one hears of no other.
      }
    };
  }

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Unsubscribe {
    return this.#subscribe({ name, call: (_, args) => listener(...args as Events[Name]) });
  }

  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>, fits?: (...args: Events[Name]) => boolean): Unsubscribe {
    const end = this.on(name, (...args) => {
      if (fits && !fits(...args)) return;
      end();
      listener(...args);
    });
    return end;
  }

  all(listener: (name: keyof Events, ...args: unknown[]) => void): Unsubscribe {
    return this.#subscribe({ name: undefined, call: (name, args) => listener(name as keyof Events, ...args) });
  }

  waitFor<Name extends keyof Events>(name: Name, fits?: (...args: Events[Name]) => boolean): Promise<Events[Name]> {
    return new Promise((resolve, reject) => {
      const end = this.on(name, (...args) => {
        try {
          if (fits && !fits(...args)) return;
          resolve(args);
        } catch (error) {
          reject(error);
        }
        end();
      });
    });
  }

  pipe<Next extends EventMap>(configure: (tap: Tap<Events, Next>) => void): EventEmitter<Next> {
    const next = new EventSource<Next>(this.#report);
    configure({
      pass: (...names) => {
        if (names.length === 0) this.all((name, ...args) => next.emit(name as keyof Next, ...args as Next[keyof Next]));
        for (const name of names) this.on(name, (...args) => next.emit(name, ...args as unknown as Next[typeof name]));
      },
      on: (name, listener) => void this.on(name, listener),
      emit: (name, ...args) => next.emit(name, ...args),
    });
    return next;
  }

  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void {
    this.#queue.push([name, args]);
    if (this.#changes === 0) this.#settle();
  }

  /** Makes a change; its events are emitted when it is whole. */
  protected change<Result>(action: () => Result): Result {
    this.#changes++;
    try {
      return action();
    } finally {
      if (--this.#changes === 0) this.#settle();
    }
  }

  #settle() {
    if (this.#isEmitting) return;
    this.#isEmitting = true;
    for (let next; (next = this.#queue.shift());) this.#notify(next[0], next[1]);
    this.#isEmitting = false;
  }

  #subscribe(subscription: Subscription): Unsubscribe {
    this.#subscriptions = [...this.#subscriptions, subscription];
    return () => {
      this.#subscriptions = this.#subscriptions.filter(other => other !== subscription);
    };
  }

  #notify(name: PropertyKey, args: unknown[]) {
    for (const subscription of this.#subscriptions) {
      if (subscription.name !== undefined && subscription.name !== name) continue;
      // One that ended meanwhile is not called.
      if (!this.#subscriptions.includes(subscription)) continue;
      try {
        subscription.call(name, args);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
