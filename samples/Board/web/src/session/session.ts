import { KrmxError } from '@krmx-net/client';
import type { Profile } from '../contract';
import { Store } from '../store';
import { Changes } from './changes';
import { attachBoard, createBoardClient } from './client';
import { credentials, forgetProfile, renameTab, setProfile, tabName } from './identity';

const retryDelay = 3_000;

/** One board, from the time that it is opened until it is left: the connection, the notes, and what one does with them. */
export class BoardSession {
  readonly client = createBoardClient();
  readonly board = attachBoard(this.client);

  /** Why one is not on the board; undefined where one is, or will be. */
  readonly refusal = new Store<string | undefined>(undefined);

  /** Whether the server does not answer at all. */
  readonly isUnreachable = new Store(false);

  /** What went wrong or was done last, in a sentence. */
  readonly notice = new Store<{ text: string } | undefined>(undefined);

  readonly changes = new Changes(this.client, this.board, text => this.tell(text));

  readonly #url: string;
  #isLinking = false;
  #isOver = false;

  constructor(readonly name: string) {
    this.#url = `${location.origin.replace('http', 'ws')}/krmx/${encodeURIComponent(name)}`;
    this.client.on('status', status => {
      // Also when the link could not be made anew after a lost connection.
      if (status === 'connected') void this.#link();
      if (status === 'closed') this.#later(() => this.#connect());
      if (status === 'connected' || status === 'closed') this.isUnreachable.set(status === 'closed');
    });
    this.#connect();
  }

  tell(text: string) {
    this.notice.set({ text });
  }

  /** Gives oneself another name or colour, on this board and from now on. */
  async setProfile(profile: Profile) {
    setProfile(profile);
    try {
      await this.client.request('profile/set', profile);
    } catch (error) {
      if (error instanceof KrmxError && error.code === 'refused') this.tell(`Others do not see that: ${error.message}.`);
      // Otherwise they see it with the next link, which says it as well.
    }
  }

  /** Leaves the board, so that others see it at once. */
  async close() {
    this.#isOver = true;
    this.changes.letGo();
    await this.client.leave().catch(() => undefined);
    await this.client.disconnect(true);
  }

  #connect() {
    this.client.connect(this.#url).catch(() => undefined); // the status has said so
  }

  async #link() {
    if (this.#isLinking || this.#isOver) return;
    this.#isLinking = true;
    try {
      await this.client.link(tabName(), credentials);
      this.refusal.set(undefined);
      // The link may have ended in the same moment, when its end was heard of too early.
      if (this.client.getStatus() === 'connected') this.#later(() => this.#link(), 0);
    } catch (error) {
      if (!(error instanceof KrmxError) || error.code !== 'rejected') return;
      if (error.message.startsWith('choose another name')) return forgetProfile();
      if (isTaken(error)) {
        renameTab();
        return this.#later(() => this.#link(), 0);
      }
      this.refusal.set(error.message);
      this.#later(() => this.#link());
    } finally {
      this.#isLinking = false;
    }
  }

  #later(action: () => void, delay = retryDelay) {
    setTimeout(() => this.#isOver || action(), delay);
  }
}

/** Whether the name of this tab is another tab's, as after a tab was duplicated. */
function isTaken(error: KrmxError): boolean {
  return /already linked|somebody else/.test(error.message);
}
