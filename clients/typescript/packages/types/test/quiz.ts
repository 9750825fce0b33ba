// Made by krmx-types of the contract of a Krmx server; do not edit.

export type Colour = 'red' | 'darkBlue';
export type Shape = ShapeBase | Circle;

/**
 * What rooms at /quizzes/{quiz} listen to, send and share.
 */
export interface Contract {
  sent:
    | {
        type: 'chat/message';
        payload: Say;
      }
    | {
        type: 'board/pointer';
        payload: Pointer;
      }
    | {
        type: 'quiz/votes';
        payload: number[];
      }
    | {
        type: 'quiz/choose';
        payload: FieldInput;
      };
  received:
    | {
        type: 'chat/messaged';
        payload: Messaged;
      }
    | {
        type: 'quiz/topic';
        payload: Topic;
      }
    | {
        type: 'quiz/shape';
        payload: Shape;
      }
    | {
        type: 'quiz/field';
        payload: Field;
      }
    | {
        type: 'board/pointer';
        payload: Pointer;
      };
  requests: {
    'seat/take': {
      request: TakeSeat;
      answer: Seat;
    };
    'seat/free': {
      request: undefined;
      answer: number;
    };
  };
  projections: {
    board: {
      view: BoardView;
      action:
        | {
            type: 'note/add';
            payload: AddNote;
          }
        | {
            type: 'board/clear';
            payload?: undefined;
          };
    };
  };
  streams: {
    score: {
      event: {
        type: 'score/add';
        payload: number;
      };
    };
  };
}
/**
 * What somebody says.
 */
export interface Say {
  text: string;
  colour?: Colour | null;
}
export interface Pointer {
  x: number;
  y: number;
}
export interface FieldInput {
  chosen: CellInput | null;
  cells: CellInput[];
  id?: number;
  note?: string | null;
}
export interface CellInput {
  x?: number;
  y?: number;
}
export interface Messaged {
  username: string;
  text: string;
  colour: Colour | null;
}
export interface Topic {
  title: string;
  parts: Topic[];
  next: Topic | null;
  counts: {
    [k: string]: number;
  };
}
export interface ShapeBase {
  $type: 'shape';
  id: string;
}
export interface Circle {
  $type: 'circle';
  radius: number;
  id: string;
}
export interface Field {
  chosen: Cell | null;
  cells: Cell[];
  id: number;
  note?: string | null;
}
export interface Cell {
  x: number;
  y: number;
}
export interface TakeSeat {
  /**
   * From 1 on.
   */
  number: number;
}
export interface Seat {
  number: number;
  owner: string;
}
export interface BoardView {
  notes: NoteView[];
  colour: Colour;
}
export interface NoteView {
  text: string;
  due: string | null;
}
export interface AddNote {
  text: string;
  column?: number;
}
