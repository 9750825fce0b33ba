import { KrmxError } from '@krmx-net/client';
import type { Note } from '../contract';
import { Store } from '../store';
import type { BoardAction, BoardClient, BoardProjection } from './client';
import { newId } from './notes';
import { Throttle } from './throttle';

const mostUndoable = 100;

/** A note in the hand: how it was when it was taken up, and what has become of it since. */
export interface Held {
  readonly before: Note;
  readonly mine: Partial<Pick<Note, 'x' | 'y' | 'text'>>;
}

/** What one does with notes: at once in this page, soon for the others, and taken back on request. */
export class Changes {
  /** What is being dragged or written: nobody else moves it under the hand. */
  readonly held = new Store<Held | undefined>(undefined);
  readonly undoable = new Store(0);

  readonly #client: BoardClient;
  readonly #board: BoardProjection;
  readonly #tell: (text: string) => void;
  readonly #throttle = new Throttle(() => this.#sendHeld());
  #done: { before: Note | null; after: Note | null }[] = [];
  #unsent: BoardAction[] = [];

  constructor(client: BoardClient, board: BoardProjection, tell: (text: string) => void) {
    this.#client = client;
    this.#board = board;
    this.#tell = tell;
    board.subscribe(() => board.isLive && this.#sendUnsent());
  }

  add(place: { x: number; y: number }, color: string): string {
    const note = { id: newId(), ...place, text: '', color };
    this.#do({ type: 'note/add', payload: note });
    this.#remember(null, note);
    return note.id;
  }

  setColor(note: Note, color: string) {
    if (color === note.color) return;
    this.#do({ type: 'note/color', payload: { id: note.id, color } });
    this.#remember(note, { ...note, color });
  }

  delete(note: Note) {
    this.letGo();
    this.#do({ type: 'note/delete', payload: { id: note.id } });
    this.#remember(note, null);
  }

  /** Moves a note or writes on it, until it is let go of: one change, however many steps it has. */
  hold(note: Note, mine: Held['mine']) {
    if (this.held.value?.before.id !== note.id) this.letGo();
    this.held.set({ before: this.held.value?.before ?? note, mine: { ...this.held.value?.mine, ...mine } });
    this.#throttle.call();
  }

  /** @param id Of the note, if it is only about that one. */
  letGo(id?: string) {
    const held = this.held.value;
    if (!held || (id !== undefined && held.before.id !== id)) return;
    this.#throttle.cancel();
    for (const action of actionsOf(held)) this.#do(action);
    this.held.set(undefined);
    const after = { ...held.before, ...held.mine };
    if (after.x !== held.before.x || after.y !== held.before.y || after.text !== held.before.text) this.#remember(held.before, after);
  }

  /** Takes back one's own last change; what others have changed since stays as they left it. */
  undo() {
    this.letGo();
    const change = this.#done.pop();
    this.undoable.set(this.#done.length);
    if (change) this.#do({ type: 'note/undo', payload: change });
  }

  /** The others see where a note is on its way; while the connection is away, only where it ends up. */
  #sendHeld() {
    const held = this.held.value;
    if (!held || this.#client.getStatus() !== 'linked') return;
    // What is lost of these is said again by those that follow.
    for (const action of actionsOf(held)) this.#board.dispatch(action).catch(() => undefined);
  }

  async #do(action: BoardAction) {
    try {
      await this.#board.dispatch(action);
    } catch (error) {
      if (!(error instanceof KrmxError)) throw error;
      if (error.code === 'refused') this.#tell(`That was not possible: ${error.message}.`);
      else this.#unsent.push(action);
    }
  }

  /** Nobody knows whether the server has had these; to do them twice does no more than once. */
  #sendUnsent() {
    for (const action of this.#unsent.splice(0)) void this.#do(action);
  }

  #remember(before: Note | null, after: Note | null) {
    this.#done = [...this.#done, { before, after }].slice(-mostUndoable);
    this.undoable.set(this.#done.length);
  }
}

function actionsOf({ before: { id }, mine: { x, y, text } }: Held): BoardAction[] {
  return [
    ...(x !== undefined && y !== undefined ? [{ type: 'note/move' as const, payload: { id, x, y } }] : []),
    ...(text !== undefined ? [{ type: 'note/edit' as const, payload: { id, text } }] : []),
  ];
}
