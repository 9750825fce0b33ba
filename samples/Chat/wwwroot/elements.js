// What both the users and the log are made of. Text goes in as text, never as markup.

export function create(tag, className = '', text = '') {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

export function createAvatar(username) {
  let hash = 0;
  for (const character of username) hash = (hash * 31 + character.codePointAt(0)) % 360;
  const avatar = create('span', 'avatar', [...username][0]?.toUpperCase());
  avatar.style.setProperty('--hue', hash);
  avatar.setAttribute('aria-hidden', 'true');
  return avatar;
}
