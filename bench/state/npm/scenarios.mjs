// The models, as a user of @krmx/state writes them.
import state from '@krmx/state';
import { z } from 'zod';
import { itemCount, itemId, userName } from './work.mjs';

const items = () => Array.from({ length: itemCount }, (_, index) => ({
  id: itemId(index), name: `Item number ${index}`, x: index % 100, y: Math.floor(index / 10), health: 100, owner: userName(index % 8),
}));

const playerOf = (players, name) => players[name] ?? { name, moves: 0, hand: [1, 2, 3, 4, 5] };

const move = z.object({ item: z.number().int().min(0).max(itemCount - 1), x: z.number().int(), y: z.number().int() });

const model = (initial, itemOf, view) => {
  const model = new state.ProjectionModel(initial, view);
  model.when('move', move, (state, dispatcher, { item, x, y }) => {
    const moved = itemOf(state, item);
    moved.x = x;
    moved.y = y;
    state.players[dispatcher] ??= playerOf(state.players, dispatcher);
    state.players[dispatcher].moves += 1;
  });
  return model;
};

const byIndex = (state, item) => state.items[item];
const seen = (item, user) => ({
  id: item.id, name: item.name, x: item.x, y: item.y, health: item.owner === user ? item.health : null, isMine: item.owner === user,
});

export const scenarios = {
  shared: () => model({ items: items(), players: {} }, byIndex,
    ({ items, players }, user) => ({ items, own: playerOf(players, user) })),
  keyed: () => model(
    { items: Object.fromEntries(items().map(item => [item.id, item])), players: {} },
    (state, item) => state.items[itemId(item)],
    ({ items, players }, user) => ({ items, own: playerOf(players, user) })),
  fresh: () => model({ items: items(), players: {} }, byIndex,
    ({ items, players }, user) => ({ items: items.map(item => seen(item, user)), own: playerOf(players, user) })),
};
