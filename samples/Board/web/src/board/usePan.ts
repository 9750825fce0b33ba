import { useRef, type PointerEvent } from 'react';

/** What has the board follow a mouse that holds its ground; fingers scroll it as they scroll any page. */
export function usePan() {
  const pointer = useRef<number>(undefined);
  const end = (event: PointerEvent) => {
    if (event.pointerId === pointer.current) pointer.current = undefined;
  };
  return {
    onPointerDown(event: PointerEvent) {
      const isOnGround = (event.target as Element).matches('.surface, .viewport');
      const { currentTarget, clientX, clientY } = event;
      const box = currentTarget.getBoundingClientRect();
      const isOnScrollbar = clientX - box.left >= currentTarget.clientWidth || clientY - box.top >= currentTarget.clientHeight;
      if (event.pointerType !== 'mouse' || event.button !== 0 || !isOnGround || isOnScrollbar) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      pointer.current = event.pointerId;
    },
    onPointerMove(event: PointerEvent) {
      if ((event.buttons & 1) === 0) pointer.current = undefined; // it was let go of where nobody told
      if (event.pointerId === pointer.current) event.currentTarget.scrollBy(-event.movementX, -event.movementY);
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
