import type { User } from '@krmx-net/client';
import type { NoteColor } from '../contract';
import { useEffect, useLayoutEffect, useRef, useState, type MouseEvent, type PointerEvent } from 'react';
import { boardSize, noteColors, noteSize, placeAt } from '../session/notes';
import type { BoardSession } from '../session/session';
import { Throttle } from '../session/throttle';
import { Cursors } from './Cursors';
import { NoteCard } from './NoteCard';
import { Toolbar } from './Toolbar';
import { useNotes, type PlacedNote } from './useNotes';
import { usePan } from './usePan';

/** The board itself: a large sheet in a window that scrolls. */
export function Surface({ session, users }: { session: BoardSession; users: readonly User[] }) {
  const { changes } = session;
  const notes = useNotes(session);
  const viewport = useRef<HTMLDivElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const [newest, setNewest] = useState<string>();
  const point = usePointing(session);
  const pan = usePan();
  const isThere = notes !== undefined;
  // It is new once, and not again when it was deleted and comes back.
  useEffect(() => setNewest(undefined), [newest]);
  useLayoutEffect(() => {
    if (notes) scrollTo(viewport.current!, surface.current!, middleOf(notes));
  }, [isThere]);

  const add = (x: number, y: number, color: NoteColor) => {
    setNewest(changes.add(freePlace(notes ?? [], x - noteSize / 2, y - noteSize / 2), color));
  };
  const addInView = (color: NoteColor) => {
    const { clientWidth, clientHeight } = viewport.current!;
    const box = surface.current!.getBoundingClientRect();
    add(clientWidth / 2 - box.left, clientHeight / 2 - box.top, color);
  };
  const addHere = (event: MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    if (isThere && event.target === event.currentTarget) add(event.clientX - box.left, event.clientY - box.top, noteColors[0]!);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    pan.onPointerMove(event);
    const box = surface.current!.getBoundingClientRect();
    point(event.clientX - box.left, event.clientY - box.top);
  };

  return (
    <>
      <main className="viewport" ref={viewport} tabIndex={0} aria-label="The board" {...pan} onPointerMove={onPointerMove}>
        <p id="note-help" hidden>Arrow keys move it, Enter writes on it, Delete deletes it.</p>
        <div className="surface" ref={surface} onDoubleClick={addHere} style={boardSize}>
          {notes?.map(placed => (
            <NoteCard key={placed.note.id} changes={changes} {...placed} isNew={placed.note.id === newest} />
          ))}
          <Cursors session={session} users={users} />
        </div>
      </main>
      {notes?.length === 0 && <p className="hint">Take a note from the stack below,<br />or double-click where you want one.</p>}
      <Toolbar changes={changes} isEnabled={isThere} onAdd={addInView} />
    </>
  );
}

/** Tells the others where one points. */
function usePointing({ client }: BoardSession) {
  const place = useRef({ x: 0, y: 0 });
  const [throttle] = useState(() => new Throttle(() => {
    if (client.getStatus() === 'linked') client.sendVolatile({ type: 'board/point', payload: place.current });
  }));
  useEffect(() => () => throttle.cancel(), [throttle]);
  return (x: number, y: number) => {
    place.current = { x: Math.round(x), y: Math.round(y) };
    throttle.call();
  };
}

/** A place where no note lies exactly, so that all can be seen; at the end of the board they lie on each other. */
function freePlace(notes: readonly PlacedNote[], x: number, y: number) {
  let place = placeAt(x, y);
  for (let i = 0; i < notes.length && notes.some(({ note }) => note.x === place.x && note.y === place.y); i++) place = placeAt(place.x + 24, place.y + 24);
  return place;
}

/** The middle of all notes, or of the board where there are none. */
function middleOf(notes: readonly PlacedNote[]) {
  const middle = (places: number[], size: number) => notes.length === 0 ? size / 2 : (Math.min(...places) + Math.max(...places) + noteSize) / 2;
  return { x: middle(notes.map(({ note }) => note.x), boardSize.width), y: middle(notes.map(({ note }) => note.y), boardSize.height) };
}

function scrollTo(viewport: HTMLElement, surface: HTMLElement, { x, y }: { x: number; y: number }) {
  viewport.scrollTo(surface.offsetLeft + x - viewport.clientWidth / 2, surface.offsetTop + y - viewport.clientHeight / 2);
}
