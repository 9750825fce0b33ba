// Answers each line of standard input, a JSON array [what, ...arguments], with one line; README.md describes them.
import { createInterface } from 'node:readline';
import * as jsondiffpatch from 'jsondiffpatch';
import state from '@krmx/state';
import { kindOf } from './guards.mjs';

// The packages report errors on the console, and standard output belongs to the answers.
console.log = console.info = console.warn = console.error = () => {};

const patchers = {
  default: jsondiffpatch.create(),
  keyed: jsondiffpatch.create({ objectHash: item => item?.id }),
  valuesOnMove: jsondiffpatch.create({ objectHash: item => item?.id, arrays: { detectMove: true, includeValueOnMove: true } }),
  shortTexts: jsondiffpatch.create({ textDiff: { minLength: 8 } }),
};

const copy = value => JSON.parse(JSON.stringify(value));

// The members are left out where there is nothing to say: no delta for equal values, no result for what the package cannot do.
const compare = (patcher, [before, after, ours]) => {
  const answer = {};
  try {
    const delta = patcher.diff(copy(before), copy(after));
    if (delta !== undefined) {
      answer.delta = copy(delta);
      answer.patched = copy(patcher.patch(copy(before), copy(delta)));
    } else {
      answer.patched = before;
    }
  } catch (error) {
    answer.error = String(error);
  }
  try {
    answer.ours = ours === null ? before : copy(patcher.patch(copy(before), ours));
  } catch (error) {
    answer.oursError = String(error);
  }
  return answer;
};

const draw = (seed, draws) => {
  const random = new state.Random(seed);
  const drawn = draws.map(([what, ...given]) => random[what](...given));
  return { drawn, state: random };
};

// A client takes a model's actions and needs none of them here.
const follow = (view, deltas) => {
  const client = new state.ProjectionModel(undefined, () => undefined).spawnClient();
  client.set(view);
  return deltas.map(delta => {
    client.apply(delta);
    return client.projection();
  });
};

const answers = {
  compare: (options, pairs) => pairs.map(pair => compare(patchers[options], pair)),
  follow,
  kinds: messages => messages.map(message => kindOf(message) ?? null),
  draw: (seed, draws) => draw(seed, draws),
  resume: (seed, saved, count) => {
    const random = Object.assign(new state.Random(seed), saved);
    return Array.from({ length: count }, () => random.next());
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [what, ...given] = JSON.parse(line);
  process.stdout.write(JSON.stringify(answers[what](...given)) + '\n');
}
