// The log: messages, lines of the system between them, and staying at the end unless the user scrolled away.
import { create, createAvatar } from './elements.js';

const LIMIT = 500;
// Messages of one user that follow each other within this time share one name and one avatar.
const GROUP_TIME = 3 * 60_000;

export class ChatLog {
  #element;
  #toLatest;
  #lastMessage = null;
  #isPinned = true;
  #size = '';

  constructor(element, toLatest) {
    this.#element = element;
    this.#toLatest = toLatest;
    // A banner, a keyboard or a growing text field changes the size of the log: stay at the end if that is where we were.
    // The browser may scroll before the observer hears of the new size; that is not the user scrolling away.
    element.addEventListener('scroll', () => this.#size === this.#measure() && this.#setPinned(this.#isAtEnd()));
    new ResizeObserver(() => {
      this.#size = this.#measure();
      if (this.#isPinned) this.pin();
    }).observe(element);
  }

  /** Shows a message, with the time at which it was said where that is known. */
  addMessage(username, text, isMine, at) {
    const isGrouped = this.#lastMessage?.username === username && at - this.#lastMessage.at < GROUP_TIME;
    const message = create('div', `message${isMine ? ' mine' : ''}${isGrouped ? ' grouped' : ''}`);
    message.dataset.from = username;
    const meta = create('p', 'meta');
    meta.append(create('bdi', 'from', isMine ? 'You' : username));
    if (at) meta.append(createTime(at));
    message.append(createAvatar(username), meta, createBubble(text));
    this.#append(message);
    this.#lastMessage = { username, at };
    if (!this.#isPinned) this.#toLatest.hidden = false;
  }

  /** Shows what is to be sent when the connection is back. */
  addWaiting(text) {
    const message = create('div', 'message mine waiting');
    message.append(create('p', 'meta', 'Sent when you are back'), createBubble(text));
    this.#append(message);
    this.#lastMessage = null;
  }

  /** Whatever waited is sent: it comes back as a message of everybody's. */
  clearWaiting() {
    for (const message of this.#element.querySelectorAll('.waiting')) message.remove();
  }

  addSystem(text, change) {
    const line = create('p', 'system');
    line.dataset.change = change;
    line.append(create('span', '', text));
    this.#append(line);
    this.#lastMessage = null;
  }

  clear() {
    this.#element.replaceChildren();
    this.#lastMessage = null;
  }

  /** Goes to the end, and stays there as lines come. */
  pin() {
    this.#element.scrollTop = this.#element.scrollHeight;
    this.#setPinned(true);
  }

  #append(line) {
    this.#element.append(line);
    while (this.#element.childElementCount > LIMIT) this.#element.firstElementChild.remove();
    if (this.#isPinned) this.pin();
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#element;
    return scrollHeight - scrollTop - clientHeight < 40;
  }

  #measure() {
    return `${this.#element.clientWidth}×${this.#element.clientHeight}`;
  }

  #setPinned(isPinned) {
    this.#isPinned = isPinned;
    if (isPinned) this.#toLatest.hidden = true;
  }
}

function createBubble(text) {
  const bubble = create('p', 'bubble', text);
  bubble.dir = 'auto';
  return bubble;
}

function createTime(at) {
  const time = create('time', '', at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
  time.dateTime = at.toISOString();
  return time;
}
