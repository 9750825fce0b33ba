import type { Changes } from '../session/changes';
import type { Note } from '../contract';
import { BinIcon, PenIcon } from '../icons';
import { boardSize, noteColors, noteSize } from '../session/notes';

const width = 260;
const height = 56;

interface NoteToolsProps {
  changes: Changes;
  note: Note;
  onEdit: () => void;
  onDelete: () => void;
}

/** What can be done with the note that has the focus; beside it where there is room on the board. */
export function NoteTools({ changes, note, onEdit, onDelete }: NoteToolsProps) {
  const left = Math.min(Math.max(note.x + (noteSize - width) / 2, 8), boardSize.width - width - 8) - note.x;
  return (
    <div
      className="note-tools panel" role="group" aria-label="This note" style={{ left, width, top: note.y < height ? noteSize + 8 : -height }}
      onPointerDown={event => { event.preventDefault(); event.stopPropagation(); }} onDoubleClick={event => event.stopPropagation()}>
      {noteColors.map(color => (
        <button
          key={color} className="swatch" data-color={color} aria-label={`Make it ${color}`} title={`Make it ${color}`}
          aria-pressed={color === note.color} onClick={() => changes.setColor(note, color)} />
      ))}
      <button className="tool" aria-label="Edit" title="Edit (Enter)" onClick={onEdit}><PenIcon /></button>
      <button className="tool" aria-label="Delete" title="Delete (Delete)" onClick={onDelete}><BinIcon /></button>
    </div>
  );
}
