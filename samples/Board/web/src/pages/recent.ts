// The boards that were opened last in this browser.
const key = 'krmx-board-recent';
const most = 6;

export function recentBoards(): string[] {
  return JSON.parse(localStorage.getItem(key) ?? '[]');
}

export function rememberBoard(name: string) {
  localStorage.setItem(key, JSON.stringify([name, ...recentBoards().filter(other => other !== name)].slice(0, most)));
}
