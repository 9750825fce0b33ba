// Who one is: a person, by a key that only this browser knows, with a name and a colour; and which of that person's tabs this is.
import type { PersonColor, Profile } from '../contract';
import { Store } from '../store';
import { kept, keptForTab, recall } from './storage';

export const personColors: readonly PersonColor[] = ['red', 'amber', 'green', 'teal', 'blue', 'indigo', 'violet', 'rose'];

const keyKey = 'krmx-board-key';
const profileKey = 'krmx-board-profile';
const tabKey = 'krmx-board-tab';

/** Undefined until the person has said a name. */
export const profile = new Store<Profile | undefined>(recallProfile());

// Another tab has changed it.
addEventListener('storage', event => event.key === profileKey && profile.set(recallProfile()));

export function setProfile(next: Profile) {
  kept.set(profileKey, JSON.stringify(next));
  profile.set(next);
}

/** Has the person asked for a name again. */
export function forgetProfile() {
  kept.set(profileKey, 'null');
  profile.set(undefined);
}

/** What proves to the server whose tab this is, and says what others are to see. */
export function credentials(): string {
  let key = kept.get(keyKey);
  if (!key) kept.set(keyKey, key = randomText(32));
  return JSON.stringify({ key, profile: profile.value });
}

/** The username of this tab, which it keeps when it is reloaded. */
export function tabName(): string {
  return keptForTab.get(tabKey) ?? renameTab();
}

/** A tab that was duplicated has the name of the other one, and needs one of its own. */
export function renameTab(): string {
  const name = `tab-${randomText(16)}`;
  keptForTab.set(tabKey, name);
  return name;
}

export function randomText(length: number): string {
  return [...crypto.getRandomValues(new Uint8Array(length))].map(byte => (byte % 36).toString(36)).join('');
}

function recallProfile(): Profile | undefined {
  const recalled = recall(profileKey) as Partial<Profile> | undefined;
  return typeof recalled?.name === 'string' && personColors.includes(recalled.color!) ? recalled as Profile : undefined;
}
