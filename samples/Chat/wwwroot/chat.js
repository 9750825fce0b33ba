// The page: shows what the client tells, and sends what the user asks. All text of others goes in through textContent.
import { createClient } from './_content/Krmx.AspNetCore/krmx.js';
import { CutOffSocket } from './cut-off.js';
import { create, createAvatar } from './elements.js';
import { ChatLog } from './log.js';
import { isLoginNeeded, logIn } from './login.js';

const FLASH_TIME = 4_000;
// Long enough to write something meanwhile.
const DROP_TIME = 15_000;
// For how long it may take until the server says that an unlink nobody asked for was a kick, or that it closes.
const SETTLE_TIME = 150;
const NAME_KEY = 'krmx-chat-username';

const ENDINGS = {
  unlink: ['You stepped away.', 'The room keeps your place. Join again to go on.'],
  leave: ['You left.', 'The room has forgotten you. Join it anew whenever you like.'],
  unlinked: ['You are away.', 'The room keeps your place. Join again to go on.'],
  stopped: ['Reconnecting stopped.', 'You are away. Join again to go on.'],
  kicked: ['You were kicked.', 'The host removed you from the room.'],
};

const CHANGES = { join: 'joined', link: 'is back', unlink: 'is away', leave: 'left' };

const $ = id => document.getElementById(id);
const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/krmx`;
const log = new ChatLog($('log'), $('to-latest'));
const client = createClient({ webSocket: CutOffSocket });

let inChat = false;
// The name that was asked for.
let me = null;
let hasLogin = false;
let isLoggingIn = false;
// Whether there was ever a connection, and how often in a row there was none.
let wasConnected = false;
let failures = 0;
// When the next try is due (as Date.now()); null unless waiting for it.
let retryAt = null;
let retryTimer;
// What was asked to end the link: unlink, leave or stopped; null for nothing.
let asked = null;
let settleTimer = null;
// While the server tells what was said before: what is known of the link. Otherwise null.
let arrival = null;
// Messages of which nobody knows whether they arrived.
let unconfirmed = [];
let lastJoined = null;
let unread = 0;
let flashTimer;

// ---- the connection ----

/** Connects, and tries again until it succeeds; from then on the client does so itself. */
function connect() {
  clearTimeout(retryTimer);
  retryAt = null;
  client.connect(url).catch(() => { /* `closed` is handled below */ });
}

client.on('status', status => {
  if (status !== 'closed') return render();
  if (asked === 'stopped') {
    connect();
  } else {
    const delay = Math.min(15_000, 1_000 * 2 ** failures++) * Math.random();
    retryAt = Date.now() + delay;
    retryTimer = setTimeout(connect, delay);
  }
  render();
});

client.on('connect', () => {
  wasConnected = true;
  failures = 0;
  retryAt = null;
});

client.on('reconnecting', delay => {
  if (inChat && retryAt === null) log.addSystem('Connection lost', 'lost');
  clearTimeout(settleTimer);
  settleTimer = null;
  retryAt = Date.now() + delay;
  render();
});

// The server tells all of it anew.
client.on('accept', () => {
  arrival = { again: inChat, unconfirmed };
  unconfirmed = [];
  log.clearWaiting();
  log.clear();
  $('users').replaceChildren();
});

client.on('recover', () => {
  log.clearWaiting();
  log.addSystem('Back again – nothing was missed', 'linked');
  flash('Back again – nothing was missed');
});

client.on('gap', gap => unconfirmed = gap.unconfirmed);

function arrive() {
  const { again, unconfirmed } = arrival;
  arrival = null;
  log.addSystem(again ? 'Back again' : `You are here as ${client.getUsername()}`, 'linked');
  for (const { type, payload } of unconfirmed) {
    if (type === 'chat/message') log.addSystem(`Nobody knows whether this arrived: ${payload}`, 'lost');
  }
}

client.on('reject', reason => {
  if (client.getStatus() === 'linked') return;
  if (inChat) log.addSystem('Could not come back', 'unlinked');
  // What the server says of a token that is too old, or that it does not know since it started anew.
  const isLoginOver = hasLogin && reason === 'the token is invalid or has expired';
  show('form');
  if (isLoginOver) explain(`Your login has expired. Log in again to go on as ${$('username').value}.`, '');
  else explain('', reason);
  $(isLoginOver ? 'password' : 'username').select();
});

function end(how) {
  clearTimeout(settleTimer);
  settleTimer = asked = null;
  const [what, meaning] = ENDINGS[how];
  log.addSystem(what.replace('.', ''), 'unlinked');
  show('form');
  explain(`${what} ${meaning}`, '');
  announce(what);
  render();
}

for (const event of Object.keys(CHANGES)) client.on(event, username => tellOf(event, username));

function tellOf(event, username) {
  renderUser(username);
  renderHost();
  if (username === me) return tellOfMyself(event);
  // Who joins is here a moment later, which goes without saying.
  const isJoining = event === 'link' && username === lastJoined;
  lastJoined = event === 'join' ? username : null;
  if (!arrival && !isJoining) log.addSystem(`${username} ${CHANGES[event]}`, { join: 'joined', link: 'linked', unlink: 'unlinked', leave: 'left' }[event]);
}

function tellOfMyself(event) {
  const status = client.getStatus();
  if (event === 'link') {
    if (inChat) flash('Back again');
    remember(client.getUsername());
    explain('', '');
    if (!inChat) show('chat');
  } else if (event === 'unlink' && asked === 'stopped') {
    end('stopped');
  } else if (status === 'connected' && inChat) {
    if (asked === (event === 'unlink' ? 'unlink' : 'leave')) return end(asked);
    clearTimeout(settleTimer);
    settleTimer = setTimeout(() => end(event === 'unlink' ? 'unlinked' : 'kicked'), SETTLE_TIME);
  }
}

client.on('message', ({ type, payload }) => {
  if (type === 'chat/messaged' && typeof payload?.username === 'string' && typeof payload?.text === 'string') {
    const isMine = payload.username === client.getUsername();
    // Nobody says when it was that something was said before.
    log.addMessage(payload.username, payload.text, isMine, arrival ? null : new Date());
    if (document.hidden && !isMine && !arrival) setUnread(unread + 1);
  } else if (type === 'chat/welcome' && arrival) {
    arrive();
  }
});

// ---- what the user does ----

$('join-form').addEventListener('submit', async event => {
  event.preventDefault();
  if (client.getStatus() !== 'connected' || isLoggingIn) return;
  explain('', '');
  const username = $('username').value.trim();
  if (!hasLogin) return link(username);

  isLoggingIn = true;
  render();
  const { token, reason } = await logIn(username, $('password').value);
  isLoggingIn = false;
  render();
  if (token === undefined) {
    explain('', reason);
    $('password').select();
  } else {
    $('password').value = '';
    link(username, token);
  }
});

/** What becomes of it is told by events. */
function link(username, auth) {
  me = username;
  client.link(username, auth).catch(() => {});
}

$('message-form').addEventListener('submit', event => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (!text || !canSend()) return;
  client.send({ type: 'chat/message', payload: text });
  if (client.getStatus() !== 'linked') log.addWaiting(text);
  $('text').value = '';
  fitText();
  log.pin();
});

$('text').addEventListener('input', fitText);
$('text').addEventListener('keydown', event => {
  // While an input method composes a word, Enter belongs to it.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('message-form').requestSubmit();
});

$('users').addEventListener('click', event => {
  const username = event.target.closest('[data-kick]')?.dataset.kick;
  if (username !== undefined && client.getStatus() === 'linked') client.send({ type: 'chat/kick', payload: username });
});

$('unlink').addEventListener('click', () => ask('unlink', () => client.unlink()));
$('leave').addEventListener('click', () => ask('leave', () => client.leave()));
$('drop').addEventListener('click', () => {
  if (client.getStatus() === 'linked') CutOffSocket.cutOff(DROP_TIME, () => client.retryNow());
});
$('retry').addEventListener('click', retryNow);
$('give-up').addEventListener('click', () => {
  if (client.getStatus() === 'linked') return;
  asked = 'stopped';
  // A link that is not made yet has nobody to be told of.
  if (client.getUsername() === undefined) end('stopped');
  client.disconnect(true);
  connect();
});
$('to-latest').addEventListener('click', () => log.pin());

addEventListener('online', retryNow);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  setUnread(0);
  retryNow();
});

/** Ends the link; where the server does not answer, the connection is given up, and so is the user. */
function ask(what, call) {
  if (client.getStatus() !== 'linked') return;
  asked = what;
  call().catch(() => asked === what && end(what));
}

function retryNow() {
  CutOffSocket.restore();
  if (client.getStatus() === 'closed') connect();
  else client.retryNow();
}

// ---- the status ----

/** Null, 'lost' (a connection broke) or 'unreachable' (there never was one). */
function trouble() {
  const status = client.getStatus();
  const isComingBack = inChat && settleTimer === null && asked === null && (status === 'connected' || status === 'linking');
  if (status === 'reconnecting' || isComingBack) return 'lost';
  return failures === 0 ? null : wasConnected ? 'lost' : 'unreachable';
}

/** Whether what is sent arrives: now, or once the connection is back. */
function canSend() {
  const status = client.getStatus();
  return status === 'linked' || (status === 'reconnecting' && client.getUsername() !== undefined);
}

function render() {
  const status = client.getStatus();
  const shown = { initializing: 'offline', reconnecting: 'offline', closing: 'offline', closed: 'offline', unlinking: 'linked' }[status] ?? status;
  document.body.dataset.status = shown;
  const isLinked = shown === 'linked';
  // Not `disabled`: that would take the focus away from a button just pressed.
  for (const id of ['unlink', 'leave', 'drop']) $(id).setAttribute('aria-disabled', !isLinked);
  $('send').setAttribute('aria-disabled', !canSend());
  for (const button of document.querySelectorAll('[data-kick]')) button.setAttribute('aria-disabled', !isLinked);
  $('text').placeholder = isLinked ? 'Write a message' : canSend() ? 'Sent when you are back' : 'You can draft meanwhile';
  $('whoami').textContent = trouble() ? `Coming back as ${me}…` : `You are ${me}`;

  $('join-button').disabled = shown !== 'connected' || isLoggingIn;
  const join = hasLogin ? 'Log in' : 'Join';
  $('join-button').textContent = isLoggingIn ? 'Logging in…' : { connected: join, linking: 'Joining…' }[shown] ?? 'Waiting for the server…';
  $('server-state').textContent = {
    offline: `${location.host} does not answer`,
    connecting: `Connecting to ${location.host}…`,
  }[shown] ?? `Connected to ${location.host}`;
  renderBanner();
}

function renderBanner() {
  const kind = trouble();
  if (kind) {
    const lost = canSend() ? 'Connection lost – you can go on writing' : 'Connection lost – reconnecting…';
    setBanner(kind, kind === 'lost' ? lost : 'Server not reachable – retrying…');
  } else if ($('connection-banner').dataset.kind !== 'good') {
    const wasTrouble = $('connection-banner').dataset.kind;
    setBanner('', '');
    if (wasTrouble && client.getStatus() === 'connected' && !inChat) flash('Connected again');
  }
  $('banner-detail').textContent = retryAt === null ? '' : countdown();
  $('retry').hidden = retryAt === null;
  $('give-up').hidden = !(kind && inChat);
}

function countdown() {
  return `next try in ${Math.max(1, Math.ceil((retryAt - Date.now()) / 1000))} s`;
}

setInterval(() => retryAt !== null && renderBanner(), 500);

function setBanner(kind, text) {
  const banner = $('connection-banner');
  if (banner.dataset.kind === kind && $('banner-text').textContent === text) return;
  clearTimeout(flashTimer);
  banner.dataset.kind = kind;
  banner.hidden = !kind;
  $('banner-text').textContent = text;
  if (text) announce(text);
}

function flash(text) {
  setBanner('good', text);
  flashTimer = setTimeout(() => setBanner('', ''), FLASH_TIME);
}

function announce(text) {
  $('announcer').textContent = text;
}

function show(view) {
  inChat = view === 'chat';
  $('join-view').hidden = inChat;
  $('chat-view').hidden = !inChat;
  if (inChat) {
    log.pin();
    $('text').focus();
  } else {
    // The button is disabled while linking, so the focus would be lost there.
    $('username').focus();
  }
}

function explain(notice, rejection) {
  $('notice').textContent = notice;
  $('notice').hidden = !notice;
  $('rejection').textContent = rejection;
  // With a login it may be the password.
  $('username').setAttribute('aria-invalid', rejection !== '' && !hasLogin);
}

// ---- the users ----

function renderUser(username) {
  const items = $('users');
  const users = client.getUsers();
  const user = users.find(user => user.username === username);
  let item = [...items.children].find(li => li.dataset.username === username);
  if (!user) {
    item?.remove();
  } else {
    if (!item) items.append(item = createUser(username));
    item.dataset.linked = user.isLinked;
    item.querySelector('.state').textContent = user.isLinked ? 'here' : 'away';
  }
  $('users-count').textContent = `${users.filter(user => user.isLinked).length} of ${users.length} here`;
}

/** The host is, of those who are here, the one who joined first: the server goes by the same rule. */
function renderHost() {
  const host = client.getUsers().find(user => user.isLinked)?.username;
  document.body.toggleAttribute('data-is-host', host !== undefined && host === client.getUsername());
  for (const item of $('users').children) item.toggleAttribute('data-host', item.dataset.username === host);
}

function createUser(username) {
  const isMe = username === me;
  const item = create('li');
  item.dataset.username = username;
  const label = create('span', 'label');
  const name = create('span', 'name', username);
  name.dir = 'auto';
  name.title = username;
  label.append(name, create('span', 'state'));
  const host = create('span', 'host', 'host');
  host.title = 'Of all who are here, the first who joined: may kick';
  item.append(createAvatar(username), label, host);
  if (isMe) {
    item.append(create('span', 'you', 'you'));
  } else {
    const kick = create('button', 'kick', 'Kick');
    kick.type = 'button';
    kick.dataset.kick = username;
    kick.setAttribute('aria-label', `Kick ${username}`);
    item.append(kick);
  }
  return item;
}

// ---- small things ----

function fitText() {
  $('text').style.height = 'auto';
  $('text').style.height = `${$('text').scrollHeight}px`;
}

function setUnread(count) {
  unread = count;
  document.title = count ? `(${count}) Krmx Chat` : 'Krmx Chat';
}

// Storage may be switched off; the name is a convenience only.
function remember(username) {
  try {
    localStorage.setItem(NAME_KEY, username);
  } catch { /* then it is typed again */ }
}

function recall() {
  try {
    return localStorage.getItem(NAME_KEY) ?? '';
  } catch {
    return '';
  }
}

// Before anything is waited for, as somebody may type meanwhile.
$('username').value = recall();
$('username').focus();
hasLogin = await isLoginNeeded();
document.body.toggleAttribute('data-login', hasLogin);
$('password-field').hidden = !hasLogin;
connect();
