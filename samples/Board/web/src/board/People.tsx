import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Profile } from '../contract';
import { personColors } from '../session/identity';
import { initialsOf, type Participant } from '../session/people';

const mostFaces = 4;

/** Who is here, as a stack of faces that opens into a list, in which one changes one's own name and colour. */
export function People({ participants, onChange }: { participants: readonly Participant[]; onChange: (profile: Profile) => void }) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return;
    const closeOutside = (event: PointerEvent) => root.current?.contains(event.target as Node) || setOpen(false);
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const here = participants.filter(({ isHere }) => isHere);
  return (
    <div className="people" ref={root} onKeyDown={event => isOpen && event.key === 'Escape' && close()}>
      <button
        className="faces" ref={button} aria-expanded={isOpen} aria-label={`Who is here: ${here.length}`} title="Who is here" onClick={() => setOpen(!isOpen)}>
        {here.slice(0, mostFaces).map(person => <Face key={person.id} person={person} />)}
        {here.length > mostFaces && <span className="face more">+{here.length - mostFaces}</span>}
      </button>
      {isOpen && (
        <section className="panel people-list" aria-label="Who is here">
          <ul>
            {participants.map(person => (
              <li key={person.id} className={person.isHere ? '' : 'away'}>
                <Face person={person} />
                <span>{person.name}</span>
                <small>{[person.isMe && 'you', !person.isHere && 'away'].filter(Boolean).join(', ')}</small>
              </li>
            ))}
          </ul>
          {participants.filter(({ isMe }) => isMe).map(me => (
            <ProfileForm key={me.id} profile={me} onChange={next => { onChange(next); close(); }} />
          ))}
        </section>
      )}
    </div>
  );
}

function Face({ person }: { person: Participant }) {
  return <span className="face" data-person={person.color} aria-hidden="true">{initialsOf(person.name)}</span>;
}

function ProfileForm({ profile, onChange }: { profile: Profile; onChange: (profile: Profile) => void }) {
  const [name, setName] = useState(profile.name);
  const [color, setColor] = useState(profile.color);
  const save = (event: FormEvent) => {
    event.preventDefault();
    onChange({ name: name.trim(), color });
  };
  return (
    <form onSubmit={save}>
      <label htmlFor="own-name">Your name</label>
      <input id="own-name" value={name} onChange={event => setName(event.target.value)} maxLength={40} required autoComplete="nickname" />
      <fieldset>
        <legend>Your colour</legend>
        {personColors.map(one => (
          <label key={one} className="face" data-person={one} title={one}>
            <input type="radio" name="own-color" checked={one === color} onChange={() => setColor(one)} aria-label={one} />
          </label>
        ))}
      </fieldset>
      <button className="primary" disabled={name.trim() === ''}>Save</button>
    </form>
  );
}
