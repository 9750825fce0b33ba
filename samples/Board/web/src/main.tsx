import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import './styles/base.css';
import './styles/start.css';
import './styles/board.css';
import './styles/note.css';
import './styles/people.css';

createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>);
