import type { Message } from './protocol.js';

/** A frame that the server has not confirmed; `message` is the application's, where it is one. */
export interface Pending {
  text: string;
  message?: Message;
}

/**
 * A client's half of a session: what it has sent and the server has not confirmed, and how much it has received, so that after a lost connection each side
 * knows what the other has missed. Protocol section 10, "Resume".
 */
export class Session {
  /** Whether all that a newcomer is told has come: from then on what comes counts, and the session can go on with another connection. */
  isReady = false;
  /** How many messages of the server were received. */
  received = 0;
  /** How many of these the server has been told. */
  told = 0;
  /** How long those are that it has not been told. */
  lengthUntold = 0;
  /** How long the frames are that the server has not confirmed. */
  pendingLength = 0;

  // Those that were sent on the connection that there is come first.
  #pending: Pending[] = [];
  #confirmed = 0;
  #sent = 0;

  /** @param number The attempt that began it, by which the server knows it. */
  constructor(readonly number: number) {}

  /** The number of the last frame that was sent on the connection that there is. */
  get sent(): number {
    return this.#sent;
  }

  add(pending: Pending): void {
    this.#pending.push(pending);
    this.pendingLength += pending.text.length;
  }

  /** What was not sent on the connection that there is; counts as sent from here on. */
  takeUnsent(): Pending[] {
    const unsent = this.#pending.slice(this.#sent - this.#confirmed);
    this.#sent += unsent.length;
    return unsent;
  }

  /** Takes in how many frames the server has handled; false where that cannot be. */
  tryConfirm(handled: unknown): boolean {
    if (!Number.isInteger(handled)) return false;
    const count = handled as number;
    if (count < this.#confirmed || count > this.#sent) return false;
    for (const pending of this.#pending.splice(0, count - this.#confirmed)) this.pendingLength -= pending.text.length;
    this.#confirmed = count;
    return true;
  }

  /** Goes on with another connection, where the server has handled so many: the others are to be sent again. */
  tryGoOn(handled: unknown): boolean {
    if (!this.tryConfirm(handled)) return false;
    this.#sent = this.#confirmed;
    this.told = this.received;
    this.lengthUntold = 0;
    return true;
  }

  /** Takes out what the server may not have. */
  takePending(): Pending[] {
    const taken = this.#pending;
    this.#pending = [];
    this.pendingLength = 0;
    return taken;
  }
}
