import { useSyncExternalStore } from 'react';

/** A value outside of components, which are rendered anew when it has changed. */
export class Store<Value> {
  #listeners: (() => void)[] = [];

  constructor(private current: Value) {}

  get value(): Value {
    return this.current;
  }

  set(value: Value) {
    if (value === this.current) return;
    this.current = value;
    for (const listener of this.#listeners) listener();
  }

  subscribe = (listener: () => void) => {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter(other => other !== listener);
    };
  };
}

export function useStored<Value>(store: Store<Value>): Value {
  return useSyncExternalStore(store.subscribe, () => store.value);
}
