import { assertThat } from "../assert.js";

/** One node's adapter, new: the suite calls `bind`, `start` and `close`. */
export interface Reachable<Adapter> {
  readonly adapter: Adapter;
  /** Cuts this node off, as a failing network does: nothing gets through, and nothing says so. Before `start`, too. */
  cut?(): Promise<void> | void;
  /** What `cut` did is over. */
  heal?(): Promise<void> | void;
}

/** Cuts a node off; its fixture has said that it can. */
export async function cutOff(node: Reachable<unknown>): Promise<void> {
  assertThat(node.cut !== undefined, "a fixture that lists the harm `cut` can do it");
  await node.cut();
}

/** Ends what {@link cutOff} did. */
export async function healed(node: Reachable<unknown>): Promise<void> {
  assertThat(node.heal !== undefined, "a fixture that lists the harm `cut` can undo it");
  await node.heal();
}
