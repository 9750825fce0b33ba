// The page: shows what the connection tells, and sends what the user asks. All text of others goes in through textContent.
import { ChatLog } from './log.js';
import { create, createAvatar } from './elements.js';
import { KrmxConnection } from './krmx.js';
import { isLoginNeeded, logIn } from './login.js';

const FLASH_TIME = 4_000;
// Long enough to write something meanwhile.
const DROP_TIME = 15_000;
const NAME_KEY = 'krmx-chat-username';

const ENDINGS = {
  unlink: ['You stepped away.', 'The room keeps your place. Join again to go on.'],
  leave: ['You left.', 'The room has forgotten you. Join it anew whenever you like.'],
  unlinked: ['You are away.', 'The room keeps your place. Join again to go on.'],
  stopped: ['Reconnecting stopped.', 'You are away. Join again to go on.'],
  kicked: ['You were kicked.', 'The host removed you from the room.'],
};

const CHANGES = { joined: 'joined', linked: 'is back', unlinked: 'is away', left: 'left' };

const $ = id => document.getElementById(id);
const log = new ChatLog($('log'), $('to-latest'));
const connection = new KrmxConnection(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/krmx`);

let inChat = false;
let hasLogin = false;
let isLoggingIn = false;
// While the server tells what was said before: what is known of the link. Otherwise null.
let arrival = null;
let lastJoined = null;
let unread = 0;
let flashTimer;

// ---- the connection ----

connection.addEventListener('change', render);

connection.addEventListener('linked', ({ detail }) => {
  const { username, again, recovered } = detail;
  log.clearWaiting();
  if (recovered) {
    log.addSystem('Back again – nothing was missed', 'linked');
  } else {
    // The server tells all of it anew.
    arrival = detail;
    log.clear();
    $('users').replaceChildren();
  }
  if (again) flash(recovered ? 'Back again – nothing was missed' : 'Back again');
  remember(username);
  explain('', '');
  if (!inChat) show('chat');
});

function arrive({ username, again, unconfirmed }) {
  log.addSystem(again ? 'Back again' : `You are here as ${username}`, 'linked');
  for (const { type, payload } of unconfirmed) {
    if (type === 'chat/message') log.addSystem(`Nobody knows whether this arrived: ${payload}`, 'lost');
  }
}

connection.addEventListener('rejected', ({ detail: { reason } }) => {
  if (inChat) log.addSystem('Could not come back', 'unlinked');
  // What the server says of a token that is too old, or that it does not know since it started anew.
  const isLoginOver = hasLogin && reason === 'the token is invalid or has expired';
  show('form');
  if (isLoginOver) explain(`Your login has expired. Log in again to go on as ${$('username').value}.`, '');
  else explain('', reason);
  $(isLoginOver ? 'password' : 'username').select();
});

connection.addEventListener('ended', ({ detail: { how } }) => {
  const [what, meaning] = ENDINGS[how];
  log.addSystem(what.replace('.', ''), 'unlinked');
  show('form');
  explain(`${what} ${meaning}`, '');
  announce(what);
});

connection.addEventListener('lost', () => {
  if (inChat && connection.username) log.addSystem('Connection lost', 'lost');
});

connection.addEventListener('presence', ({ detail: { change, username, isSnapshot } }) => {
  renderUser(username);
  renderHost();
  // What happens to oneself is told where the connection ends. Who joins is here a moment later, which goes without saying.
  const isJoining = change === 'linked' && username === lastJoined;
  lastJoined = change === 'joined' ? username : null;
  if (!isSnapshot && !isJoining && username !== connection.username) log.addSystem(`${username} ${CHANGES[change]}`, change);
});

connection.addEventListener('message', ({ detail: { type, payload } }) => {
  if (type === 'chat/messaged' && typeof payload?.username === 'string' && typeof payload?.text === 'string') {
    const isMine = payload.username === connection.username;
    // Nobody says when it was that something was said before.
    log.addMessage(payload.username, payload.text, isMine, arrival ? null : new Date());
    if (document.hidden && !isMine && !arrival) setUnread(unread + 1);
  } else if (type === 'chat/welcome' && arrival) {
    arrive(arrival);
    arrival = null;
  }
});

// ---- what the user does ----

$('join-form').addEventListener('submit', async event => {
  event.preventDefault();
  if (connection.status !== 'connected' || isLoggingIn) return;
  explain('', '');
  const username = $('username').value.trim();
  if (!hasLogin) return connection.link(username);

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
    connection.link(username, token);
  }
});

$('message-form').addEventListener('submit', event => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (!text || !connection.send('chat/message', text)) return;
  if (connection.status !== 'linked') log.addWaiting(text);
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
  if (username !== undefined && connection.status === 'linked') connection.send('chat/kick', username);
});

$('unlink').addEventListener('click', () => connection.unlink());
$('leave').addEventListener('click', () => connection.leave());
$('drop').addEventListener('click', () => connection.status === 'linked' && connection.drop(DROP_TIME));
$('retry').addEventListener('click', () => connection.retryNow());
$('give-up').addEventListener('click', () => connection.giveUp());
$('to-latest').addEventListener('click', () => log.pin());

addEventListener('online', () => connection.retryNow());
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  setUnread(0);
  connection.retryNow();
});

// ---- the status ----

function render() {
  const { status, username, trouble } = connection;
  document.body.dataset.status = status;
  const isLinked = status === 'linked';
  // Not `disabled`: that would take the focus away from a button just pressed.
  for (const id of ['unlink', 'leave', 'drop']) $(id).setAttribute('aria-disabled', !isLinked);
  $('send').setAttribute('aria-disabled', !connection.canSend);
  for (const button of document.querySelectorAll('[data-kick]')) button.setAttribute('aria-disabled', !isLinked);
  $('text').placeholder = isLinked ? 'Write a message' : connection.canSend ? 'Sent when you are back' : 'You can draft meanwhile';
  if (username) $('whoami').textContent = trouble ? `Coming back as ${username}…` : `You are ${username}`;

  $('join-button').disabled = status !== 'connected' || connection.retryAt !== null || isLoggingIn;
  const join = hasLogin ? 'Log in' : 'Join';
  $('join-button').textContent = isLoggingIn ? 'Logging in…' : { connected: join, linking: 'Joining…' }[status] ?? 'Waiting for the server…';
  $('server-state').textContent = {
    offline: `${location.host} does not answer`,
    connecting: `Connecting to ${location.host}…`,
  }[status] ?? `Connected to ${location.host}`;
  renderBanner();
}

function renderBanner() {
  const { trouble, status, retryAt } = connection;
  if (trouble) {
    const lost = connection.canSend ? 'Connection lost – you can go on writing' : 'Connection lost – reconnecting…';
    setBanner(trouble, trouble === 'lost' ? lost : 'Server not reachable – retrying…');
  } else if ($('connection-banner').dataset.kind !== 'good') {
    const wasTrouble = $('connection-banner').dataset.kind;
    setBanner('', '');
    if (wasTrouble && status === 'connected' && !inChat) flash('Connected again');
  }
  $('banner-detail').textContent = retryAt === null ? '' : countdown(retryAt);
  $('retry').hidden = retryAt === null;
  $('give-up').hidden = !(trouble && inChat);
}

function countdown(retryAt) {
  const next = `next try in ${Math.max(1, Math.ceil((retryAt - Date.now()) / 1000))} s`;
  return connection.isNameHeld ? `Your name is still in use, ${next}` : next;
}

setInterval(() => connection.retryAt !== null && renderBanner(), 500);

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
  let item = [...items.children].find(li => li.dataset.username === username);
  if (!connection.users.has(username)) {
    item?.remove();
  } else {
    if (!item) items.append(item = createUser(username));
    const isLinked = connection.users.get(username);
    item.dataset.linked = isLinked;
    item.querySelector('.state').textContent = isLinked ? 'here' : 'away';
  }
  const linked = [...connection.users.values()].filter(Boolean).length;
  $('users-count').textContent = `${linked} of ${connection.users.size} here`;
}

/** The host is, of those who are here, the one who joined first: the server goes by the same rule. */
function renderHost() {
  const host = [...connection.users].find(([, isLinked]) => isLinked)?.[0];
  document.body.toggleAttribute('data-is-host', host !== undefined && host === connection.username);
  for (const item of $('users').children) item.toggleAttribute('data-host', item.dataset.username === host);
}

function createUser(username) {
  const isMe = username === connection.username;
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
connection.connect();
