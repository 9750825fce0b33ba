// Holds back the krmx/link frames of connections, so that authentication takes as long as a test wants it to.
// @krmx/server 0.5 authenticates synchronously: the frame has to wait outside of it.
import { WebSocket } from 'ws';

const emit = WebSocket.prototype.emit;

const linkIn = data => {
  try {
    const { type, payload } = JSON.parse(data);
    return type === 'krmx/link' ? payload : undefined;
  } catch {
    return undefined;
  }
};

// onHeld is called with the payload of each link that begins to wait.
export const holdLinks = onHeld => {
  const waiting = new Map();

  // Every WebSocket of this process belongs to the server.
  WebSocket.prototype.emit = function (event, ...args) {
    if (event === 'close') {
      waiting.delete(this);
    } else if (event === 'message') {
      const link = linkIn(args[0]);
      if (waiting.has(this)) {
        waiting.get(this).frames.push(args);
        return true;
      }
      if (link !== undefined) {
        waiting.set(this, { username: link?.username, frames: [args] });
        onHeld(link);
        return true;
      }
    }
    return emit.call(this, event, ...args);
  };

  // Lets the oldest link for this user reach the server, and what its connection has sent since.
  return username => {
    for (const [socket, { username: waitingFor, frames }] of waiting) {
      if (waitingFor === username) {
        waiting.delete(socket);
        frames.forEach(frame => emit.call(socket, 'message', ...frame));
        return;
      }
    }
    throw new Error(`no link is waiting for ${username}`);
  };
};
