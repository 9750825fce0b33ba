import type { User } from '@krmx-net/client';
import type { Person } from '../contract';

/** A person with all their tabs. */
export interface Participant extends Person {
  readonly isMe: boolean;
  /** Whether one of the tabs has a connection. */
  readonly isHere: boolean;
}

/** Whose tab a user is, as the server says in the metadata of whomever it links. */
export function personOf(user: User | undefined): Person | undefined {
  return user?.meta as Person | undefined;
}

/** Who is on the board: oneself, then the others in the order they came. */
export function participantsOf(users: readonly User[], username: string | undefined): Participant[] {
  const me = personOf(users.find(user => user.username === username));
  const people = new Map<string, Participant>();
  for (const user of users) {
    const person = personOf(user);
    if (!person) continue;
    const isHere = user.isLinked || people.get(person.id)?.isHere === true;
    people.set(person.id, { ...person, isHere, isMe: person.id === me?.id });
  }
  return [...people.values()].sort((one, other) => Number(other.isMe) - Number(one.isMe));
}

export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(word => word !== '');
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map(word => [...word ?? ''][0] ?? '').join('').toUpperCase();
}
