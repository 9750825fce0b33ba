// Made by krmx-types of the contract of a Krmx server; do not edit.

export type PersonColor = 'red' | 'amber' | 'green' | 'teal' | 'blue' | 'indigo' | 'violet' | 'rose';
export type NoteColor = 'yellow' | 'orange' | 'pink' | 'violet' | 'blue' | 'green';

/**
 * What rooms at /krmx/{room} listen to, send and share.
 */
export interface Contract {
  sent: {
    type: 'board/point';
    payload: Point;
  };
  received: {
    type: 'board/pointed';
    payload: Pointed;
  };
  requests: {
    'profile/set': {
      request: Profile;
      answer: Person;
    };
  };
  projections: {
    board: {
      view: Board;
      action:
        | {
            type: 'note/add';
            payload: Note;
          }
        | {
            type: 'note/move';
            payload: MoveNote;
          }
        | {
            type: 'note/edit';
            payload: EditNote;
          }
        | {
            type: 'note/color';
            payload: ColorNote;
          }
        | {
            type: 'note/delete';
            payload: DeleteNote;
          }
        | {
            type: 'note/undo';
            payload: UndoChange;
          };
    };
  };
  streams: {};
}
export interface Point {
  x: number;
  y: number;
}
export interface Pointed {
  username: string;
  x: number;
  y: number;
}
export interface Profile {
  name: string;
  color: PersonColor;
}
export interface Person {
  id: string;
  name: string;
  color: PersonColor;
}
export interface Board {
  notes: Note[];
}
export interface Note {
  id: string;
  x: number;
  y: number;
  text: string;
  color: NoteColor;
}
export interface MoveNote {
  id: string;
  x: number;
  y: number;
}
export interface EditNote {
  id: string;
  text: string;
}
export interface ColorNote {
  id: string;
  color: NoteColor;
}
export interface DeleteNote {
  id: string;
}
export interface UndoChange {
  before: Note | null;
  after: Note | null;
}
