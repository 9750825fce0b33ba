import jsondiffpatch from 'jsondiffpatch';
import { expect, test } from 'vitest';
import { applyDelta, DeltaError } from '../src/state/delta.js';

// Numbers from a seed, so that a failure can be had again.
function random(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

const words = ['a', 'ünal', '𝒳', 'constructor', '__proto__', 'x'.repeat(40), 'one %41 two;', '\n', ''];

function value(next: (below: number) => number, depth: number): unknown {
  switch (next(depth > 0 ? 8 : 5)) {
    case 0: return null;
    case 1: return next(2) === 0;
    case 2: return next(20) / 4;
    case 3: return words[next(words.length)];
    case 4: return Array.from({ length: next(6) }, () => words[next(words.length)]).join(' ');
    case 5: return Array.from({ length: next(6) }, () => ({ id: next(8), ...members(next, depth - 1) }));
    case 6: return Array.from({ length: next(5) }, () => value(next, depth - 1));
    default: return members(next, depth - 1);
  }
}

function members(next: (below: number) => number, depth: number): Record<string, unknown> {
  // What jsondiffpatch takes for something of its own language.
  const names = words.filter(word => word !== '__proto__' && word !== 'constructor');
  return Object.fromEntries(Array.from({ length: next(5) }, () => [names[next(names.length)]!, value(next, depth)]));
}

/** Another value, much like it. */
function like(before: unknown, next: (below: number) => number): unknown {
  if (next(6) === 0) return value(next, 2);
  if (typeof before === 'string') {
    const characters = [...before];
    characters.splice(next(characters.length + 1), next(4), ...words[next(words.length)]!);
    return characters.join('');
  }
  if (Array.isArray(before)) {
    const items = before.filter(() => next(5) > 0).map(item => next(4) === 0 ? like(item, next) : item);
    if (next(3) === 0) items.splice(next(items.length + 1), 0, value(next, 1));
    if (next(3) === 0 && items.length > 1) items.push(...items.splice(next(items.length), 1));
    return items;
  }
  if (typeof before === 'object' && before !== null) {
    return Object.fromEntries(Object.entries(before).filter(() => next(6) > 0).map(([name, inner]) => [name, next(3) === 0 ? like(inner, next) : inner]));
  }
  return before;
}

test('100,000 deltas of jsondiffpatch lead where they were made to lead, and change nothing else', { timeout: 120_000 }, () => {
  const differ = jsondiffpatch.create({ objectHash: (item: { id?: number } | null) => item?.id === undefined ? undefined : `${item.id}`, textDiff: { minLength: 20 } });
  const diff = (before: unknown, after: unknown) => {
    try {
      return differ.diff(before, after);
    } catch (error) {
      // It cannot write a text diff that parts a surrogate pair.
      if (error instanceof URIError) return undefined;
      throw error;
    }
  };
  const next = random(7);
  let deltas = 0, texts = 0, moves = 0;
  while (deltas < 100_000) {
    const before = value(next, 3);
    const after = like(before, next);
    const delta = diff(before, after);
    if (delta === undefined) continue;
    deltas++;
    const asSent = JSON.stringify(delta);
    texts += asSent.includes('@@ -') ? 1 : 0;
    moves += asSent.includes(',3]') ? 1 : 0;
    const frozen = JSON.stringify(before);
    let patched: unknown;
    try {
      patched = applyDelta(before, JSON.parse(asSent));
    } catch (error) {
      expect.fail(`${String(error)}: ${frozen} with ${asSent}`);
    }
    if (JSON.stringify(sorted(patched)) !== JSON.stringify(sorted(after))) expect.fail(`${frozen} with ${asSent} came to ${JSON.stringify(patched)}, not ${JSON.stringify(after)}`);
    if (JSON.stringify(before) !== frozen) expect.fail(`${frozen} was changed by ${asSent}`);
  }
  expect(texts).toBeGreaterThan(1_000);
  expect(moves).toBeGreaterThan(1_000);
});

/** The same, with members in one order: a delta does not say in which they were. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([name, inner]) => [name, sorted(inner)]);
}

test('what has not changed is the same afterwards', () => {
  const before = { items: [{ id: 1 }, { id: 2 }, { id: 3 }], other: { deep: [1] } };
  const after = applyDelta(before, { items: { _t: 'a', 1: { id: [0, 7] }, _0: ['', 2, 3] } }) as typeof before;
  expect(after).toEqual({ items: [{ id: 2 }, { id: 7 }, { id: 1 }], other: { deep: [1] } });
  expect(after.other).toBe(before.other);
  expect([after.items[0], after.items[2]]).toEqual([before.items[1], before.items[0]]);
  expect(after.items[0]).toBe(before.items[1]);
});

test('a member may have any name', () => {
  const delta = JSON.parse('{"__proto__":[{"x":1}],"constructor":[0,2],"toString":[0,0,0]}') as unknown;
  const after = applyDelta(JSON.parse('{"constructor":1,"toString":1}'), delta) as object;
  expect(JSON.stringify(after)).toBe('{"constructor":2,"__proto__":{"x":1}}');
  expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
});

test.each<[unknown, unknown, string]>([
  [{}, 7, 'a delta is an array or an object'],
  [{}, { a: [1, 2] }, 'the value to change is not there at /a'],
  [{ a: 1 }, { a: [2] }, 'the added value is there already at /a'],
  [{ a: 1 }, [0, 0, 0], 'this value cannot be deleted'],
  [{ a: 1 }, { a: { b: [1] } }, 'the delta is for an object, and there is none at /a'],
  [{ a: {} }, { a: { _t: 'a' } }, 'the delta is for an array, and there is none at /a'],
  [{ a: 1 }, { a: [1, 2, 9] }, 'this is no kind of change at /a'],
  [[1], { _t: 'a', _1: [0, 0, 0] }, "there is no item at '_1'"],
  [[1], { _t: 'a', _0: [0, 1, 2] }, "'_0' neither removes nor moves"],
  [[1], { _t: 'a', '01': [1] }, "'01' is no index"],
  [[1], { _t: 'a', 5: [1] }, 'no item can be put at 5'],
  [[1], { _t: 'a', 5: [1, 2] }, "there is no item at '5'"],
  ['abc', ['@@ -1,3 +1,3 @@\n ab\n-x\n+y\n', 0, 2], 'the text diff is for another text'],
  ['abc', ['@@ -0,3 +0,3 @@\n abc\n', 0, 2], 'the text diff is for another text'],
  ['abc', ['@@ -9,3 +9,3 @@\n abc\n', 0, 2], 'the text diff is for another text'],
  ['abc', ['no diff', 0, 2], 'the text diff is malformed'],
  ['abc', ['@@ -1,3 +1,3 @@\n %zz\n', 0, 2], 'the text diff is malformed'],
  [7, ['@@ -1 +1 @@\n a\n', 0, 2], 'the delta is for a text, and there is none'],
])('%j with %j is refused', (before, delta, reason) => {
  expect(() => applyDelta(before, delta)).toThrow(new DeltaError(reason));
});
