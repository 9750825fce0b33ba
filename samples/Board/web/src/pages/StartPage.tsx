import { useEffect } from 'react';
import { Logo } from '../icons';
import { linkTo, navigate, pathOf } from '../routes';
import { randomName } from './names';
import { recentBoards } from './recent';

export function StartPage() {
  const recent = recentBoards();
  useEffect(() => {
    document.title = 'Krmx Board';
  }, []);
  return (
    <main className="start">
      <div className="scraps" aria-hidden="true">
        <p data-color="yellow">Milk, bread, a better plan</p>
        <p data-color="pink">Ask Nora!</p>
        <p data-color="blue">Ship it on Friday?</p>
        <p data-color="green">Done ✓</p>
      </div>
      <section className="card">
        <Logo />
        <h1>Plan it together</h1>
        <p className="lead">A board for sticky notes. Everybody with its link sees each note move, as it moves.</p>
        <button className="primary" onClick={() => navigate(pathOf(randomName()))}>New board</button>
        {recent.length > 0 && (
          <nav aria-labelledby="recent">
            <h2 id="recent">Where you were</h2>
            <ul>
              {recent.map(name => <li key={name}><a {...linkTo(pathOf(name))}>{name}</a></li>)}
            </ul>
          </nav>
        )}
      </section>
    </main>
  );
}
