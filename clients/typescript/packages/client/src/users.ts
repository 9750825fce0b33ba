/** A user as a client knows it. */
export interface User {
  readonly username: string;
  readonly isLinked: boolean;
  /** What everybody may know of the user beside its name; absent where that is nothing, or the server does not tell. */
  readonly meta?: unknown;
}

/** The users that a linked client has been told of, in the order the server has them. */
export class Users {
  #byName = new Map<string, User>();
  #list: readonly User[] | undefined;

  /** An array that stays as it is when users come and go, and is the same until they do. */
  get list(): readonly User[] {
    return this.#list ??= [...this.#byName.values()];
  }

  tryJoin(username: string): boolean {
    if (this.#byName.has(username)) return false;
    this.#set({ username, isLinked: false });
    return true;
  }

  trySetLinked(username: string, isLinked: boolean): boolean {
    const user = this.#byName.get(username);
    if (!user || user.isLinked === isLinked) return false;
    this.#set({ ...user, isLinked });
    return true;
  }

  trySetMeta(username: string, meta: unknown): boolean {
    const user = this.#byName.get(username);
    if (!user || JSON.stringify(user.meta) === JSON.stringify(meta)) return false;
    const { username: name, isLinked } = user;
    this.#set(meta === undefined ? { username: name, isLinked } : { username: name, isLinked, meta });
    return true;
  }

  tryLeave(username: string): boolean {
    if (!this.#byName.delete(username)) return false;
    this.#list = undefined;
    return true;
  }

  clear(): void {
    this.#list = undefined;
    this.#byName.clear();
  }

  #set(user: User) {
    this.#list = undefined;
    this.#byName.set(user.username, user);
  }
}
