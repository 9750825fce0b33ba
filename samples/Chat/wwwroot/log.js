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

  /** What the last line tells of, if it is a line of the system. */
  get lastChange() {
    return this.#element.lastElementChild?.dataset.change;
  }

  addMessage(username, text, isMine) {
    const now = new Date();
    const isGrouped = this.#lastMessage?.username === username && now - this.#lastMessage.at < GROUP_TIME;
    const message = create('div', `message${isMine ? ' mine' : ''}${isGrouped ? ' grouped' : ''}`);
    message.dataset.from = username;
    const meta = create('p', 'meta');
    const time = create('time', '', now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
    time.dateTime = now.toISOString();
    meta.append(create('bdi', 'from', isMine ? 'You' : username), time);
    const bubble = create('p', 'bubble', text);
    bubble.dir = 'auto';
    message.append(createAvatar(username), meta, bubble);
    this.#append(message);
    this.#lastMessage = { username, at: now };
    if (!this.#isPinned) this.#toLatest.hidden = false;
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
