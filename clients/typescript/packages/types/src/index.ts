import { compile, type JSONSchema } from 'json-schema-to-typescript';

/** A document of a server: AsyncAPI 3, with what is shared in the member `x-krmx` of each channel. */
interface Document {
  asyncapi: string;
  channels?: Record<string, Channel>;
  operations?: Record<string, Operation>;
  components?: { schemas?: Record<string, JSONSchema> };
}

interface Channel {
  address: string;
  messages?: Record<string, DocumentMessage>;
  'x-krmx'?: {
    projections?: Record<string, { view: JSONSchema; actions: Record<string, Payload> }>;
    streams?: Record<string, { events: Record<string, Payload> }>;
  };
}

interface DocumentMessage {
  name: string;
  payload: JSONSchema;
}

interface Reference {
  $ref: string;
}

interface Operation {
  action: 'send' | 'receive';
  channel: Reference;
  messages: Reference[];
  reply?: { messages: Reference[] };
}

/** What a message carries; false where that is nothing. */
type Payload = JSONSchema | false;

const nothing: JSONSchema = { tsType: 'undefined' };
const never: JSONSchema = { tsType: 'never' };

/**
 * Makes TypeScript of a server's contract: an interface for `createClient`, and one for each type that it names. A server of several routes has an interface
 * for each, named after the route.
 * @param source The text of the document.
 * @throws {Error} It is no contract.
 */
export async function generate(source: string): Promise<string> {
  const document = parse(source);
  const channels = Object.entries(document.channels ?? {});
  if (channels.length === 0) throw new Error('the contract has no channels: the server maps no route of Krmx');
  const contracts = channels.map(([key, channel]): [string, JSONSchema] => [
    channels.length === 1 ? 'Contract' : `${pascal(key)}Contract`, contractOf(document, key, channel),
  ]);
  const [[name, first], ...others] = contracts as [[string, JSONSchema], ...[string, JSONSchema][]];
  const whole = withDefinitions({ ...first, definitions: { ...document.components?.schemas, ...Object.fromEntries(others) } });
  const types = await compile(whole as JSONSchema, name, {
    additionalProperties: false,
    bannerComment: '// Made by krmx-types of the contract of a Krmx server; do not edit.',
    declareExternallyReferenced: true,
    unreachableDefinitions: true,
    style: { singleQuote: true, printWidth: 120 },
  });
  // Where a type stands in the document is nothing that its users need to know.
  return types
    .replaceAll(/^( \*\n)? \* This interface was referenced by .*\n \* via the `definition` ".*"\.\n/gm, '')
    .replaceAll('/**\n */\n', '');
}

function parse(source: string): Document {
  let document: Document;
  try {
    document = JSON.parse(source) as Document;
  } catch {
    throw new Error('the contract is no JSON');
  }
  if (typeof document?.asyncapi !== 'string' || !document.asyncapi.startsWith('3.')) throw new Error('the contract is not AsyncAPI 3');
  return document;
}

function contractOf(document: Document, key: string, channel: Channel): JSONSchema {
  const operations = Object.values(document.operations ?? {}).filter(operation => operation.channel.$ref === `#/channels/${key}`);
  const messagesOf = (references: Reference[]) => references.map(({ $ref }) => {
    const message = channel.messages?.[$ref.split('/').at(-1)!];
    if (!message) throw new Error(`the contract has no message ${$ref}`);
    return message;
  });
  // A message is a whole frame, and so has its payload inside; that of a request has it one further in.
  const payloadOf = (schema: JSONSchema | undefined) => schema?.properties?.['payload'];
  const framesOf = (action: Operation['action']) => union(operations
    .filter(operation => operation.action === action && !operation.reply)
    .flatMap(operation => messagesOf(operation.messages))
    .map(message => frame(message.name, payloadOf(message.payload) ?? false)));
  const requests = operations.flatMap(operation => operation.reply ? messagesOf(operation.messages).map((message): [string, JSONSchema] => [
    message.name,
    record({
      request: payloadOf(payloadOf(message.payload)) ?? { tsType: 'undefined' },
      answer: payloadOf(payloadOf(messagesOf(operation.reply!.messages)[0]!.payload)) ?? {},
    }),
  ]) : []);
  const shared = channel['x-krmx'] ?? {};
  return {
    description: `What rooms at ${channel.address} listen to, send and share.`,
    ...record({
      sent: framesOf('receive'),
      received: framesOf('send'),
      requests: record(Object.fromEntries(requests)),
      projections: record(mapped(shared.projections, ({ view, actions }) => record({ view, action: frames(actions) }))),
      streams: record(mapped(shared.streams, ({ events }) => record({ event: frames(events) }))),
    }),
  };
}

function frames(payloads: Record<string, Payload>): JSONSchema {
  return union(Object.entries(payloads).map(([type, payload]) => frame(type, payload)));
}

function frame(type: string, payload: Payload): JSONSchema {
  return {
    type: 'object',
    properties: { type: { const: type }, payload: payload === false ? nothing : payload },
    required: payload === false ? ['type'] : ['type', 'payload'],
  };
}

function record(properties: Record<string, JSONSchema>): JSONSchema {
  return { type: 'object', properties, required: Object.keys(properties) };
}

function union(schemas: JSONSchema[]): JSONSchema {
  return schemas.length === 0 ? never : schemas.length === 1 ? schemas[0]! : { anyOf: schemas };
}

function mapped<From, To>(all: Record<string, From> | undefined, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(all ?? {}).map(([name, value]) => [name, map(value)]));
}

/** A copy in which references are to definitions, as JSON Schema has them. */
function withDefinitions<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withDefinitions) as Value;
  if (typeof value !== 'object' || value === null) return value;
  // What stands beside a reference would make another type of it.
  if ('$ref' in value && typeof value.$ref === 'string') return { $ref: value.$ref.replace('#/components/schemas/', '#/definitions/') } as Value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withDefinitions(member)])) as Value;
}

/** A channel's key as the name of a type: its parts, without those of the room. */
function pascal(key: string): string {
  return key.split(/[^A-Za-z0-9]+/).filter(part => part).map(part => part[0]!.toUpperCase() + part.slice(1)).join('');
}
