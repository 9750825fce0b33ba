import { member, reasonOf } from '../protocol.js';
import { defaultLifetime, LiveState, type StateHost } from './live.js';

/** The value of an atom. */
export type Atom = string | number | boolean;

/** The atoms by their keys. */
export type AtomMap = ReadonlyMap<string, Atom>;

/** The atoms of a room: the server's, with those on top that the client has set and the server has not answered. Protocol section 9. */
export class Atoms extends LiveState<AtomMap> {
  /** Made by a client's `atoms`. */
  constructor(host: StateHost, options: { lifetime?: number }) {
    super(host, 'atoms', new Map(), options.lifetime ?? defaultLifetime, true);
    this.listen('atom/set', payload => {
      const key = member(payload, 'key'), atom = member(payload, 'atom');
      if (this.linkedAs === undefined) return;
      if (typeof key !== 'string' || !isAtom(atom)) {
        this.host.warn('atom/set without a key and an atom');
        return this.suspend();
      }
      // Another user may have set the same, which comes to the same.
      this.confirm(withAtom(this.confirmed, key, atom), this.isTracked, member(payload, 'optimisticId'), contentOf(key, atom));
    });
    this.listen('atom/invalidate', payload => this.answer(member(payload, 'optimisticId'), reasonOf(payload)));
  }

  /** The atom of a key; undefined where there is none. */
  get(key: string): Atom | undefined {
    return this.value.get(key);
  }

  /** Asks the server to set an atom; it shows at once. Resolves when the server has, and rejects where it refuses, does not answer in time, or the link ends. */
  set(key: string, atom: Atom): Promise<void> {
    return this.dispatchPending(key, contentOf(key, atom), atoms => withAtom(atoms, key, atom), optimisticId => {
      this.host.send('atom/set', { key, atom, optimisticId });
    });
  }
}

function isAtom(value: unknown): value is Atom {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function contentOf(key: string, atom: Atom): string {
  return JSON.stringify([key, atom]);
}

function withAtom(atoms: AtomMap, key: string, atom: Atom): AtomMap {
  return atoms.get(key) === atom ? atoms : new Map(atoms).set(key, atom);
}
