import { useEffect, useRef, type PointerEvent } from 'react';
import type { Changes } from '../session/changes';
import type { Note } from '../contract';
import { placeAt } from '../session/notes';

// So far a finger may slip and still tap.
const slack = 4;
// So near to the edge of what is seen, the board scrolls along.
const edge = 36;
const scrollStep = 9;

interface Drag {
  pointer: number;
  /** Where on the note it was taken. */
  grab: { x: number; y: number };
  start: { x: number; y: number };
  now: { x: number; y: number };
  isMoving: boolean;
}

/** What has a note follow the pointer, be it a mouse, a pen or a finger. */
export function useDrag(changes: Changes, note: Note, isEnabled: boolean) {
  const drag = useRef<Drag>(undefined);
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const follow = (card: Element) => {
    const { grab, now } = drag.current!;
    const board = card.parentElement!.getBoundingClientRect();
    changes.hold(note, placeAt(now.x - board.left - grab.x, now.y - board.top - grab.y));
  };
  const scrollAlong = (card: Element) => {
    if (!drag.current?.isMoving) return;
    const viewport = card.closest('.viewport')!;
    const box = viewport.getBoundingClientRect();
    const { x, y } = drag.current.now;
    const step = (at: number, from: number, to: number) => at < from + edge ? -scrollStep : at > to - edge ? scrollStep : 0;
    const [dx, dy] = [step(x, box.left, box.right), step(y, box.top, box.bottom)];
    if (dx !== 0 || dy !== 0) {
      viewport.scrollBy(dx, dy);
      follow(card);
    }
    frame.current = requestAnimationFrame(() => scrollAlong(card));
  };
  const end = (event: PointerEvent) => {
    if (event.pointerId !== drag.current?.pointer) return;
    drag.current = undefined;
    cancelAnimationFrame(frame.current);
    changes.letGo(note.id);
  };

  return {
    onPointerDown(event: PointerEvent) {
      if (!isEnabled || event.button !== 0 || drag.current) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const card = event.currentTarget.getBoundingClientRect();
      const at = { x: event.clientX, y: event.clientY };
      drag.current = { pointer: event.pointerId, grab: { x: at.x - card.left, y: at.y - card.top }, start: at, now: at, isMoving: false };
    },
    onPointerMove(event: PointerEvent) {
      if (event.pointerId !== drag.current?.pointer) return;
      const { start, isMoving } = drag.current;
      drag.current.now = { x: event.clientX, y: event.clientY };
      if (!isMoving && Math.hypot(event.clientX - start.x, event.clientY - start.y) < slack) return;
      drag.current.isMoving = true;
      follow(event.currentTarget);
      if (!isMoving) scrollAlong(event.currentTarget);
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
