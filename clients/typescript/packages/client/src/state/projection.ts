import { member, reasonOf, type Message, type PayloadOf } from '../protocol.js';
import { applyDelta, DeltaError } from './delta.js';
import { defaultLifetime, LiveState, type StateHost } from './live.js';

/** What an action does to the view at once, before the server has answered; it returns another view, and leaves the one it is given as it is. */
export type OptimisticHandlers<View, Action extends Message> = {
  [Type in Action['type']]?: (view: View, payload: PayloadOf<Action, Type>, dispatcher: string) => View;
};

/** How a projection is attached. */
export interface ProjectionOptions<View, Action extends Message> {
  /** What actions do at once. One whose type is not here shows when the server has answered. */
  optimistic?: OptimisticHandlers<View, Action>;
  /** For how long a dispatch waits for its answer, and shows its effect without one, in milliseconds. Default: 10,000. */
  lifetime?: number;
}

/** A projection: the view that the server sends its user, with the user's own actions on top at once. Protocol section 9. */
export class Projection<View, Action extends Message = Message> extends LiveState<View | undefined> {
  readonly #optimistic: OptimisticHandlers<View, Action>;

  /** Made by a client's `projection`. */
  constructor(host: StateHost, readonly domain: string, options: ProjectionOptions<View, Action>) {
    super(host, domain, undefined, options.lifetime ?? defaultLifetime, false);
    this.#optimistic = options.optimistic ?? {};
    this.#listen('projection/set', payload => member(payload, 'projection'), true);
    this.#listen('projection/delta', payload => {
      if (this.confirmed === undefined) throw new DeltaError('there is no view that the delta could change');
      return applyDelta(this.confirmed, member(payload, 'delta'));
    }, false);
    this.listen('projection/invalidate', payload => {
      if (member(payload, 'domain') !== domain) return;
      const isRefused = member(payload, 'accepted') === false;
      this.answer(member(payload, 'optimisticId'), isRefused ? reasonOf(payload) : undefined);
    });
  }

  /** The view, with the effect of actions that the server has not answered; undefined until the server has sent one. */
  get view(): View | undefined {
    return this.value;
  }

  /**
   * Asks the server to apply an action; its optimistic effect shows at once. Resolves when the server has accepted it, and rejects where it refuses, does not
   * answer in time, or the link ends.
   */
  dispatch(action: Action): Promise<void> {
    const handler = this.#optimistic[action.type as Action['type']] as ((view: View, payload: unknown, dispatcher: string) => View) | undefined;
    const apply = (view: View | undefined, dispatcher: string) =>
      view === undefined || !handler ? view : handler(view, action.payload, dispatcher);
    return this.dispatchPending(action.type, '', apply, optimisticId => {
      this.host.send('projection/action', { domain: this.domain, action, optimisticId });
    });
  }

  #listen(type: string, next: (payload: unknown) => unknown, isWhole: boolean) {
    this.listen(type, payload => {
      if (member(payload, 'domain') !== this.domain || this.linkedAs === undefined) return;
      if (isWhole) this.beginAnew();
      let view = this.confirmed;
      try {
        if (this.isTracked) view = next(payload) as View;
      } catch (error) {
        this.host.warn(`${type} of ${this.domain} does not fit`, error);
        this.suspend();
      }
      this.confirm(view, this.isTracked, member(payload, 'optimisticId'));
    });
  }
}
