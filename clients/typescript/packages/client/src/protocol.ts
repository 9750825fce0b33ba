/** A message: a type, and a payload, which may be absent where it may be undefined. */
export type Message<Type extends string = string, Payload = unknown> =
  undefined extends Payload ? { type: Type; payload?: Payload } : { type: Type; payload: Payload };

/** The payload of the messages of a type, among these. */
export type PayloadOf<Messages extends Message, Type> = Messages extends Message ? Type extends Messages['type'] ? Messages['payload'] : never : never;

/** A frame as it came. */
export interface Frame {
  type: string;
  payload?: unknown;
  isVolatile: boolean;
}

/** The lines of the protocol that this client speaks, newest first; they share their wire. */
export const versions = ['0.6.0', '0.5.0', '0.4.0'];

/** Close codes after which nobody comes back: one of the two broke a rule of the other, and would again, or the room was deleted. */
export const finalCloseCodes = [1002, 1003, 1007, 1008, 1009, 4410];

/** Close codes of a server that closes, and lets every user leave before: that was not about this user. */
export const farewellCloseCodes = [1001, 1012];

/** Reads a frame; undefined where it is no message. */
export function readFrame(data: unknown): Frame | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    if (!isObject(frame) || typeof frame['type'] !== 'string') return undefined;
    return { type: frame['type'], payload: frame['payload'], isVolatile: frame['volatile'] === true };
  } catch {
    return undefined;
  }
}

export function writeFrame(type: string, payload?: unknown, isVolatile = false): string {
  return JSON.stringify(isVolatile ? { type, payload, volatile: true } : { type, payload });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of a payload; undefined where the payload is no object, or has none. */
export function member(payload: unknown, name: string): unknown {
  return isObject(payload) ? payload[name] : undefined;
}

/** Why something was refused, as a server says it in a payload. */
export function reasonOf(payload: unknown): string {
  return String(member(payload, 'reason') ?? 'the server gave no reason');
}

/** A member of a payload that is an array of arrays; undefined where it is none. */
export function entries(payload: unknown, name: string): unknown[][] | undefined {
  const value = member(payload, name);
  return Array.isArray(value) && value.every(Array.isArray) ? value as unknown[][] : undefined;
}

/** Whether messages of a type belong to the protocol. */
export function isReserved(type: string): boolean {
  return type.startsWith('krmx/');
}
