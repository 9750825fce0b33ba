import { KrmxError } from './errors.js';
import { member, reasonOf } from './protocol.js';

interface Waiting {
  type: string;
  resolve: (answer: unknown) => void;
  reject: (error: KrmxError) => void;
  timer: ReturnType<typeof setTimeout>;
}

/** Requests that wait for their answers. Protocol section 10, "Requests". */
export class Requests {
  #waiting = new Map<string, Waiting>();
  #lastId = 0;

  /**
   * Waits for the answer to a request.
   * @param send Sends it, under an id.
   */
  ask(type: string, timeout: number, send: (id: string) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = `${++this.#lastId}`;
      send(id); // what it throws rejects
      const timer = setTimeout(
        () => this.#take(id)?.reject(new KrmxError('timeout', `the server did not answer '${type}' within ${timeout} ms`)), timeout);
      this.#waiting.set(id, { type, resolve, reject, timer });
    });
  }

  /** Takes in what the server says of a request; of one that nobody waits for any more that is nothing. */
  receive(type: string, payload: unknown): void {
    if (type !== 'request/answer' && type !== 'request/refuse') return;
    const waiting = this.#take(member(payload, 'id'));
    if (type === 'request/answer') waiting?.resolve(member(payload, 'payload'));
    else waiting?.reject(new KrmxError('refused', reasonOf(payload)));
  }

  /** The link has ended, so nobody answers. */
  end(): void {
    for (const [id, { type }] of this.#waiting) {
      this.#take(id)?.reject(new KrmxError('disconnected', `the link ended before the server answered '${type}'`));
    }
  }

  #take(id: unknown): Waiting | undefined {
    const waiting = this.#waiting.get(id as string);
    clearTimeout(waiting?.timer);
    this.#waiting.delete(id as string);
    return waiting;
  }
}
