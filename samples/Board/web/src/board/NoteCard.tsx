import { memo, useEffect, useRef, useState, type CSSProperties, type FocusEvent, type KeyboardEvent } from 'react';
import type { Changes } from '../session/changes';
import type { Note } from '../contract';
import { maxTextLength, placeAt } from '../session/notes';
import { NoteTools } from './NoteTools';
import { useDrag } from './useDrag';

const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const step = 10;
const largeStep = 50;

interface NoteCardProps {
  changes: Changes;
  note: Note;
  /** How many notes lie below it. */
  level: number;
  isHeld: boolean;
  /** Whether one writes on it from the beginning, as it is one's own new one. */
  isNew: boolean;
}

/** A sticky note: dragged with a pointer, or with the keyboard moved, written on and deleted. */
export const NoteCard = memo(function NoteCard({ changes, note, level, isHeld, isNew }: NoteCardProps) {
  const card = useRef<HTMLElement>(null);
  const [isFocused, setFocused] = useState(false);
  const [isEditing, setEditing] = useState(isNew);
  const drag = useDrag(changes, note, !isEditing);
  // Where somebody else deletes it in the hand, it is out of the hand.
  useEffect(() => () => changes.letGo(note.id), [changes, note.id]);

  const endEditing = () => {
    changes.letGo(note.id);
    setEditing(false);
    card.current?.focus();
  };
  const remove = () => {
    const { nextElementSibling, previousElementSibling } = card.current!;
    const neighbour = [nextElementSibling, previousElementSibling].find(element => element?.matches('.note')) ?? card.current!.closest('.viewport');
    changes.delete(note);
    (neighbour as HTMLElement).focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = arrows[event.key];
    if (arrow) {
      const distance = event.shiftKey ? largeStep : step;
      changes.hold(note, placeAt(note.x + arrow[0] * distance, note.y + arrow[1] * distance));
      requestAnimationFrame(() => card.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
    } else if (event.key === 'Enter') setEditing(true);
    else if (event.key === 'Delete' || event.key === 'Backspace') remove();
    else return;
    event.preventDefault();
  };
  const onBlur = (event: FocusEvent) => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    changes.letGo(note.id);
    setFocused(false);
    setEditing(false);
  };

  return (
    <article
      ref={card} className="note" tabIndex={isEditing ? -1 : 0} data-color={note.color} data-held={isHeld} data-size={sizeOf(note.text)}
      style={{ '--x': `${note.x}px`, '--y': `${note.y}px`, '--level': level } as CSSProperties}
      role="group" aria-roledescription="sticky note" aria-label={note.text || 'Empty'} aria-describedby="note-help"
      onKeyDown={onKeyDown} onKeyUp={event => event.key in arrows && !isEditing && changes.letGo(note.id)}
      onFocus={() => setFocused(true)} onBlur={onBlur} onDoubleClick={() => setEditing(true)} {...drag}>
      {isEditing
        ? <Editor text={note.text} onChange={text => changes.hold(note, { text })} onEnd={endEditing} />
        : <p>{note.text}</p>}
      {isFocused && !isHeld && !isEditing && <NoteTools changes={changes} note={note} onEdit={() => setEditing(true)} onDelete={remove} />}
    </article>
  );
});

function Editor({ text, onChange, onEnd }: { text: string; onChange: (text: string) => void; onEnd: () => void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) onEnd();
  };
  return (
    <textarea
      aria-label="Text of the note" value={text} maxLength={maxTextLength} autoFocus placeholder="Write something"
      onFocus={event => event.target.setSelectionRange(text.length, text.length)}
      onChange={event => onChange(event.target.value)} onKeyDown={onKeyDown} />
  );
}

/** The more there is to read, the smaller it is written. */
function sizeOf(text: string): 'large' | 'medium' | 'small' {
  const length = text.length + 20 * text.split('\n').length;
  return length < 70 ? 'large' : length < 160 ? 'medium' : 'small';
}
