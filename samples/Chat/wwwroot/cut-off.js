// A WebSocket that the page can lose, as a broken network would, and that stays lost for a time.

let current;
let timer;

export class CutOffSocket extends WebSocket {
  static #isCutOff = false;

  constructor(url) {
    super(url);
    current = this;
    if (CutOffSocket.#isCutOff) this.close();
  }

  /** Loses the connection; nothing can be connected for a time, in milliseconds, after which `restored` is called. */
  static cutOff(time, restored) {
    this.#isCutOff = true;
    current.close();
    clearTimeout(timer);
    timer = setTimeout(() => {
      this.restore();
      restored();
    }, time);
  }

  static restore() {
    this.#isCutOff = false;
  }
}
