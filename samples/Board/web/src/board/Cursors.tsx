import type { User } from '@krmx-net/client';
import { useMessage } from '@krmx-net/react';
import { useEffect, useState } from 'react';
import type { Pointed } from '../contract';
import { personOf } from '../session/people';
import type { BoardSession } from '../session/session';

const idleTime = 8_000;

/** Where the others point. */
export function Cursors({ session, users }: { session: BoardSession; users: readonly User[] }) {
  const [places, setPlaces] = useState<ReadonlyMap<string, Pointed>>(new Map());
  useEffect(() => {
    setPlaces(places => new Map([...places].filter(([username]) => users.some(user => user.username === username))));
  }, [users]);
  useMessage(session.client, 'board/pointed', pointed => setPlaces(places => new Map(places).set(pointed.username, pointed)));

  // Who is not here points nowhere, and nobody needs to see where they themselves point in another tab.
  const me = personOf(users.find(user => user.username === session.client.getUsername()));
  return (
    <div className="cursors" aria-hidden="true">
      {users.map(user => {
        const [person, place] = [personOf(user), places.get(user.username)];
        return user.isLinked && person && place && person.id !== me?.id &&
          <Cursor key={user.username} place={place} name={person.name} color={person.color} />;
      })}
    </div>
  );
}

function Cursor({ place, name, color }: { place: Pointed; name: string; color: string }) {
  const [idle, setIdle] = useState<Pointed>();
  useEffect(() => {
    const timer = setTimeout(() => setIdle(place), idleTime);
    return () => clearTimeout(timer);
  }, [place]);
  return (
    <div className="cursor" data-person={color} data-idle={idle === place} style={{ transform: `translate(${place.x}px, ${place.y}px)` }}>
      <svg viewBox="0 0 20 20"><path d="M2 2l6 15 2.5-6.5L17 8z" fill="var(--person)" stroke="#fff" strokeWidth="1.5" strokeLinejoin="round" /></svg>
      <span>{name}</span>
    </div>
  );
}
