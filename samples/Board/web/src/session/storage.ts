// What the browser keeps for this page; where it may not, the page keeps it for as long as it is open.

/** Kept for all tabs. */
export const kept = forgiving(() => localStorage);

/** Kept for this tab, also when it is reloaded. */
export const keptForTab = forgiving(() => sessionStorage);

/** Reads what was kept as JSON; undefined where there is nothing, or something else. */
export function recall(key: string): unknown {
  try {
    return JSON.parse(kept.get(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

function forgiving(storage: () => Storage) {
  const memory = new Map<string, string>();
  return {
    get(key: string): string | undefined {
      try {
        return storage().getItem(key) ?? memory.get(key);
      } catch {
        return memory.get(key);
      }
    },
    set(key: string, value: string) {
      memory.set(key, value);
      try {
        storage().setItem(key, value);
      } catch {
        // Blocked, or full.
      }
    },
  };
}
