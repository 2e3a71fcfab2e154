import { expect, onTestFinished } from "vitest";
import { Gathering, type Restorable } from "./gathering.js";
import type { RestartableServer } from "./restartable-server.js";
import { eventually } from "./stage.js";

/** A server whose storage can be turned back. */
type Server = RestartableServer & Restorable & { putBack(): Promise<void> };

/** Everybody has written, the server has stopped, and its storage is an older copy. */
export interface TurnedBack<S extends Server = Server> {
  readonly server: S;
  readonly gathering: Gathering;
  /** Ids of what the copy lacks. */
  readonly vanished: readonly string[];
}

/** @param server one that has not been started; it is gone when the test has finished */
export async function turnBack<S extends Server>(server: S): Promise<TurnedBack<S>> {
  onTestFinished(() => server.dispose());
  const gathering = await Gathering.on(server);
  const vanished = await gathering.writeBeyondCopy();
  await server.putBack();
  return { server, gathering, vanished };
}

/** The server runs again: what vanished comes back, once, with `others` messages, and each device was reset once. */
export async function comesBackWith(others: number, { server, gathering, vanished }: TurnedBack): Promise<void> {
  await eventually(() => vanished.every((id) => server.stored.includes(id)), "what vanished is back");
  expect(new Set(server.stored).size).toBe(server.stored.length);
  expect(server.stored.length).toBe(vanished.length + others);
  await gathering.endsWell();
  expect(gathering.setbacks).toEqual([1, 1, 1, 1]);
}

/** The server runs again: what vanished comes back, nothing else, and each device was reset once, but Dan's never. */
export async function comesBackAlone({ server, gathering, vanished }: TurnedBack): Promise<void> {
  await eventually(() => server.stored.length >= vanished.length, "what vanished is back");
  expect([...server.stored].sort()).toEqual([...vanished].sort());
  await gathering.endsWell();
  expect(gathering.setbacks).toEqual([1, 1, 1, 1]);
  expect(gathering.setbacksOfDan).toBe(0);
}
