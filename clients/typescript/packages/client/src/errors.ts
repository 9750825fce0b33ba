/**
 * Why something failed:
 * - `rejected`: the server refused the link; the message is its reason.
 * - `refused`: the server refused the request; the message is its reason.
 * - `disconnected`: the connection was lost or closed before the answer, or the link has ended; nobody knows whether the server did it.
 * - `timeout`: there was no answer in time.
 * - `not-connected`, `not-linked`: it needs a connection, or a link.
 * - `queue-full`: too much waits to be confirmed by the server; nothing was sent.
 * - `invalid`: the call itself is wrong.
 */
export type KrmxErrorCode = 'rejected' | 'refused' | 'disconnected' | 'timeout' | 'not-connected' | 'not-linked' | 'queue-full' | 'invalid';

/** What calls of a client fail with. */
export class KrmxError extends Error {
  override readonly name = 'KrmxError';

  constructor(readonly code: KrmxErrorCode, message: string) {
    super(message);
  }
}
