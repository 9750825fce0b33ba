import type { AttachProjection, AttachStream, Contract, MakeRequest, Received, Sent } from './contract.js';
import { KrmxError } from './errors.js';
import { EventSource, type EventEmitter, type Unsubscribe } from './events.js';
import { settle, type ClientOptions, type WebSocketLike } from './options.js';
import {
  entries, farewellCloseCodes, finalCloseCodes, isReserved, member, readFrame, reasonOf, versions, writeFrame, type Frame, type Message, type PayloadOf,
} from './protocol.js';
import { Requests } from './requests.js';
import { Session, type Pending } from './session.js';
import { Atoms } from './state/atoms.js';
import type { StateHost } from './state/live.js';
import { Projection, type ProjectionOptions } from './state/projection.js';
import { Stream, type StreamModel } from './state/stream.js';
import { Users, type User } from './users.js';

// A quarter of what a server keeps by default; more often is dear to it.
const messagesBetweenAcks = 1024;
const lengthBetweenAcks = 256 * 1024;
const ackDelay = 1_000;
// What is volatile is lost rather than late: a connection with so much unsent is behind.
const behindLength = 64 * 1024;
// What answers a message that crossed with an unlink, and never a link.
const unlinkedConnection = 'unlinked connection';

/**
 * Where a client is: `initializing` before it connects, `connecting`, `connected` to the server and nobody, `linking`, `linked` to a user, `unlinking`,
 * `reconnecting` after a lost connection, `closing`, `closed`.
 */
export type Status = 'initializing' | 'connecting' | 'connected' | 'linking' | 'linked' | 'unlinking' | 'reconnecting' | 'closing' | 'closed';

/** What is not known after a link could not go on where it left off. */
export interface Gap {
  /** The messages that were sent and of which nobody knows whether they arrived, in order. */
  readonly unconfirmed: readonly Message[];
}

/** How many users there are, where a server tells no more than that. */
export interface UserCount {
  readonly users: number;
  readonly linked: number;
}

/** The events of a client. */
export type Events<Heard extends Message = Message> = {
  /** The status has changed. */
  status: [status: Status];
  connecting: [];
  /** A connection is open: the first one, or one that was made again. */
  connect: [];
  /** The connection is lost, and another one is tried after a time, in milliseconds. */
  reconnecting: [delay: number];
  closing: [];
  /** A connection that was open is no more. */
  close: [];
  linking: [];
  /** The server has accepted a link; the users as they are follow. */
  accept: [];
  /** The server has rejected a link, or a message. */
  reject: [reason: string];
  /** A user has joined, or was there before the link. */
  join: [username: string];
  /** A user is linked; the own one is `getUsername()`. */
  link: [username: string];
  /** A user is not linked any more; the own one also where its connection was lost and the link does not go on with the next one. */
  unlink: [username: string];
  unlinking: [];
  /** A user has left; the own one on request, or was kicked. */
  leave: [username: string];
  /** What everybody may know of a user beside its name: after its join, and when it has changed; undefined for nothing any more. */
  meta: [username: string, meta: unknown];
  /** How many users there are, where the server tells no more. */
  count: [count: UserCount];
  /** A message of the application. */
  message: [message: Heard];
  /** The link goes on where it left off: what was missed comes next, and what was sent meanwhile arrives. */
  recover: [];
  /** The link could not go on where it left off. Comes before all that follows from it. */
  gap: [gap: Gap];
};

/** A client of a Krmx server: one connection, and the user that it is linked to. */
export interface Client<C extends Contract = Contract> extends EventEmitter<Events<Received<C>>> {
  getStatus(): Status;

  /** The user that the client is linked to, also while its connection is away for a moment; undefined while there is none. */
  getUsername(): string | undefined;

  /** The users, in the order they joined; the same array until they change. */
  getUsers(): readonly User[];

  /** How many users there are, where the server tells no more; undefined where it tells of everyone. */
  getUserCount(): UserCount | undefined;

  /** Connects; rejects where that fails. A connection that is lost later is made again. */
  connect(url: string): Promise<void>;

  /**
   * Closes the connection, and makes no other one.
   * @param force Also while the client is linked; without it that is an error.
   */
  disconnect(force?: boolean): Promise<void>;

  /**
   * Links to a user, and again after a lost connection; resolves when the client has been told all that a newcomer is, and rejects with the reason where
   * the server refuses.
   * @param auth What proves to the server that the client may; or what makes it anew for each link, such as a token that expires.
   */
  link(username: string, auth?: string | (() => string | Promise<string>)): Promise<void>;

  /** Ends the link; the user stays on the server. */
  unlink(): Promise<void>;

  /** Removes the user from the server. */
  leave(): Promise<void>;

  /**
   * Sends a message; one that is sent while the connection is away arrives when it is back.
   * @throws {KrmxError} The client is not linked, the type belongs to the protocol, or too much waits already.
   */
  send(message: Sent<C>): void;

  /** Sends a message that is lost rather than late, such as the place of a pointer: nothing happens to it while the connection is away, or behind. */
  sendVolatile(message: Sent<C>): void;

  /**
   * Asks the server for something; resolves with the answer's payload, and rejects where the server refuses, does not answer in time, or the link ends. One
   * that is sent while the connection is away is answered when it is back.
   * It takes the type, the payload, and how long to wait, in milliseconds; by default `timeouts.answer`.
   */
  readonly request: MakeRequest<C>;

  /** Attaches a projection of the server's; before the link, so that its view is there when the link is made. Protocol section 9. */
  readonly projection: AttachProjection<C>;

  /** Attaches a stream of the server's; before the link, as a projection. */
  readonly stream: AttachStream<C>;

  /** Attaches the atoms of the server; before the link, as a projection. */
  atoms(options?: { lifetime?: number }): Atoms;

  /** Calls a listener with the payload of each message of a type. */
  onMessage<Type extends Received<C>['type']>(type: Type, listener: (payload: PayloadOf<Received<C>, Type>) => void): Unsubscribe;

  /** Does not wait for the next attempt to reconnect. */
  retryNow(): void;
}

/** Makes a client, typed by the contract of its server; it does nothing until `connect`. */
export function createClient<C extends Contract = Contract>(options: ClientOptions = {}): Client<C> {
  return new KrmxClient(options) as unknown as Client<C>;
}

interface WantedLink {
  username: string;
  auth: string | (() => string | Promise<string>) | undefined;
}

interface Request {
  resolve: () => void;
  reject: (error: KrmxError) => void;
}

// A link: none, waiting for its auth or asked for, accepted, told of its own user, complete, asked to end; left is unlinked and waits for its leave.
type LinkState = 'none' | 'authenticating' | 'asked' | 'entering' | 'arriving' | 'linked' | 'unlinking' | 'leaving' | 'left';

type ConnectionState = 'initializing' | 'connecting' | 'open' | 'waiting' | 'reconnecting' | 'closing' | 'closed';

class KrmxClient extends EventSource<Events> implements Client {
  readonly #options;
  readonly #webSocket;
  readonly #users = new Users();
  readonly #requests = new Requests();
  // By this the server knows this client again; it proves nothing.
  readonly #key = [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');

  #url = '';
  #socket: WebSocketLike | undefined;
  #connection: ConnectionState = 'initializing';
  #link: LinkState = 'none';
  #status: Status = 'initializing';
  #wanted: WantedLink | undefined; // what the client is linked as, or will be again
  #username: string | undefined;
  #former: string | undefined; // who was unlinked last, and may be told to have left
  #farewell: { link: WantedLink; at: number } | undefined; // a link that ended unasked, perhaps because the server closes
  #session: Session | undefined;
  #count: UserCount | undefined;
  #hasPresence = false;
  #version = versions[0]!;
  #linkAttempts = 0;
  #dials = 0;
  #openedAt = 0;
  #relinks = 0;
  #relinkUntil = 0;
  #connecting: Request | undefined;
  #request: Request | undefined; // of a link, an unlink or a leave
  #disconnecting: Request[] = [];
  #comesBack = false; // whether the link that ended last is to be made anew
  #timer: ReturnType<typeof setTimeout> | undefined; // of the connection: a dial, the wait for the next, a close
  #linkTimer: ReturnType<typeof setTimeout> | undefined; // of the link: an answer, or the wait to ask again
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #wake = () => this.retryNow();

  readonly #host: StateHost = {
    sender: () => this.#canSend ? this.#username : undefined,
    // What is good for one link alone is not sent again when the link begins anew.
    send: (type, payload) => this.#sendBounded(type, { text: writeFrame(type, payload) }),
    warn: (text, error) => this.#options.warn(text, error),
    onMessage: (type, listener) => this.onMessage(type, listener),
    onLink: listener => this.on('link', username => username === this.#username && listener(username)),
    onEnd: listener => this.on('unlink', username => listener(username, this.#comesBack)),
    onOver: listener => this.on('status', status => (status === 'closed' || (status === 'connected' && !this.#wanted)) && listener()),
  };

  constructor(options: ClientOptions) {
    const settled = settle(options);
    super(error => settled.warn('a listener failed', error));
    this.#options = settled;
    this.#webSocket = options.webSocket ?? globalThis.WebSocket as unknown as new (url: string) => WebSocketLike;
    if (!this.#webSocket) throw new KrmxError('invalid', 'this platform has no WebSocket: give createClient the option webSocket, such as that of the package ws');
  }

  getStatus = () => this.#status;

  getUsername = () => this.#username;

  getUsers = () => this.#users.list;

  getUserCount = () => this.#count;

  connect(url: string): Promise<void> {
    if (this.#connection !== 'initializing' && this.#connection !== 'closed') {
      return Promise.reject(new KrmxError('invalid', `cannot connect: the client is ${this.#status}`));
    }
    this.#url = url;
    this.#dials = 0;
    globalThis.addEventListener?.('online', this.#wake);
    return this.#promise(request => {
      this.#connecting = request;
      this.#connection = 'connecting';
      this.#update();
      this.emit('connecting');
      this.#dial();
    });
  }

  disconnect(force = false): Promise<void> {
    if (this.#connection === 'initializing' || this.#connection === 'closed') return Promise.resolve();
    if (this.#connection !== 'closing' && this.#username !== undefined && !force) {
      return Promise.reject(new KrmxError('invalid', 'cannot disconnect: the client is linked; unlink first, or pass true'));
    }
    return this.#promise(request => {
      this.#disconnecting.push(request);
      if (this.#connection === 'closing') return;
      if (!this.#socket || this.#connection !== 'open') return this.#ended(new KrmxError('disconnected', 'the client was disconnected'));
      this.#connection = 'closing';
      this.#update();
      this.emit('closing');
      this.#socket.close(1000, 'disconnect');
      this.#setTimer(this.#options.timeouts.close, () => this.#lost(this.#socket!, 1006, 'the server did not say goodbye'));
    });
  }

  link(username: string, auth?: string | (() => string | Promise<string>)): Promise<void> {
    if (this.#connection !== 'open' || this.#link !== 'none') {
      const code = this.#connection === 'open' ? 'invalid' : 'not-connected';
      return Promise.reject(new KrmxError(code, `cannot link: the client is ${this.#status}`));
    }
    return this.#promise(request => {
      this.#request = request;
      this.#wanted = { username, auth };
      this.#farewell = undefined;
      this.#relinkUntil = 0;
      this.#askForLink();
    });
  }

  unlink = () => this.#askForEnd('unlink', 'unlinking');

  leave = () => this.#askForEnd('leave', 'leaving');

  send(message: Message): void {
    this.#demandSendable(message.type);
    this.#sendBounded(message.type, { text: writeFrame(message.type, message.payload), message });
  }

  request<Answer>(type: string, payload?: unknown, timeout = this.#options.timeouts.answer): Promise<Answer> {
    // What is no message of the application's own is not sent again when the link begins anew: nobody knows whether it was handled.
    return this.#requests.ask(type, timeout, id => {
      this.#demandSendable('request/ask');
      this.#sendBounded(type, { text: writeFrame('request/ask', { id, type, payload }) });
    }) as Promise<Answer>;
  }

  sendVolatile(message: Message): void {
    this.#demandSendable(message.type);
    if (this.#isSending && this.#socket!.bufferedAmount <= behindLength) this.#write(writeFrame(message.type, message.payload, true));
  }

  projection<View, Action extends Message>(domain: string, options: ProjectionOptions<View, Action> = {}): Projection<View, Action> {
    return new Projection<View, Action>(this.#host, domain, options);
  }

  stream<State, Event extends Message>(domain: string, model: StreamModel<State, Event>): Stream<State, Event> {
    return new Stream<State, Event>(this.#host, domain, model);
  }

  atoms(options: { lifetime?: number } = {}): Atoms {
    return new Atoms(this.#host, options);
  }

  onMessage<Type extends string>(type: Type, listener: (payload: PayloadOf<Message, Type>) => void): Unsubscribe {
    return this.on('message', message => message.type === type && listener(message.payload as PayloadOf<Message, Type>));
  }

  retryNow(): void {
    this.change(() => {
      if (this.#connection === 'waiting') this.#redial();
      else if (this.#relinkUntil > 0 && this.#connection === 'open' && this.#link === 'none' && this.#wanted) this.#askForLink();
    });
  }

  // ---- the connection ----

  #dial() {
    let socket: WebSocketLike;
    try {
      socket = new this.#webSocket(this.#url);
    } catch (error) {
      // No such address: no later attempt would succeed either.
      return this.#ended(new KrmxError('invalid', `cannot connect to ${this.#url}: ${String(error)}`));
    }
    this.#socket = socket;
    socket.addEventListener('open', () => this.change(() => this.#opened(socket)));
    socket.addEventListener('message', ({ data }: { data: unknown }) => this.change(() => this.#received(socket, data)));
    socket.addEventListener('close', ({ code, reason }: { code: number; reason: string }) => this.change(() => this.#lost(socket, code, reason)));
    socket.addEventListener('error', () => undefined); // `close` follows
    this.#setTimer(this.#options.timeouts.connect, () => this.#lost(socket, 1006, 'there was no answer in time'));
  }

  #opened(socket: WebSocketLike) {
    if (socket !== this.#socket) return socket.close();
    this.#clearTimer();
    this.#connection = 'open';
    this.#openedAt = Date.now();
    this.#version = versions[0]!;
    this.#update();
    this.emit('connect');
    this.#connecting?.resolve();
    this.#connecting = undefined;
    if (!this.#wanted) return;
    this.#relinks = 0;
    this.#relinkUntil = Date.now() + this.#options.reconnect.relinkTimeout;
    this.#askForLink();
  }

  #lost(socket: WebSocketLike, code: number, reason: string) {
    if (socket !== this.#socket) return; // one that was given up must not speak for its successor
    this.#socket = undefined;
    socket.close();
    this.#clearTimer();
    this.#clearLinkTimer();
    this.#stopAckTimer();
    const what = `the connection was lost (${code}${reason && `, ${reason}`})`;
    const wasOpen = this.#connection === 'open' || this.#connection === 'closing';
    const isOver = this.#disconnecting.length > 0 || this.#connecting || finalCloseCodes.includes(code) || !this.#options.reconnect.enabled;
    if (wasOpen && Date.now() - this.#openedAt >= this.#options.reconnect.maxDelay) this.#dials = 0;
    if (this.#farewell && farewellCloseCodes.includes(code) && Date.now() - this.#farewell.at < this.#options.timeouts.close) this.#wanted = this.#farewell.link;
    this.#farewell = undefined;
    if (isOver || this.#dials >= this.#options.reconnect.maxAttempts) return this.#ended(new KrmxError('disconnected', what), wasOpen);
    this.#connection = 'waiting';
    this.#dropLink(new KrmxError('disconnected', what));
    const delay = this.#delayAfter(this.#dials++);
    if (wasOpen) this.emit('close');
    this.emit('reconnecting', delay);
    this.#setTimer(delay, () => this.#redial());
  }

  #redial() {
    this.#clearTimer();
    this.#connection = 'reconnecting';
    this.#dial();
  }

  /** There is no connection any more, and none will be made. */
  #ended(error: KrmxError, wasOpen = false) {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#clearTimer();
    this.#clearLinkTimer();
    globalThis.removeEventListener?.('online', this.#wake);
    this.#connection = 'closed';
    this.#wanted = undefined;
    this.#dropLink(error);
    if (wasOpen) this.emit('close');
    this.#connecting?.reject(error);
    for (const request of this.#disconnecting.splice(0)) request.resolve();
    this.#connecting = undefined;
  }

  /** What becomes of the link when the connection is lost: it goes on with the next one, is made anew on it, or is over. */
  #dropLink(error: KrmxError) {
    const isUnderWay = this.#link === 'unlinking' || this.#link === 'leaving' || this.#link === 'left';
    // One that has been told of its own user is made, though its promise waits for the rest: that comes with the next connection.
    const wasAsked = this.#request !== undefined && !isUnderWay && this.#username === undefined;
    if (isUnderWay || wasAsked) this.#wanted = undefined;
    this.#link = 'none';
    this.#relinkUntil = 0;
    this.#former = undefined;
    this.#update();
    if (!(this.#wanted && this.#session?.isReady)) {
      this.#loseSession({ isGap: false });
      if (this.#username !== undefined) this.#endLink();
    }
    if (!this.#wanted) this.#answer(error);
  }

  // ---- the link ----

  async #askForLink() {
    const wanted = this.#wanted!;
    const socket = this.#socket;
    this.#waitForAnswer(); // for the auth as well, which may never come
    this.#link = 'authenticating';
    this.#update();
    this.emit('linking');
    let auth: string | undefined;
    try {
      auth = typeof wanted.auth === 'function' ? await wanted.auth() : wanted.auth;
    } catch (error) {
      if (this.#socket === socket && this.#wanted === wanted) this.change(() => this.#cannotAuthenticate(error));
      return;
    }
    if (this.#socket === socket && this.#wanted === wanted && this.#link === 'authenticating' && this.#connection === 'open') this.#sendLink(wanted.username, auth);
  }

  #cannotAuthenticate(error: unknown) {
    this.#clearLinkTimer();
    this.#link = 'none';
    if (this.#relinkUntil > Date.now()) {
      this.#options.warn('the auth of the link could not be made', error);
      return this.#askLater();
    }
    this.#refused(new KrmxError('rejected', `the auth of the link could not be made: ${String(error)}`));
  }

  #sendLink(username: string, auth: string | undefined) {
    this.#link = 'asked';
    this.#waitForAnswer();
    const extensions = this.#options.reconnect.resumes ? ['resume'] : ['presence'];
    const goesOn = this.#session && this.#username === username ? this.#session : undefined;
    const resume = this.#options.reconnect.resumes
      ? { key: this.#key, attempt: ++this.#linkAttempts, session: goesOn?.number, received: goesOn?.received }
      : undefined;
    this.#write(writeFrame('krmx/link', { username, version: this.#version, auth, extensions, resume }));
  }

  #askForEnd(what: 'unlink' | 'leave', state: 'unlinking' | 'leaving'): Promise<void> {
    if (!this.#isSending) {
      return Promise.reject(new KrmxError('not-linked', `cannot ${what}: the client is ${this.#status}`));
    }
    return this.#promise(request => {
      this.#answer();
      this.#request = request;
      this.#wanted = undefined; // from here on a lost connection must not bring the user back
      this.#sendOnce({ text: writeFrame(`krmx/${what}`) });
      this.#link = state;
      this.#waitForAnswer();
      this.#update();
      this.emit('unlinking');
    });
  }

  #received(socket: WebSocketLike, data: unknown) {
    if (socket !== this.#socket || this.#connection === 'closing') return;
    const frame = readFrame(data);
    if (!frame) return this.#options.warn('the server sent a frame that is no message');
    if (!frame.isVolatile || isReserved(frame.type)) this.#countReceived(frame, data as string);
    if (!isReserved(frame.type)) {
      if (this.#username === undefined) return this.#violated(frame.type);
      const { type, payload } = frame;
      this.#requests.receive(type, payload);
      this.emit('message', payload === undefined ? { type } : { type, payload });
      return;
    }
    this.#handle(frame);
  }

  #handle({ type, payload }: Frame) {
    switch (type) {
      case 'krmx/accepted': return this.#accepted(payload);
      case 'krmx/rejected': return this.#rejected(reasonOf(payload));
      case 'krmx/joined':
      case 'krmx/linked':
      case 'krmx/unlinked':
      case 'krmx/left': return this.#told(type, member(payload, 'username'));
      case 'krmx/users': return this.#hasPresence ? this.#listed(entries(payload, 'users')) : this.#violated(type);
      case 'krmx/changes': return this.#hasPresence ? this.#changed(entries(payload, 'changes')) : this.#violated(type);
      case 'krmx/count': return this.#hasPresence ? this.#counted(member(payload, 'users'), member(payload, 'linked')) : this.#violated(type);
      case 'krmx/ready': return this.#ready();
      case 'krmx/ack': return this.#acknowledged(payload);
      default: return this.#violated(type);
    }
  }

  #accepted(payload: unknown) {
    if (this.#link !== 'asked') return this.#violated('krmx/accepted');
    this.#relinkUntil = 0;
    const number = member(payload, 'session');
    const received = member(payload, 'received');
    const former = this.#session;
    if (former && member(payload, 'recovered') === true && number === former.number && former.tryGoOn(received)) return this.#recovered();

    this.#link = 'entering';
    this.#update();
    let again: Pending[] = [];
    if (former) {
      // Where the server says what it has handled, the rest is sent again; otherwise nobody knows.
      if (former.tryGoOn(received)) again = former.takePending().filter(pending => pending.message);
      this.#loseSession({ isGap: true });
    }
    if (this.#username !== undefined) this.#endLink();
    const granted = member(payload, 'extensions');
    this.#hasPresence = Array.isArray(granted) && granted.length > 0;
    this.#session = typeof number === 'number' ? new Session(number) : undefined;
    for (const pending of again) this.#session?.add(pending);
    this.#former = undefined;
    this.#users.clear();
    this.#count = undefined;
    this.emit('accept');
  }

  #recovered() {
    this.#clearLinkTimer();
    this.#link = 'linked';
    this.#update();
    this.emit('recover');
    this.#answer();
    this.#flush();
  }

  #rejected(reason: string) {
    if (reason === unlinkedConnection) {
      this.emit('reject', reason);
      if (this.#link === 'left') this.#endLeave();
      return;
    }
    if (this.#link !== 'asked') return void this.emit('reject', reason);
    this.#clearLinkTimer();
    this.#link = 'none';
    const named = /version mismatch \(server=(\d+\.\d+)\./.exec(reason)?.[1];
    const version = named && versions.slice(versions.indexOf(this.#version) + 1).find(known => known.startsWith(`${named}.`));
    if (version) {
      this.#version = version;
      return void this.#askForLink();
    }
    const isConflict = reason === `user ${this.#wanted!.username} is already linked to a connection`;
    if (isConflict && this.#relinkUntil > Date.now()) return this.#askLater();
    this.emit('reject', reason);
    this.#refused(new KrmxError('rejected', reason));
  }

  /** Asks for the same link again after a time. */
  #askLater() {
    this.#update();
    this.#linkTimer = setTimeout(() => this.change(() => this.#askForLink()), this.#delayAfter(this.#relinks++));
  }

  /** The link is not made, and is not asked for again. */
  #refused(error: KrmxError) {
    this.#wanted = undefined;
    this.#relinkUntil = 0;
    if (this.#username !== undefined) {
      this.#loseSession({ isGap: this.#session !== undefined });
      this.#endLink();
    }
    this.#update();
    this.#answer(error);
  }

  // ---- the users ----

  #told(type: string, username: unknown) {
    if (typeof username !== 'string') return this.#violated(type);
    if (type === 'krmx/unlinked' && username === this.#username) return this.#ownUnlinked();
    if (type === 'krmx/left' && username === this.#former) return this.#ownLeft(username);
    if (!this.#isAmongUsers) return this.#violated(`${type} of ${username}`);
    this.#change(type.slice('krmx/'.length), username, undefined);
  }

  #listed(users: unknown[][] | undefined) {
    if (!users) return this.#violated('krmx/users');
    for (const [username, isLinked, meta] of users) {
      if (typeof username !== 'string') continue;
      this.#change('joined', username, undefined);
      this.#change('meta', username, meta);
      if (isLinked === true) this.#change('linked', username, undefined);
    }
  }

  #changed(changes: unknown[][] | undefined) {
    if (!changes) return this.#violated('krmx/changes');
    for (const [change, username, meta] of changes) {
      // The coming and going of the own user is told in messages of their own, when it is true for this connection.
      if (typeof username === 'string' && (username !== (this.#username ?? this.#wanted?.username) || change === 'meta')) this.#change(String(change), username, meta);
    }
  }

  #counted(users: unknown, linked: unknown) {
    if (typeof users !== 'number' || typeof linked !== 'number') return this.#violated('krmx/count');
    if (this.#count?.users === users && this.#count.linked === linked) return;
    this.#count = { users, linked };
    this.emit('count', this.#count);
  }

  /** Takes in a change; one that is known already, from the users as they were sent, is no news. */
  #change(change: string, username: string, meta: unknown) {
    switch (change) {
      case 'joined':
        if (this.#users.tryJoin(username)) this.emit('join', username);
        return;
      case 'linked':
        if (!this.#users.trySetLinked(username, true)) return;
        if (username === this.#wanted?.username && this.#link === 'entering') this.#ownLinked(username);
        this.emit('link', username);
        if (username === this.#username && this.#link === 'linked' && !this.#hasPresence) this.#endArrival();
        return;
      case 'unlinked':
        if (this.#users.trySetLinked(username, false)) this.emit('unlink', username);
        return;
      case 'left':
        if (this.#users.tryLeave(username)) this.emit('leave', username);
        return;
      case 'meta':
        if (this.#users.trySetMeta(username, meta ?? undefined)) this.emit('meta', username, meta ?? undefined);
        return;
      default:
        this.#violated(`a change '${change}'`);
    }
  }

  #ownLinked(username: string) {
    this.#username = username;
    this.#link = this.#hasPresence ? 'arriving' : 'linked';
    this.#update();
    this.#flush();
  }

  #ready() {
    if (!this.#hasPresence || this.#username === undefined) return this.#violated('krmx/ready');
    if (this.#session) this.#session.isReady = true;
    if (this.#link !== 'arriving') return;
    this.#link = 'linked';
    this.#endArrival();
  }

  /** A newcomer has been told all. */
  #endArrival() {
    this.#clearLinkTimer();
    this.#answer();
  }

  #ownUnlinked() {
    const wasAsked = this.#link;
    const link = this.#wanted;
    this.#former = this.#username;
    this.#wanted = undefined;
    if (link) this.#farewell = { link, at: Date.now() };
    this.#link = wasAsked === 'leaving' ? 'left' : 'none';
    this.#loseSession({ isGap: false });
    if (this.#link === 'none') this.#clearLinkTimer();
    this.#endLink();
    if (this.#link === 'none') this.#answer(wasAsked === 'unlinking' ? undefined : new KrmxError('rejected', 'the server ended the link before it was complete'));
  }

  #ownLeft(username: string) {
    this.#former = undefined;
    if (this.#link === 'left') this.#endLeave();
    this.emit('leave', username);
  }

  #endLeave() {
    this.#link = 'none';
    this.#clearLinkTimer();
    this.#update();
    this.#answer();
  }

  #endLink() {
    const username = this.#username!;
    this.#comesBack = this.#wanted?.username === username;
    this.#username = undefined;
    this.#hasPresence = false;
    this.#users.clear();
    this.#count = undefined;
    this.#requests.end();
    this.#update();
    this.emit('unlink', username);
  }

  // ---- the session ----

  get #isAmongUsers() {
    return this.#link === 'entering' || this.#isSending || this.#link === 'unlinking' || this.#link === 'leaving';
  }

  /** Whether there is a connection on which the link is made. */
  get #isSending() {
    return this.#connection === 'open' && (this.#link === 'arriving' || this.#link === 'linked');
  }

  get #canSend() {
    const goesOn = this.#wanted !== undefined && this.#session?.isReady === true;
    return this.#username !== undefined && this.#connection !== 'closing' && (this.#isSending || goesOn);
  }

  #demandSendable(type: string) {
    if (isReserved(type)) throw new KrmxError('invalid', `cannot send '${type}': types that begin with krmx/ belong to the protocol`);
    if (!this.#canSend) throw new KrmxError('not-linked', `cannot send '${type}': the client is ${this.#status}`);
  }

  #sendBounded(type: string, pending: Pending) {
    if ((this.#session?.pendingLength ?? this.#socket!.bufferedAmount) + pending.text.length > this.#options.maxPendingLength) {
      throw new KrmxError('queue-full', `cannot send '${type}': ${this.#options.maxPendingLength} characters wait for the server already`);
    }
    this.#sendOnce(pending);
  }

  /** Sends a frame once, whatever becomes of connections, where the link has a session. */
  #sendOnce(pending: Pending) {
    if (!this.#session) return this.#write(pending.text);
    this.#session.add(pending);
    if (this.#isSending) this.#flush();
  }

  #flush() {
    for (const { text } of this.#session?.takeUnsent() ?? []) this.#write(text);
  }

  #write(text: string) {
    this.#socket!.send(text);
  }

  #countReceived({ type }: Frame, text: string) {
    const session = this.#session;
    if (!session?.isReady || type === 'krmx/accepted' || type === 'krmx/rejected' || type === 'krmx/ack') return;
    session.received++;
    session.lengthUntold += text.length;
    if (session.received - session.told >= messagesBetweenAcks || session.lengthUntold >= lengthBetweenAcks) this.#sendAck();
    else this.#ackTimer ??= setTimeout(() => this.#sendAck(), ackDelay);
  }

  #sendAck() {
    this.#stopAckTimer();
    const session = this.#session;
    if (!session || !this.#isSending) return;
    session.told = session.received;
    session.lengthUntold = 0;
    this.#write(writeFrame('krmx/ack', { received: session.received, sent: session.sent }));
  }

  #acknowledged(payload: unknown) {
    if (!this.#options.reconnect.resumes) return this.#violated('krmx/ack');
    if (!this.#session) return; // it was on its way when the session ended
    if (member(payload, 'sent') === this.#session.received && this.#session.tryConfirm(member(payload, 'received'))) return;
    // One of the two has lost count, so the link can go on, and no other connection can take it up.
    this.#violated('krmx/ack that does not fit');
    this.#loseSession({ isGap: false });
  }

  /** The session is over; that is told where something is missed, or messages are lost that may have been handled. */
  #loseSession({ isGap }: { isGap: boolean }) {
    this.#stopAckTimer();
    const unconfirmed = (this.#session?.takePending() ?? []).flatMap(({ message }) => message ?? []);
    this.#session = undefined;
    if (isGap || unconfirmed.length > 0) this.emit('gap', { unconfirmed });
  }

  // ---- small things ----

  /** Begins something that is answered later. */
  #promise(begin: (request: Request) => void): Promise<void> {
    return new Promise((resolve, reject) => this.change(() => begin({ resolve, reject })));
  }

  /** Answers what was asked for, if anything was. */
  #answer(error?: KrmxError) {
    const request = this.#request;
    this.#request = undefined;
    if (error) request?.reject(error);
    else request?.resolve();
  }

  #violated(what: string) {
    this.#options.warn(`the server sent what does not fit: ${what}`);
  }

  #update() {
    const status = this.#statusNow();
    if (status === this.#status) return;
    this.#status = status;
    this.emit('status', status);
  }

  #statusNow(): Status {
    if (this.#connection === 'waiting') return 'reconnecting';
    if (this.#connection !== 'open') return this.#connection;
    switch (this.#link) {
      case 'none': return this.#username === undefined ? 'connected' : 'reconnecting';
      case 'authenticating':
      case 'asked': return this.#username === undefined ? 'linking' : 'reconnecting';
      case 'entering': return 'linking';
      case 'arriving':
      case 'linked': return 'linked';
      default: return 'unlinking';
    }
  }

  /** How long to wait after so many attempts: longer with each, and at random, so that the clients of a server that restarts do not all come at once. */
  #delayAfter(attempts: number): number {
    const { minDelay, maxDelay } = this.#options.reconnect;
    return Math.random() * Math.min(maxDelay, minDelay * 2 ** attempts);
  }

  #setTimer(delay: number, action: () => void) {
    this.#clearTimer();
    this.#timer = setTimeout(() => this.change(action), delay);
  }

  #clearTimer() {
    clearTimeout(this.#timer);
  }

  #waitForAnswer() {
    this.#clearLinkTimer();
    this.#linkTimer = setTimeout(
      () => this.change(() => this.#lost(this.#socket!, 1006, 'the server did not answer')), this.#options.timeouts.request);
  }

  #clearLinkTimer() {
    clearTimeout(this.#linkTimer);
  }

  #stopAckTimer() {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
  }
}
