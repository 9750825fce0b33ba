import { BoardPage } from './pages/BoardPage';
import { boardOf, usePath } from './routes';
import { StartPage } from './pages/StartPage';

export function App() {
  const board = boardOf(usePath());
  return board === undefined ? <StartPage /> : <BoardPage key={board} name={board} />;
}
