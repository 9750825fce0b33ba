// Sorts messages with the type guards of @krmx/state, and counts what they let through.
import state from '@krmx/state';

const guards = {
  'atom/set': state.isAtomSetMessage,
  'stream/append': state.isStreamAppendMessage,
  'projection/set': state.isProjectionSetMessage,
  'projection/delta': state.isProjectionDeltaMessage,
  'projection/invalidate': state.isProjectionInvalidateMessage,
  'projection/action': state.isProjectionActionMessage,
};

// The guard that takes the message, by its type; every guard is asked, as a program that uses the package would.
export const kindOf = message => Object.keys(guards).find(type => guards[type](message));

// Calls the handler for the kind of each message. What no guard takes is ignored, as the protocol wants it.
export const sortMessages = handlers => {
  const counts = {};
  const handle = (message, ...context) => {
    const kind = kindOf(message);
    const name = kind === undefined ? `ignored ${message.type}` : kind;
    counts[name] = (counts[name] ?? 0) + 1;
    handlers[kind]?.(message.payload, ...context);
  };
  return { counts, handle };
};
