import type { NoteColor } from '../contract';
import { useEffect } from 'react';
import type { Changes } from '../session/changes';
import { UndoIcon } from '../icons';
import { noteColors } from '../session/notes';
import { useStored } from '../store';

interface ToolbarProps {
  changes: Changes;
  isEnabled: boolean;
  onAdd: (color: NoteColor) => void;
}

/** Stacks of paper to take notes from, and undo. */
export function Toolbar({ changes, isEnabled, onAdd }: ToolbarProps) {
  const undoable = useStored(changes.undoable);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // Within a text the browser undoes what was typed.
      const isTyping = event.target instanceof Element && event.target.matches('input, textarea');
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== 'z' || isTyping) return;
      event.preventDefault();
      changes.undo();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [changes]);

  return (
    <div className="toolbar panel" role="group" aria-label="The board">
      {noteColors.map(color => (
        <button
          key={color} className="stack" data-color={color} disabled={!isEnabled} aria-label={`Add a ${color} note`} title={`Add a ${color} note`}
          onClick={() => onAdd(color)}>+</button>
      ))}
      <button className="tool" disabled={undoable === 0} aria-label="Undo" title="Undo your last change (Ctrl+Z)" onClick={() => changes.undo()}>
        <UndoIcon />
      </button>
    </div>
  );
}
