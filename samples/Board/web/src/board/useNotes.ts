import { useProjection } from '@krmx-net/react';
import { useMemo } from 'react';
import type { Note } from '../contract';
import type { BoardSession } from '../session/session';
import { useStored } from '../store';

export interface PlacedNote {
  readonly note: Note;
  readonly level: number;
  readonly isHeld: boolean;
}

/**
 * The notes as they are shown, with the one in the hand as the hand has it; undefined until the server has sent them. In the order in which they were made,
 * which stays when one is put on top: so the keyboard finds them, and no element moves within the page.
 */
export function useNotes({ board, changes }: BoardSession): readonly PlacedNote[] | undefined {
  const notes = useProjection(board)?.notes;
  const held = useStored(changes.held);
  return useMemo(() => notes
    ?.map((note, level) => held?.before.id === note.id
      ? { note: { ...note, ...held.mine }, level: notes.length, isHeld: held.mine.x !== undefined }
      : { note, level, isHeld: false })
    .sort((one, other) => one.note.id < other.note.id ? -1 : 1), [notes, held]);
}
