import type { Status } from '@krmx-net/client';
import { useEffect, useState } from 'react';
import type { BoardSession } from '../session/session';
import { useStored } from '../store';

const noticeTime = 6_000;

/** How things are, as far as they are not as they should be, and what has just happened. */
export function Notices({ session, status }: { session: BoardSession; status: Status }) {
  const refusal = useStored(session.refusal);
  const isUnreachable = useStored(session.isUnreachable);
  const connection = status === 'linked' ? undefined : connectionNotice(refusal, isUnreachable, status);
  const notice = useRecent(useStored(session.notice));
  return (
    <div className="notices" role="status">
      {connection && <p className="connection"><span className="pulse" aria-hidden="true" />{connection}</p>}
      {notice && <p>{notice.text}</p>}
    </div>
  );
}

function connectionNotice(refusal: string | undefined, isUnreachable: boolean, status: Status): string {
  if (isUnreachable) return 'The board cannot be reached. Trying again.';
  if (refusal !== undefined) return `You cannot enter yet: ${refusal}.`;
  return status === 'reconnecting' ? 'Reconnecting. What you do meanwhile is kept.' : 'Opening the board.';
}

/** A value for some seconds after it was new. */
function useRecent<Value>(value: Value): Value | undefined {
  const [old, setOld] = useState<Value>();
  useEffect(() => {
    const timer = setTimeout(() => setOld(value), noticeTime);
    return () => clearTimeout(timer);
  }, [value]);
  return value === old ? undefined : value;
}
