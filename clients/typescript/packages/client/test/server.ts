import { vi } from 'vitest';
import { createClient, type Client, type ClientOptions } from '../src/index.js';

/** A connection as the server has it, in the hands of a test. */
export class FakeSocket {
  bufferedAmount = 0;
  /** What the client has sent, read; in order, taken out by `take`. */
  sent: { type: string; payload?: any; volatile?: boolean }[] = [];
  isClosed = false;
  readonly #listeners = new Map<string, ((event: any) => void)[]>();

  constructor(readonly url: string) {
    if (url === 'no address') throw new SyntaxError('no address');
    FakeServer.current.sockets.push(this);
  }

  addEventListener(type: string, listener: (event: any) => void) {
    this.#listeners.set(type, [...this.#listeners.get(type) ?? [], listener]);
  }

  send(data: string) {
    if (!this.isClosed) this.sent.push(JSON.parse(data));
  }

  close(code = 1005, reason = '') {
    if (this.isClosed) return;
    this.isClosed = true;
    if (!FakeServer.current.isSilent) queueMicrotask(() => this.#emit('close', { code, reason }));
  }

  accept() {
    this.#emit('open', {});
  }

  receive(type: string, payload?: unknown, more: object = {}) {
    this.receiveText(JSON.stringify({ type, payload, ...more }));
  }

  receiveText(data: unknown) {
    this.#emit('message', { data });
  }

  lose(code = 1006, reason = '') {
    this.isClosed = true;
    this.#emit('close', { code, reason });
  }

  take() {
    const sent = this.sent;
    this.sent = [];
    return sent;
  }

  #emit(type: string, event: object) {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }
}

/** A server in the hands of a test, and a client of it, on virtual time; waits of the client are as long as they may be. */
export class FakeServer {
  static current: FakeServer;

  readonly sockets: FakeSocket[] = [];
  readonly client: Client;
  /** What the client's listeners have heard, in order, taken out by `take`. */
  heard: string[] = [];
  warnings: string[] = [];
  /** Whether it lets connections go without a word. */
  isSilent = false;

  constructor(options: ClientOptions = {}) {
    FakeServer.current = this;
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(1);
    this.client = createClient({ webSocket: FakeSocket as never, onWarning: text => this.warnings.push(text), ...options });
    this.client.all((name, ...args) => {
      if (name !== 'status') this.heard.push([name, ...args.map(arg => typeof arg === 'string' ? arg : JSON.stringify(arg))].join(' '));
    });
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** A server with a client that is linked, in a room with bob. */
  static async linked(options: ClientOptions = {}, extensions = ['resume']): Promise<FakeServer> {
    const server = await FakeServer.connected(options);
    const link = server.client.link('ann');
    await server.settle();
    server.accept(extensions.length > 0 ? { extensions, session: extensions.includes('resume') ? 1 : undefined } : undefined);
    await link;
    server.take();
    server.socket.take();
    return server;
  }

  static async connected(options: ClientOptions = {}): Promise<FakeServer> {
    const server = new FakeServer(options);
    const connect = server.client.connect('ws://test/krmx');
    server.socket.accept();
    await connect;
    server.take();
    return server;
  }

  /** Accepts the link that is asked for. */
  accept(answer?: { extensions?: string[] | undefined; session?: number | undefined; recovered?: boolean; received?: number }) {
    this.socket.receive('krmx/accepted', answer);
    if (answer?.extensions) {
      this.socket.receive('krmx/users', { users: [['bob', true, { color: 'red' }], ['ann', true]] });
      this.socket.receive('krmx/ready');
    } else {
      for (const username of ['bob', 'ann']) {
        this.socket.receive('krmx/joined', { username });
        this.socket.receive('krmx/linked', { username });
      }
    }
  }

  /** Loses the connection and makes another one, on which the client asks for its link. */
  async loseAndReturn() {
    this.socket.lose();
    await this.pass(1_000);
    this.socket.accept();
    await this.settle();
  }

  take(): string[] {
    const heard = this.heard;
    this.heard = [];
    return heard;
  }

  /** Lets promises go on. */
  settle = () => this.pass(0);

  pass = (time: number) => vi.advanceTimersByTimeAsync(time);
}
