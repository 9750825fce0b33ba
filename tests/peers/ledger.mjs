// Clients that write into the ledger of a durable room and read it along, over servers that come and go; the test judges what they saw.
import { print } from './driver.mjs';

// None of these has an answer that does not come: the server keeps them, and says so when it is back.
const answerTimeout = 60_000;

/** What a client was told of a ledger, as a sum over all lines, so that an hour's takes no memory. FNV-1a. */
const addTo = (sum, line) => {
  for (const text of [line, '\n']) {
    for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  }
  return sum >>> 0;
};

class Writer {
  said = 0;
  marked = 0;
  first = 0;
  last = 0;
  sum = 0x811c9dc5;
  recovered = 0;
  closes = 0;
  waiting = 0;
  refused = 0;
  slowestReturn = 0;
  answers = [];
  violations = [];
  #lostAt;
  #talks = true;

  constructor(client, username) {
    this.client = client;
    this.username = username;
    // Longer than any server is away.
    this.marks = client.projection('marks', { lifetime: answerTimeout });
    client.on('recover', () => {
      this.recovered++;
      this.slowestReturn = Math.max(this.slowestReturn, Date.now() - this.#lostAt);
      this.#lostAt = undefined;
    });
    client.on('gap', () => this.violations.push('there was a gap'));
    client.on('close', () => {
      this.closes++;
      this.#lostAt ??= Date.now();
    });
    client.onMessage('welcome', place => {
      if (this.first > 0) this.violations.push('it was linked anew');
      this.first = this.last = place;
    });
    client.onMessage('noted', ({ place, line }) => {
      if (place !== this.last + 1) this.violations.push(`heard ${place} after ${this.last}`);
      this.last = place;
      this.sum = addTo(this.sum, line);
    });
  }

  async talk(pause) {
    while (this.#talks) {
      const what = Math.floor(Math.random() * 10);
      if (what < 2) this.#ask(what === 0 ? 'ask' : 'ask-late', ++this.said);
      else if (what === 2) this.#mark(++this.marked);
      else this.client.send({ type: 'say', payload: ++this.said });
      await new Promise(resolve => setTimeout(resolve, Math.random() * 2 * pause));
    }
  }

  end() {
    this.#talks = false;
  }

  async #ask(type, number) {
    this.waiting++;
    try {
      this.answers.push([number, await this.client.request(type, number, answerTimeout)]);
    } catch (error) {
      if (error.code === 'refused' && error.message.includes('restarted')) this.refused++;
      else this.violations.push(`request ${number} failed: ${error.code}: ${error.message}`);
    }
    this.waiting--;
  }

  async #mark(number) {
    this.waiting++;
    await this.marks.dispatch({ type: 'mark', payload: number }).catch(
      error => this.violations.push(`dispatch ${number} failed: ${error.code}: ${error.message}`));
    this.waiting--;
  }
}

/** Makes the commands by which a test drives such clients. */
export const ledger = createClient => {
  const writers = new Map();
  return {
    'ledger-link': async ({ url, username }) => {
      const client = createClient({
        reconnect: { minDelay: 50, maxDelay: 500 },
        onWarning: (text, error) => print({ event: 'failed', username, text, error: error && String(error) }),
      });
      const writer = new Writer(client, username);
      writers.set(username, writer);
      await client.connect(url);
      await client.link(username);
    },
    'ledger-talk': ({ pause }) => {
      for (const writer of writers.values()) writer.talk(pause).catch(error => writer.violations.push(`could not talk: ${error.code}: ${error.message}`));
    },
    'ledger-end': () => writers.forEach(writer => writer.end()),
    'ledger-state': () => ({
      states: [...writers.values()].map(({ client, username, said, marked, first, last, sum, recovered, closes, waiting, refused, slowestReturn, violations, marks }) => ({
        username, isLinked: client.getStatus() === 'linked', said, marked, view: marks.view ?? 0, first, last, sum, recovered, closes, waiting, refused, slowestReturn, violations,
      })),
    }),
    'ledger-answers': ({ username }) => ({ answers: writers.get(username).answers }),
  };
};
