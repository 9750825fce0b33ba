import { useEffect, useState } from 'react';
import { CheckIcon, LinkIcon } from '../icons';

/** Copies the address of the board: whoever opens it is on it. */
export function InviteButton() {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2_500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button className="primary invite" title="Copy the link to this board" onClick={async () => setCopied(await copy(location.href))}>
      {isCopied ? <CheckIcon /> : <LinkIcon />}
      <span aria-live="polite">{isCopied ? 'Copied' : 'Invite'}</span>
    </button>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https there is no clipboard to write to; the person may copy it.
    prompt('The link to this board:', text);
    return false;
  }
  return true;
}
