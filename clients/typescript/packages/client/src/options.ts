/** What a client needs of a WebSocket: that of browsers, of Node from version 22 on, or of the package `ws`. */
export interface WebSocketLike {
  readonly bufferedAmount: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: never) => void): void;
}

/** How a client comes back after its connection was lost. */
export interface ReconnectOptions {
  /** Whether it does at all. Default: true. */
  enabled?: boolean;
  /** Whether a link goes on where it left off, so that nothing is lost that either side sent meanwhile. Default: true. Protocol section 10. */
  resumes?: boolean;
  /** The longest wait before the first attempt, in milliseconds; it doubles with each attempt, and the wait is random up to it. Default: 1,000. */
  minDelay?: number;
  /** The longest wait before any attempt, in milliseconds. Default: 15,000. */
  maxDelay?: number;
  /** How many attempts in a row may fail. Default: Infinity. */
  maxAttempts?: number;
  /** For how long it asks again, in milliseconds, when its user is still linked to the connection it lost, which the server may not know. Default: 60,000. */
  relinkTimeout?: number;
}

/** For how long a client waits, in milliseconds. */
export interface TimeoutOptions {
  /** For a connection. Default: 10,000. */
  connect?: number;
  /** For the server's answer to a link, an unlink or a leave; a server that gives none loses the connection. Default: 30,000. */
  request?: number;
  /** For the answer to a request of the application, also while the connection is away. Default: 15,000. */
  answer?: number;
  /** For the server's goodbye when a connection is closed. Default: 5,000. */
  close?: number;
}

/** What a client is made with. */
export interface ClientOptions {
  /** The WebSocket to use. Default: the platform's own. Node before version 22 has none: give it that of the package `ws`. */
  webSocket?: new (url: string) => WebSocketLike;
  reconnect?: ReconnectOptions;
  timeouts?: TimeoutOptions;
  /** How many characters of messages may wait for the server to confirm them. Default: 1,048,576. */
  maxPendingLength?: number;
  /** Told what went wrong and nobody else hears of: a listener that threw, a frame that no server should send. Default: `console.warn`. */
  onWarning?: (text: string, error?: unknown) => void;
}

/** What is given; a member that is there and undefined is not. */
function given<Options extends object>(options: Options | undefined): Options {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Options;
}

/** The options with their defaults. */
export function settle(options: ClientOptions) {
  return {
    reconnect: {
      enabled: true, resumes: true, minDelay: 1_000, maxDelay: 15_000, maxAttempts: Infinity, relinkTimeout: 60_000, ...given(options.reconnect),
    },
    timeouts: { connect: 10_000, request: 30_000, answer: 15_000, close: 5_000, ...given(options.timeouts) },
    maxPendingLength: options.maxPendingLength ?? 1024 * 1024,
    warn: options.onWarning ?? ((text: string, error?: unknown) => console.warn(`krmx: ${text}`, error ?? '')),
  };
}
