import { useState, type FormEvent } from 'react';
import type { Profile } from '../contract';
import { Logo } from '../icons';
import { personColors } from '../session/identity';

/** Asks somebody new for a name. */
export function JoinForm({ board, onJoin }: { board: string; onJoin: (profile: Profile) => void }) {
  const [name, setName] = useState('');
  const join = (event: FormEvent) => {
    event.preventDefault();
    const color = personColors[Math.floor(Math.random() * personColors.length)]!;
    onJoin({ name: name.trim(), color });
  };
  return (
    <main className="start">
      <form className="card" onSubmit={join}>
        <Logo />
        <h1>{board}</h1>
        <p className="lead">You are about to enter this board.</p>
        <label htmlFor="name">What should the others call you?</label>
        <input
          id="name" value={name} onChange={event => setName(event.target.value)}
          maxLength={40} required pattern=".*\S.*" autoComplete="nickname" autoFocus placeholder="Simon" />
        <button className="primary" disabled={name.trim() === ''}>Enter</button>
      </form>
    </main>
  );
}
