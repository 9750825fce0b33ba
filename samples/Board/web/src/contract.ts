// What the page and the server say to each other; the server has it in Contract.cs.
import type { Message } from '@krmx-net/client';

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
  color: string;
}

export interface Person {
  id: string;
  name: string;
  color: string;
}

export interface Note {
  id: string;
  x: number;
  y: number;
  text: string;
  color: string;
}

export interface Board {
  notes: Note[];
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
  color: string;
}

export interface DeleteNote {
  id: string;
}

export interface UndoChange {
  before: Note | null;
  after: Note | null;
}

export interface Contract {
  sent: Message<'board/point', Point>;
  received: Message<'board/pointed', Pointed>;
  requests: {
    'profile/set': { request: Profile; answer: Person };
  };
  projections: {
    board: {
      view: Board;
      action:
        | Message<'note/add', Note>
        | Message<'note/move', MoveNote>
        | Message<'note/edit', EditNote>
        | Message<'note/color', ColorNote>
        | Message<'note/delete', DeleteNote>
        | Message<'note/undo', UndoChange>;
    };
  };
  streams: {};
}
