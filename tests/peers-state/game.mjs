// The shared state that both sides define alike; Krmx.FunctionalTests has it in C# (State/Game). A projection with hidden hands, a stream
// that everybody folds, and beside them atoms, which need no model.
import state from '@krmx/state';
import { z } from 'zod';

export const domains = { table: 'table', board: 'board' };

const cardCount = 30;
const nothing = z.undefined();

const deck = Array.from({ length: cardCount }, (_, index) => {
  const value = (index * 7) % cardCount + 1;
  return { id: `card-${String(value).padStart(2, '0')}`, value };
});

const refuse = reason => {
  throw new Error(reason);
};

const inOrder = (a, b) => a.value - b.value;

const viewOf = ({ deck, hands, pile, notes }, username) => ({
  deckSize: deck.length,
  players: Object.keys(hands).sort().map(name => ({ name, cards: hands[name].length })),
  hand: hands[username] ?? [],
  pile: pile.slice(-6),
  note: notes[username] ?? '',
});

export const table = new state.ProjectionModel({ deck, hands: {}, pile: [], notes: {} }, viewOf);

table.when('draw', nothing, (state, dispatcher) => {
  if (state.deck.length === 0) {
    refuse('the deck is empty');
  }
  state.hands[dispatcher] = [...(state.hands[dispatcher] ?? []), state.deck.pop()].sort(inOrder);
});

table.when('play', z.object({ card: z.string().max(20) }), (state, dispatcher, { card }) => {
  const hand = state.hands[dispatcher] ?? [];
  const index = hand.findIndex(({ id }) => id === card);
  if (index < 0) {
    refuse('you do not have that card');
  }
  state.pile.push(...hand.splice(index, 1));
}, (view, dispatcher, { card }) => {
  const index = view.hand.findIndex(({ id }) => id === card);
  if (index >= 0) {
    view.pile = [...view.pile, ...view.hand.splice(index, 1)].slice(-6);
  }
});

// Changes nothing where the pile is empty.
table.when('recycle', nothing, state => {
  state.deck = [...state.pile.reverse(), ...state.deck];
  state.pile = [];
});

// Changes the view of one user only.
table.when('note', z.object({ text: z.string() }), (state, dispatcher, { text }) => {
  state.notes[dispatcher] = text;
}, (view, dispatcher, { text }) => {
  view.note = text;
});

// Shows at once, and is always refused.
table.when('cheat', nothing, () => refuse('nobody cheats here'), view => {
  view.note = 'cheated';
});

export const board = new state.StreamModel({ posts: [], likes: {}, total: 0 });

board.when('post', z.object({ text: z.string().min(1).max(40) }), (state, dispatcher, { text }) => {
  state.posts.push({ by: dispatcher, text });
});

board.when('like', nothing, (state, dispatcher) => {
  state.likes[dispatcher] = (state.likes[dispatcher] ?? 0) + 1;
});

board.when('add', z.object({ amount: z.number() }), (state, dispatcher, { amount }) => {
  state.total += amount;
});

// What a server of ours may put in the place of all events before it.
board.when('snapshot', z.any(), (state, dispatcher, snapshot) => snapshot);

// Where there is no such post the handler throws: the event stands in the log and changes nothing.
board.when('remove', z.object({ index: z.number().int() }), (state, dispatcher, { index }) => {
  if (index < 0 || index >= state.posts.length) {
    refuse('there is no such post');
  }
  state.posts.splice(index, 1);
});
