// Where one is: the start page, or a board by its name.
import { useSyncExternalStore, type MouseEvent } from 'react';

const prefix = '/boards/';
const maxNameLength = 40;

export function pathOf(board: string): string {
  return prefix + encodeURIComponent(board);
}

/** The name of the board at a path; undefined where there can be none. */
export function boardOf(path: string): string | undefined {
  if (!path.startsWith(prefix)) return undefined;
  try {
    const name = decodeURIComponent(path.slice(prefix.length).replace(/\/$/, ''));
    return name.length > 0 && name.length <= maxNameLength ? name : undefined;
  } catch {
    return undefined; // a % that encodes nothing
  }
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

export function navigate(path: string) {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** What a link to a page of this application is given; the browser still opens it in a new tab, if asked to. */
export function linkTo(path: string) {
  return {
    href: path,
    onClick: (event: MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      navigate(path);
    },
  };
}

function subscribe(changed: () => void) {
  addEventListener('popstate', changed);
  return () => removeEventListener('popstate', changed);
}
