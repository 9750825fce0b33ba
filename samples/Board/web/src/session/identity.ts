// Who one is: a person, by a key that only this browser knows, with a name and a colour; and which of that person's tabs this is.
import type { Profile } from '../contract';
import { Store } from '../store';

export const personColors = ['red', 'amber', 'green', 'teal', 'blue', 'indigo', 'violet', 'rose'] as const;

const keyKey = 'krmx-board-key';
const profileKey = 'krmx-board-profile';
const tabKey = 'krmx-board-tab';

/** Undefined until the person has said a name. */
export const profile = new Store<Profile | undefined>(recallProfile());

// Another tab has changed it.
addEventListener('storage', event => event.key === profileKey && profile.set(recallProfile()));

export function setProfile(next: Profile) {
  localStorage.setItem(profileKey, JSON.stringify(next));
  profile.set(next);
}

/** What proves to the server whose tab this is, and says what others are to see. */
export function credentials(): string {
  let key = localStorage.getItem(keyKey);
  if (!key) localStorage.setItem(keyKey, key = randomText(32));
  return JSON.stringify({ key, profile: profile.value });
}

/** The username of this tab, which it keeps when it is reloaded. */
export function tabName(): string {
  return sessionStorage.getItem(tabKey) ?? renameTab();
}

/** A tab that was duplicated has the name of the other one, and needs one of its own. */
export function renameTab(): string {
  const name = `tab-${randomText(16)}`;
  sessionStorage.setItem(tabKey, name);
  return name;
}

export function randomText(length: number): string {
  return [...crypto.getRandomValues(new Uint8Array(length))].map(byte => (byte % 36).toString(36)).join('');
}

function recallProfile(): Profile | undefined {
  return JSON.parse(localStorage.getItem(profileKey) ?? 'null') ?? undefined;
}
