// A small Krmx client for the browser: one WebSocket, one user, automatic reconnect. After a lost connection the link goes on where it left
// off (docs/protocol.md, section 10, "Resume"); where the server cannot do that, it is made anew.
// It knows nothing of the page. Events (as CustomEvent, data in `detail`):
//   change                                        the status, or what is known of the trouble, changed
//   linked    {username, again, recovered, unconfirmed}
//                                                 the link succeeded; `again` after a lost connection, and `recovered` where nothing is missed
//                                                 or doubled; `unconfirmed` are messages sent of which nobody knows whether they arrived
//   presence  {change, username, isSnapshot}      joined, linked, unlinked or left
//   message   {type, payload}                     a message of the application
//   rejected  {reason}                            the link was refused
//   lost      {}                                  the connection broke; it is being retried, and this is said once
//   ended     {how}                               unlinked or left, asked (unlink, leave, stopped) or not (unlinked, kicked)

import { Session } from './session.js';

const VERSION = '0.6.0';

const CONNECT_TIMEOUT = 10_000;
// Longer than the server's own limit for authentication, so that its answer comes first.
const LINK_TIMEOUT = 15_000;
// For the answer to an unlink or a leave; without one the connection is given up.
const END_TIMEOUT = 5_000;
const RETRY_BASE = 1_000;
const RETRY_MAX = 15_000;
// After a drop the server may hold the old connection for a while, and refuses the name until it notices.
const CONFLICT_RETRIES = 5;
// No frame ends the snapshot that follows `accepted`; it comes in one burst, so a pause does.
const SNAPSHOT_PAUSE = 250;
// After so many messages, or so long after the first of them, the server is told that they were received.
const ACK_COUNT = 1024;
const ACK_TIME = 1_000;
// An unlink nobody asked for may turn out to be a kick (`left` follows) or a closing server (the socket closes).
const SETTLE_TIME = 150;

export class KrmxConnection extends EventTarget {
  /** offline, connecting, connected, linking or linked. */
  status = 'offline';
  /** The user this connection is linked to, or will be again once the connection is back; otherwise null. */
  username = null;
  /** Every user the server told of, in join order: name → is linked. */
  users = new Map();
  /** Null, 'lost' (a connection broke) or 'unreachable' (there never was one). */
  trouble = null;
  /** When the next try is due (as Date.now()); null unless waiting for it. */
  retryAt = null;
  /** True while the wait is for the server to let go of the old connection, not for the network. */
  isNameHeld = false;

  #url;
  #socket = null;
  #wanted = null;
  #auth;
  #asked = null;
  #wasOpen = false;
  #isRelink = false;
  #attempts = 0;
  #conflicts = 0;
  // By this the server knows this client again; it proves nothing.
  #key = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
  #linkAttempts = 0;
  // Null where the link has none.
  #session = null;
  #lastJoined = null;
  #inSnapshot = false;
  // The status decides what this timer is for: the next try, or the limit of what is under way.
  #timer;
  #snapshotTimer;
  #settleTimer;
  #ackTimer;

  constructor(url) {
    super();
    this.#url = url;
  }

  connect() {
    if (this.#socket) return;
    const socket = this.#socket = new WebSocket(this.#url);
    // A socket that was given up must not speak for its successor.
    const on = (type, handler) => socket.addEventListener(type, event => socket === this.#socket && handler(event));
    on('open', () => this.#opened());
    on('message', event => this.#received(event.data));
    on('close', () => this.#lost());
    this.#setTimer(CONNECT_TIMEOUT, () => this.#lost());
    this.#setStatus('connecting');
  }

  /** Links, and links again after a drop; `auth` is what proves the user to the server, where it asks for that. */
  link(username, auth) {
    if (this.status !== 'connected') return;
    this.#wanted = username;
    this.#auth = auth;
    this.#isRelink = false;
    this.#conflicts = 0;
    this.#requestLink();
  }

  unlink() {
    this.#ask('unlink');
  }

  leave() {
    this.#ask('leave');
  }

  /** Whether what is sent arrives: now, or once the connection is back. */
  get canSend() {
    return this.status === 'linked' || (this.trouble === 'lost' && this.#session !== null);
  }

  /** Sends a message of the application; false if it cannot, because the user is not linked. */
  send(type, payload) {
    if (type.startsWith('krmx/')) throw new Error('Types that start with krmx/ belong to the protocol.');
    if (!this.canSend) return false;
    this.#sendOnce({ type, payload });
    return true;
  }

  /** Closes the socket without a word, as a broken network would, and comes back after a time. */
  drop(time) {
    if (this.#socket) this.#lost(time);
  }

  /** Does not wait for the next try. */
  retryNow() {
    if (this.retryAt === null) return;
    if (this.status === 'offline') this.connect();
    else this.#requestLink();
  }

  /** Stays connected, or goes on connecting, but no longer wants the user back. */
  giveUp() {
    if (!this.#wanted || this.status === 'linked') return;
    // An answer to a link request already sent must not link a user who is no longer wanted.
    if (this.status === 'linking') this.#lost();
    else if (this.status === 'connected') this.#clearTimer();
    this.#end('stopped');
  }

  #opened() {
    this.#wasOpen = true;
    this.#clearTimer();
    if (this.#wanted) return this.#requestLink();
    this.#attempts = 0;
    this.trouble = null;
    this.#setStatus('connected');
  }

  #requestLink() {
    this.#setTimer(LINK_TIMEOUT, () => this.#lost());
    const { number: session, isReady, received } = this.#session ?? {};
    const resume = { key: this.#key, attempt: ++this.#linkAttempts, session, received: isReady ? received : undefined };
    this.#write('krmx/link', { username: this.#wanted, version: VERSION, auth: this.#auth, extensions: ['resume'], resume });
    this.#setStatus('linking');
  }

  #ask(what) {
    if (this.status !== 'linked' || this.#asked) return;
    this.#asked = what;
    // From here on a drop must not bring the user back.
    this.#wanted = null;
    this.#sendOnce({ type: `krmx/${what}` });
    this.#setTimer(END_TIMEOUT, () => this.#lost());
  }

  #received(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (typeof message?.type !== 'string') return;
    const { type, payload } = message;
    if (message.volatile !== true) this.#count(type);
    switch (type) {
      case 'krmx/accepted': return this.#accepted(payload);
      case 'krmx/rejected': return this.#rejected(String(payload?.reason ?? 'no reason given'));
      case 'krmx/joined':
      case 'krmx/linked':
      case 'krmx/unlinked':
      case 'krmx/left': return this.#presence(type.slice('krmx/'.length), payload?.username);
      case 'krmx/users': return this.#listed(payload?.users ?? []);
      case 'krmx/changes': return this.#changed(payload?.changes ?? []);
      case 'krmx/ready':
        if (this.#session) this.#session.isReady = true;
        return;
      case 'krmx/ack': return this.#acknowledged(payload);
    }
    if (!type.startsWith('krmx/')) this.#emit('message', { type, payload });
  }

  #accepted(payload) {
    if (this.status !== 'linking') return;
    const { session: number, recovered = false, received } = payload ?? {};
    const again = this.username !== null;
    // Where the server says what it has handled, the rest is sent again; otherwise nobody knows.
    const isKnown = this.#session?.goOn(received) ?? false;
    const pending = this.#session?.pending ?? [];
    this.#clearTimer();
    this.#attempts = this.#conflicts = 0;
    this.#isRelink = this.isNameHeld = false;
    this.trouble = null;
    this.username = this.#wanted;
    if (!recovered) {
      this.#session = number === undefined ? null : new Session(number, isKnown ? pending : []);
      this.users.clear();
      this.#lastJoined = null;
      this.#continueSnapshot();
    }
    this.#emit('linked', { username: this.username, again, recovered, unconfirmed: isKnown ? [] : pending });
    this.#setStatus('linked');
    this.#flush();
  }

  #rejected(reason) {
    // "unlinked connection" answers a message that crossed with an unlink, never a link request.
    if (this.status !== 'linking' || reason === 'unlinked connection') return;
    this.#clearTimer();
    if (this.#isRelink && reason.includes('already linked') && this.#conflicts < CONFLICT_RETRIES) {
      this.isNameHeld = true;
      this.#retryIn(backoff(this.#conflicts++), () => this.#requestLink());
      this.#setStatus('connected');
      return;
    }
    this.#forget();
    this.#emit('rejected', { reason });
    this.#setStatus('connected');
  }

  // ---- the session ----

  /** Sends a message once, whatever becomes of connections, where the link has a session. */
  #sendOnce(message) {
    if (!this.#session) return this.#write(message.type, message.payload);
    this.#session.add(message);
    if (this.status === 'linked') this.#flush();
  }

  #flush() {
    for (const { type, payload } of this.#session?.takeUnsent() ?? []) this.#write(type, payload);
  }

  #count(type) {
    const session = this.#session;
    if (this.status !== 'linked' || !session?.isReady || type === 'krmx/rejected' || type === 'krmx/ack') return;
    session.received++;
    if (session.received - session.told >= ACK_COUNT) this.#sendAck();
    else this.#ackTimer ??= setTimeout(() => this.#sendAck(), ACK_TIME);
  }

  #sendAck() {
    this.#stopAckTimer();
    const session = this.#session;
    if (this.status !== 'linked' || !session) return;
    session.told = session.received;
    this.#write('krmx/ack', { received: session.received, sent: session.sent });
  }

  #stopAckTimer() {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
  }

  #acknowledged(payload) {
    // Where the two have lost count, this link is good as it is, and the next one is made anew.
    const isRight = payload?.sent === this.#session?.received && this.#session?.confirm(payload?.received);
    if (!isRight) this.#session = null;
  }

  // ---- the users ----

  /** The users as they are. */
  #listed(users) {
    for (const [username, isLinked] of users) {
      this.#change('joined', username, true);
      if (isLinked) this.#change('linked', username, true);
    }
  }

  /** What became of users. The own one is told of in messages of its own, and what is known already is no news. */
  #changed(changes) {
    for (const [change, username] of changes) {
      const isKnown = {
        joined: this.users.has(username),
        linked: this.users.get(username) === true,
        unlinked: this.users.get(username) !== true,
        left: !this.users.has(username),
      }[change] ?? true;
      if (username !== this.username && !isKnown) this.#change(change, username, false);
    }
  }

  /** What a server tells that grants no session: one change at a time. */
  #presence(change, username) {
    if (typeof username !== 'string') return;
    // A snapshot is `joined x`, then `linked x` if x is linked, for each user; anything else is news.
    const isSnapshot = this.#inSnapshot && (change === 'joined'
      ? !this.users.has(username)
      : change === 'linked' && username === this.#lastJoined);
    if (isSnapshot) this.#continueSnapshot();
    else this.#inSnapshot = false;
    if (change === 'joined') this.#lastJoined = username;
    this.#change(change, username, isSnapshot);

    if (username !== this.username) return;
    if (change === 'unlinked') {
      this.#clearTimer();
      this.#setStatus('connected');
      if (this.#asked === 'unlink') this.#end('unlink');
      else if (!this.#asked) this.#settle('unlinked');
    } else if (change === 'left') {
      if (this.#asked) this.#end('leave');
      else this.#settle('kicked');
    }
  }

  #change(change, username, isSnapshot) {
    if (change === 'left') this.users.delete(username);
    else this.users.set(username, change === 'linked');
    this.#emit('presence', { change, username, isSnapshot });
  }

  #continueSnapshot() {
    this.#inSnapshot = true;
    clearTimeout(this.#snapshotTimer);
    this.#snapshotTimer = setTimeout(() => this.#inSnapshot = false, SNAPSHOT_PAUSE);
  }

  #settle(how) {
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(() => this.#end(how), SETTLE_TIME);
  }

  #end(how) {
    this.#forget();
    this.#emit('ended', { how });
    this.#emit('change');
  }

  #forget() {
    clearTimeout(this.#settleTimer);
    this.#stopAckTimer();
    this.username = this.#wanted = this.#asked = this.#session = null;
    this.#isRelink = this.isNameHeld = false;
    this.users.clear();
    if (this.status === 'connected' || this.status === 'linking') this.trouble = null;
  }

  #lost(delay = backoff(this.#attempts++)) {
    const socket = this.#socket;
    const isNews = this.trouble === null;
    this.#socket = null;
    socket.close();
    clearTimeout(this.#settleTimer);
    this.#stopAckTimer();
    this.trouble = this.#wasOpen ? 'lost' : 'unreachable';
    this.isNameHeld = false;
    this.#isRelink = this.#wanted !== null;
    this.#retryIn(delay, () => this.connect());
    if (isNews) this.#emit('lost', {});
    this.#setStatus('offline');
    if (this.#asked) this.#end(this.#asked);
  }

  #write(type, payload) {
    this.#socket.send(JSON.stringify({ type, payload }));
  }

  #retryIn(delay, action) {
    this.#setTimer(delay, action);
    this.retryAt = Date.now() + delay;
  }

  #setTimer(delay, action) {
    this.#clearTimer();
    this.#timer = setTimeout(action, delay);
  }

  #clearTimer() {
    clearTimeout(this.#timer);
    this.retryAt = null;
  }

  #setStatus(status) {
    this.status = status;
    this.#emit('change');
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// Exponential, and with jitter so that the clients of a restarted server do not all come back at the same moment.
function backoff(attempt) {
  return Math.min(RETRY_MAX, RETRY_BASE * 2 ** attempt) * (0.5 + Math.random() / 2);
}
