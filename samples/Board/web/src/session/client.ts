import { createClient, type Client } from '@krmx-net/client';
import type { Contract } from '../contract';
import { optimistic } from './notes';

export type BoardClient = Client<Contract>;
export type BoardProjection = ReturnType<typeof attachBoard>;
export type BoardAction = Contract['projections']['board']['action'];

// What one did stays in sight, however long the connection is away.
const changeLifetime = 3_600_000;

/** A tab comes back by its session; where that has ended and somebody has its name, it is told at once, and takes another one. */
export function createBoardClient(): BoardClient {
  return createClient<Contract>({ reconnect: { minDelay: 500, maxDelay: 5_000, relinkTimeout: 0 } });
}

export function attachBoard(client: BoardClient) {
  return client.projection('board', { optimistic, lifetime: changeLifetime });
}
