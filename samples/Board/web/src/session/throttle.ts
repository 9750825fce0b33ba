const interval = 50;

/** Does something at once, and then no more often than twenty times a second; what was asked for last is always done. */
export class Throttle {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;

  constructor(private readonly action: () => void) {}

  call() {
    this.#isDue = true;
    if (this.#timer === undefined) this.#run();
  }

  /** Forgets what is due. */
  cancel() {
    this.#isDue = false;
  }

  #run() {
    this.#timer = undefined;
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#timer = setTimeout(() => this.#run(), interval);
    this.action();
  }
}
