import { useClient } from '@krmx-net/react';
import { useEffect, useState } from 'react';
import { profile, setProfile } from '../session/identity';
import { InviteButton } from '../board/InviteButton';
import { Logo } from '../icons';
import { Notices } from '../board/Notices';
import { People } from '../board/People';
import { participantsOf } from '../session/people';
import { linkTo } from '../routes';
import { BoardSession } from '../session/session';
import { useStored } from '../store';
import { Surface } from '../board/Surface';
import { JoinForm } from './JoinForm';
import { rememberBoard } from './recent';

/** A board, behind the question for a name where that is not known yet. */
export function BoardPage({ name }: { name: string }) {
  const isKnown = useStored(profile) !== undefined;
  useEffect(() => {
    document.title = `${name} – Krmx Board`;
  }, [name]);
  return isKnown ? <OpenBoard name={name} /> : <JoinForm board={name} onJoin={setProfile} />;
}

function OpenBoard({ name }: { name: string }) {
  const [session, setSession] = useState<BoardSession>();
  useEffect(() => {
    const opened = new BoardSession(name);
    setSession(opened);
    rememberBoard(name);
    return () => void opened.close();
  }, [name]);
  return session && <BoardView session={session} />;
}

function BoardView({ session }: { session: BoardSession }) {
  const { status, username, users } = useClient(session.client);
  return (
    <div className="board-page" data-status={status}>
      <header>
        <div className="panel">
          <a className="home" aria-label="To the start page" title="To the start page" {...linkTo('/')}><Logo /></a>
          <h1>{session.name}</h1>
        </div>
        <div className="panel">
          <People participants={participantsOf(users, username)} onChange={next => void session.setProfile(next)} />
          <InviteButton />
        </div>
      </header>
      <Surface session={session} users={users} />
      <Notices session={session} status={status} />
    </div>
  );
}
