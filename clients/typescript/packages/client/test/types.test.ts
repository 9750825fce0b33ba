import { expectTypeOf, test } from 'vitest';
import { createClient, type Message } from '../src/index.js';
import { FakeSocket } from './server.js';

type Sent = Message<'say', string> | Message<'wave', undefined>;
type Received = Message<'said', { by: string; text: string }> | Message<'waved', undefined>;

const typed = () => createClient<Sent, Received>({ webSocket: FakeSocket as never });

test('a client is typed by its messages', () => {
  const client = typed();
  client.onMessage('said', payload => expectTypeOf(payload).toEqualTypeOf<{ by: string; text: string }>());
  client.onMessage('waved', payload => expectTypeOf(payload).toEqualTypeOf<undefined>());
  client.on('message', message => {
    if (message.type === 'said') expectTypeOf(message.payload.text).toEqualTypeOf<string>();
  });
  expectTypeOf(client.send).parameter(0).toEqualTypeOf<Sent>();
});

test('a client of any messages takes any', () => {
  createClient({ webSocket: FakeSocket as never }).onMessage('chat', payload => expectTypeOf(payload).toEqualTypeOf<unknown>());
  const several = createClient<Message, Message<'a' | 'b', number>>({ webSocket: FakeSocket as never });
  several.onMessage('a', payload => expectTypeOf(payload).toEqualTypeOf<number>());
});

test('what does not fit does not compile', () => {
  const client = typed();
  const wrong = () => {
    // @ts-expect-error the payload is another one
    client.send({ type: 'say', payload: 7 });
    // @ts-expect-error the payload is missing
    client.send({ type: 'say' });
    // @ts-expect-error there is no such message to send
    client.send({ type: 'said', payload: { by: 'ann', text: 'hi' } });
    // @ts-expect-error there is no such message to hear
    client.onMessage('say', () => undefined);
  };
  void wrong;
});
