// Drawn with the colour of the text around them; what they mean stands beside them, or in the name of the button.
function Icon({ path }: { path: string }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

export const UndoIcon = () => <Icon path="M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3" />;
export const LinkIcon = () => <Icon path="M10 14a5 5 0 0 0 7 0l3-3a5 5 0 0 0-7-7l-1 1M14 10a5 5 0 0 0-7 0l-3 3a5 5 0 0 0 7 7l1-1" />;
export const CheckIcon = () => <Icon path="m5 13 4 4L19 7" />;
export const PenIcon = () => <Icon path="m4 20 1-5L16 4l4 4L9 19zM14 6l4 4" />;
export const BinIcon = () => <Icon path="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5" />;

export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--brand)" />
      <path d="M8 8h16v11l-5 5H8z" fill="#ffe27a" />
      <path d="M24 19h-5v5z" fill="#d9b23c" />
    </svg>
  );
}
