import { expectTypeOf, test } from 'vitest';
import type { Contract } from '../../types/test/quiz.js';
import { createClient, type Message } from '../src/index.js';
import { FakeSocket } from './server.js';

type Sent = Message<'say', string> | Message<'wave', undefined>;
type Received = Message<'said', { by: string; text: string }> | Message<'waved', undefined>;

const typed = () => createClient<{ sent: Sent; received: Received }>({ webSocket: FakeSocket as never });

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
  const several = createClient<{ received: Message<'a' | 'b', number> }>({ webSocket: FakeSocket as never });
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

const ofContract = () => createClient<Contract>({ webSocket: FakeSocket as never });

test('a client is typed by a contract, from end to end', () => {
  const right = async () => {
    const client = ofContract();
    client.send({ type: 'chat/message', payload: { text: 'hi' } });
    client.onMessage('chat/messaged', payload => expectTypeOf(payload).toEqualTypeOf<{ username: string; text: string; colour: 'red' | 'darkBlue' | null }>());
    expectTypeOf(await client.request('seat/take', { number: 4 })).toEqualTypeOf<{ number: number; owner: string }>();
    expectTypeOf(await client.request('seat/free')).toEqualTypeOf<number>();
    const board = client.projection('board', { optimistic: { 'note/add': (view, { text }) => ({ ...view, notes: [...view.notes, { text, due: null }] }) } });
    expectTypeOf(board.view).toEqualTypeOf<Contract['projections']['board']['view'] | undefined>();
    await board.dispatch({ type: 'board/clear' });
    const score = client.stream('score', { initial: 0, events: { 'score/add': (score: number, points) => score + points } });
    expectTypeOf(score.state).toEqualTypeOf<number>();
    await score.dispatch({ type: 'score/add', payload: 3 });
  };
  void right;
});

test('what a contract does not have does not compile', () => {
  const wrong = () => {
    const client = ofContract();
    // @ts-expect-error the payload is another one
    client.send({ type: 'chat/message', payload: 'hi' });
    // @ts-expect-error there is no such colour
    client.send({ type: 'chat/message', payload: { text: 'hi', colour: 'green' } });
    // @ts-expect-error there is no such message to hear
    client.onMessage('chat/message', () => undefined);
    // @ts-expect-error there is no such request
    void client.request('seat/leave');
    // @ts-expect-error the request needs a payload
    void client.request('seat/take');
    // @ts-expect-error there is no such projection
    client.projection('table');
    // @ts-expect-error there is no such action
    void client.projection('board').dispatch({ type: 'note/remove' });
    // @ts-expect-error an event has no handler
    client.stream('score', { initial: 0, events: {} });
  };
  void wrong;
});
