import { isObject } from '../protocol.js';

/** A delta that was made for another value; to go on would be to show a wrong state without a word. */
export class DeltaError extends Error {
  override readonly name = 'DeltaError';
}

// What the last of three elements says.
const deletedCode = 0, textCode = 2, movedCode = 3;
const deleted = Symbol('deleted');

/**
 * Applies a delta in the format of jsondiffpatch. The value stays as it is: what has changed is made anew, and what has not is the same in the result. Old
 * values are not compared, as a server leaves them out.
 * @throws {DeltaError} The delta does not fit.
 */
export function applyDelta(value: unknown, delta: unknown): unknown {
  return isAddition(delta) ? delta[0] : change(value, delta, '');
}

function isAddition(delta: unknown): delta is [unknown] {
  return Array.isArray(delta) && delta.length === 1;
}

/** Applies a delta that must leave a value. */
function change(value: unknown, delta: unknown, path: string): unknown {
  const changed = patch(value, delta, path);
  if (changed === deleted) throw refuse(path, 'this value cannot be deleted');
  return changed;
}

/** Applies a delta to a value that is there. */
function patch(value: unknown, delta: unknown, path: string): unknown {
  if (Array.isArray(delta)) return patchWhole(value, delta, path);
  if (!isObject(delta)) throw refuse(path, 'a delta is an array or an object');
  if (delta['_t'] === 'a') {
    if (!Array.isArray(value)) throw refuse(path, 'the delta is for an array, and there is none');
    return patchItems(value, delta, path);
  }
  if (!isObject(value)) throw refuse(path, 'the delta is for an object, and there is none');
  return patchMembers(value, delta, path);
}

function patchWhole(value: unknown, delta: unknown[], path: string): unknown {
  if (delta.length === 2) return delta[1];
  if (delta.length === 1) throw refuse(path, 'the added value is there already');
  if (delta.length === 3 && delta[2] === deletedCode) return deleted;
  if (delta.length === 3 && delta[2] === textCode) {
    if (typeof value !== 'string' || typeof delta[0] !== 'string') throw refuse(path, 'the delta is for a text, and there is none');
    return patchText(value, delta[0], path);
  }
  throw refuse(path, 'this is no kind of change');
}

function patchMembers(value: Record<string, unknown>, delta: Record<string, unknown>, path: string): Record<string, unknown> {
  // With a Map, as a member may have a name that means something to the language.
  const members = new Map(Object.entries(value));
  for (const [name, inner] of Object.entries(delta)) {
    const at = `${path}/${name}`;
    if (!members.has(name)) {
      if (!isAddition(inner)) throw refuse(at, 'the value to change is not there');
      members.set(name, inner[0]);
      continue;
    }
    const changed = patch(members.get(name), inner, at);
    if (changed === deleted) members.delete(name);
    else members.set(name, changed);
  }
  return Object.fromEntries(members);
}

function patchItems(old: unknown[], delta: Record<string, unknown>, path: string): unknown[] {
  const leaving = new Set<number>();
  const arrivals: [index: number, item: unknown][] = [];
  const inPlace: [index: number, change: unknown][] = [];
  for (const [name, inner] of Object.entries(delta)) {
    if (name === '_t') continue;
    const isOld = name.startsWith('_');
    const digits = isOld ? name.slice(1) : name;
    if (!/^(0|[1-9]\d*)$/.test(digits)) throw refuse(path, `'${name}' is no index`);
    const index = Number(digits);
    if (isOld) takeOut(index, inner);
    else if (isAddition(inner)) arrivals.push([index, inner[0]]);
    else inPlace.push([index, inner]);
  }

  const length = old.length - leaving.size + arrivals.length;
  const items: unknown[] = new Array(length);
  const isTaken = new Array<boolean>(length).fill(false);
  for (const [index, item] of arrivals) {
    if (index >= length || isTaken[index]) throw refuse(path, `no item can be put at ${index}`);
    items[index] = item;
    isTaken[index] = true;
  }
  let next = 0;
  for (const [index, item] of old.entries()) {
    if (leaving.has(index)) continue;
    while (isTaken[next]) next++;
    items[next++] = item;
  }
  for (const [index, inner] of inPlace) {
    if (index >= length) throw refuse(path, `there is no item at '${index}'`);
    items[index] = change(items[index], inner, `${path}/${index}`);
  }
  return items;

  function takeOut(index: number, inner: unknown) {
    if (index >= old.length) throw refuse(path, `there is no item at '_${index}'`);
    const [, target, code] = Array.isArray(inner) && inner.length === 3 ? inner as [unknown, unknown, unknown] : [];
    leaving.add(index);
    if (code === deletedCode) return;
    if (code !== movedCode || typeof target !== 'number' || !Number.isInteger(target) || target < 0) throw refuse(path, `'_${index}' neither removes nor moves`);
    arrivals.push([target, old[index]]);
  }
}

/**
 * Applies a text diff, which is a patch of diff-match-patch: hunks of `@@ -12,3 +12,5 @@` and a line for each piece of text. A hunk fits where it says, or not
 * at all: a state has not changed in the meantime.
 */
function patchText(source: string, diff: string, path: string): string {
  const target = new PatchedText(source);
  for (const { start, lines } of readHunks(diff, path)) {
    let fits = target.tryGoTo(start);
    for (const [kind, text] of lines) {
      if (kind === '+') target.insert(text);
      else fits &&= target.tryTake(text, kind === ' ');
    }
    if (!fits) throw refuse(path, 'the text diff is for another text');
  }
  const text = target.finish();
  if (!isWellFormed(text)) throw refuse(path, 'the text diff parts a surrogate pair');
  return text;
}

/** A text with a place in it, at which it is changed; positions count in the text as it is by then. Takes time in proportion to what is changed. */
class PatchedText {
  // The text before the place, and behind it: what stood before it once, and the rest of the source.
  readonly #done: string[] = [];
  #doneLength = 0;
  #next = '';
  #offset = 0;

  constructor(readonly source: string) {}

  tryGoTo(place: number): boolean {
    if (place < 0) return false;
    for (let back = this.#doneLength - place; back > 0;) {
      const piece = this.#done.pop()!;
      const kept = Math.max(0, piece.length - back);
      back -= piece.length - kept;
      this.#doneLength -= piece.length;
      this.#next = piece.slice(kept) + this.#next;
      this.insert(piece.slice(0, kept));
    }
    const ahead = place - this.#doneLength;
    const fromSource = Math.max(0, ahead - this.#next.length);
    if (this.#offset + fromSource > this.source.length) return false;
    this.insert(this.#next.slice(0, ahead));
    this.#next = this.#next.slice(ahead);
    this.insert(this.source.slice(this.#offset, this.#offset + fromSource));
    this.#offset += fromSource;
    return true;
  }

  insert(text: string) {
    if (text === '') return;
    this.#done.push(text);
    this.#doneLength += text.length;
  }

  /** Goes past a text that stands here, or takes it out. */
  tryTake(text: string, isKept: boolean): boolean {
    const length = Math.min(text.length, this.#next.length);
    if (!this.#next.startsWith(text.slice(0, length)) || !this.source.startsWith(text.slice(length), this.#offset)) return false;
    this.#next = this.#next.slice(length);
    this.#offset += text.length - length;
    if (isKept) this.insert(text);
    return true;
  }

  finish(): string {
    return this.#done.join('') + this.#next + this.source.slice(this.#offset);
  }
}

interface Hunk {
  start: number;
  lines: [kind: string, text: string][];
}

function readHunks(diff: string, path: string): Hunk[] {
  const malformed = refuse(path, 'the text diff is malformed');
  const hunks: Hunk[] = [];
  for (const line of diff.split('\n')) {
    if (line === '') continue;
    const header = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@$/.exec(line);
    if (header) {
      // They count from one, unless the length is zero.
      hunks.push({ start: Number(header[1]) - (header[2] === '0' ? 0 : 1), lines: [] });
      continue;
    }
    const hunk = hunks.at(-1);
    if (!hunk || !' -+'.includes(line[0]!)) throw malformed;
    try {
      hunk.lines.push([line[0]!, decodeURI(line.slice(1))]);
    } catch {
      throw malformed;
    }
  }
  return hunks;
}

function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

function refuse(path: string, reason: string): DeltaError {
  return new DeltaError(`${reason}${path && ` at ${path}`}`);
}
