import type { UserId } from "../../../src/core/model.js";
import type { History } from "../../../src/testing/simulation/history.js";
import type { Ear } from "./ear.js";

/** What everybody who takes part needs. */
export interface SeatSurroundings {
  readonly history: History;
  readonly ear: Ear;
  /** Of the sockets, `ws://127.0.0.1:port/ws`. */
  readonly url: string;
  readonly token: (userId: UserId) => string;
}
