// The client's half of a session (docs/protocol.md, section 10, "Resume"). Both sides count what they are sent and what was handled, so that after
// a lost connection each knows what the other has missed.

export class Session {
  /** The attempt that began it: the server knows it by that. */
  number;
  /** From the server's `krmx/ready` on, what it sends counts, and the session can go on with another connection. */
  isReady = false;
  /** How many messages of the server were received. */
  received = 0;
  /** How many of these the server has been told. */
  told = 0;

  // The messages that the server has not confirmed. Those that were sent on the connection that there is come first.
  #pending;
  #confirmed = 0;
  #sent = 0;

  constructor(number, pending) {
    this.number = number;
    this.#pending = pending;
  }

  /** What the server may not have. */
  get pending() {
    return this.#pending;
  }

  /** The number of the last message that was sent on the connection that there is. */
  get sent() {
    return this.#sent;
  }

  add(message) {
    this.#pending.push(message);
  }

  /** What is still to be sent; counts as sent from here on. */
  takeUnsent() {
    const unsent = this.#pending.slice(this.#sent - this.#confirmed);
    this.#sent += unsent.length;
    return unsent;
  }

  /** Takes in how many messages the server has handled; false where that cannot be. */
  confirm(handled) {
    if (!(handled >= this.#confirmed && handled <= this.#sent)) return false;
    this.#pending.splice(0, handled - this.#confirmed);
    this.#confirmed = handled;
    return true;
  }

  /** Goes on with another connection, where the server has handled so many: the others are to be sent again. */
  goOn(handled) {
    if (!this.confirm(handled)) return false;
    this.#sent = handled;
    this.told = this.received;
    return true;
  }
}
