// The login, where the server was started with one: a name and a password for a token, which the link then carries.

export async function isLoginNeeded() {
  try {
    return (await (await fetch('login')).json()).isNeeded;
  } catch {
    return false;
  }
}

/** Resolves to `{token}`, or to `{reason}` where there is none. */
export async function logIn(username, password) {
  try {
    const response = await fetch('login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    return await response.json();
  } catch {
    return { reason: 'The server did not answer. Try again.' };
  }
}
