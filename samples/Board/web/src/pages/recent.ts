// The boards that were opened last in this browser.
import { kept, recall } from '../session/storage';

const key = 'krmx-board-recent';
const most = 6;

export function recentBoards(): string[] {
  const recalled = recall(key);
  return Array.isArray(recalled) ? recalled.filter(name => typeof name === 'string') : [];
}

export function rememberBoard(name: string) {
  kept.set(key, JSON.stringify([name, ...recentBoards().filter(other => other !== name)].slice(0, most)));
}
