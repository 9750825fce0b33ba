import { KrmxError } from '@krmx-net/client';
import type { Note, NoteColor, UndoChange as Change } from '../contract';
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
  #done: Change[] = [];
  #unsent: BoardAction[] = [];

  constructor(client: BoardClient, board: BoardProjection, tell: (text: string) => void) {
    this.#client = client;
    this.#board = board;
    this.#tell = tell;
    board.subscribe(() => board.isLive && this.#sendUnsent());
  }

  add(place: { x: number; y: number }, color: NoteColor): string {
    const note = { id: newId(), ...place, text: '', color };
    this.#change(null, note, { type: 'note/add', payload: note });
    return note.id;
  }

  setColor(note: Note, color: NoteColor) {
    if (color === note.color) return;
    this.#change(note, { ...note, color }, { type: 'note/color', payload: { id: note.id, color } });
  }

  delete(note: Note) {
    this.letGo();
    this.#change(note, null, { type: 'note/delete', payload: { id: note.id } });
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
    const after = { ...held.before, ...held.mine };
    this.#change(held.before, after, ...actionsOf(held));
    this.held.set(undefined);
  }

  /** Takes back one's own last change; what others have changed since stays as they left it. */
  undo() {
    this.letGo();
    const change = this.#done.at(-1);
    this.#setDone(this.#done.slice(0, -1));
    if (change) void this.#do({ type: 'note/undo', payload: change });
  }

  /** The others see where a note is on its way; while the connection is away, only where it ends up. */
  #sendHeld() {
    const held = this.held.value;
    if (!held || this.#client.getStatus() !== 'linked') return;
    // What is lost of these is said again by those that follow.
    for (const action of actionsOf(held)) this.#board.dispatch(action).catch(() => undefined);
  }

  /** Does what changes a note, so that it can be undone unless it is refused. */
  #change(before: Note | null, after: Note | null, ...actions: BoardAction[]) {
    const change = { before, after };
    const isChange = !before || !after || before.x !== after.x || before.y !== after.y || before.text !== after.text || before.color !== after.color;
    if (isChange) this.#setDone([...this.#done, change].slice(-mostUndoable));
    for (const action of actions) {
      void this.#do(action).then(isRefused => isRefused && this.#setDone(this.#done.filter(other => other !== change)));
    }
  }

  /** Resolves with whether the server has refused it. */
  async #do(action: BoardAction, isAgain = false): Promise<boolean> {
    try {
      await this.#board.dispatch(action);
      return false;
    } catch (error) {
      if (!(error instanceof KrmxError)) throw error;
      const isRefused = error.code === 'refused';
      if (!isRefused) this.#unsent.push(action);
      else if (!isAgain) this.#tell(`That was not possible: ${error.message}.`);
      return isRefused;
    }
  }

  /** Nobody knows whether the server has had these; one that it has had, it refuses, and that is nothing to tell. */
  #sendUnsent() {
    for (const action of this.#unsent.splice(0)) void this.#do(action, true);
  }

  #setDone(done: Change[]) {
    this.#done = done;
    this.undoable.set(done.length);
  }
}

function actionsOf({ before: { id }, mine: { x, y, text } }: Held): BoardAction[] {
  return [
    ...(x !== undefined && y !== undefined ? [{ type: 'note/move' as const, payload: { id, x, y } }] : []),
    ...(text !== undefined ? [{ type: 'note/edit' as const, payload: { id, text } }] : []),
  ];
}
