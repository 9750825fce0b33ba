// The board in the page: its measures, as the server has them, and what actions do to it before the server has answered.
import type { OptimisticHandlers } from '@krmx-net/client';
import type { Board, Note, NoteColor } from '../contract';
import type { BoardAction } from './client';
import { randomText } from './identity';

export const noteColors: readonly NoteColor[] = ['yellow', 'orange', 'pink', 'violet', 'blue', 'green'];
export const boardSize = { width: 3600, height: 2400 };
export const noteSize = 180;
export const maxTextLength = 300;

/** The place nearest to one where all of a note is on the board. */
export function placeAt(x: number, y: number) {
  const within = (value: number, size: number) => Math.round(Math.min(Math.max(value, 0), size - noteSize));
  return { x: within(x, boardSize.width), y: within(y, boardSize.height) };
}

/** An id that begins with the time, so that notes in the order of their ids are in the order in which they were made. */
export function newId(): string {
  return `${Date.now().toString(36).padStart(9, '0')}-${randomText(10)}`;
}

/** As `Board.cs` does it, but for the refusals: those come from the server, and take back what shows here. */
export const optimistic: OptimisticHandlers<Board, BoardAction> = {
  'note/add': ({ notes }, note) => ({ notes: [...notes, note] }),
  'note/move': ({ notes }, { id, x, y }) => ({
    notes: [...notes.filter(note => note.id !== id), ...notes.filter(note => note.id === id).map(note => ({ ...note, x, y }))],
  }),
  'note/edit': (board, { id, text }) => change(board, id, note => ({ ...note, text })),
  'note/color': (board, { id, color }) => change(board, id, note => ({ ...note, color })),
  'note/delete': ({ notes }, { id }) => ({ notes: notes.filter(note => note.id !== id) }),
  'note/undo': (board, { before, after }) => {
    if (!after) return before ? { notes: [...board.notes.filter(note => note.id !== before.id), before] } : board;
    if (!before) return { notes: board.notes.filter(note => note.id !== after.id) };
    return change(board, after.id, note => ({ ...note, ...undone(note, before, after) }));
  },
};

/** What undo takes back: whatever nobody has changed since. */
function undone(note: Note, before: Note, after: Note): Partial<Note> {
  return {
    ...(note.x === after.x && note.y === after.y && { x: before.x, y: before.y }),
    ...(note.text === after.text && { text: before.text }),
    ...(note.color === after.color && { color: before.color }),
  };
}

function change({ notes }: Board, id: string, make: (note: Note) => Note): Board {
  return { notes: notes.map(note => note.id === id ? make(note) : note) };
}
