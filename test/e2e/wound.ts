import type { MortalServer } from "./mortal-server.js";
import { autopsy } from "./sqlite-file.js";
import { eventually } from "./stage.js";
import type { Writer } from "./writer.js";

/** What one `kill -9` hit. */
export interface Wound {
  /** What SQLite says of the file; "ok" when it is whole. */
  readonly integrity: string;
  /** Acknowledged, and not in the file. */
  readonly lost: number;
  /** Under way in the moment of the kill, and never answered by this process. */
  readonly unanswered: number;
  /** … and in the file all the same: the kill came between commit and ACK. */
  readonly storedUnanswered: number;
}

/** Kills the server in the very moment in which the writers are told of the `count`-th letter from now on. */
export async function killAfter(count: number, server: MortalServer, writers: readonly Writer[]): Promise<Wound> {
  let underWay: string[] = [];
  await nthAnswer(count, writers, () => {
    void server.kill();
    underWay = writers.flatMap((writer) => writer.underWay());
  });
  await server.kill();
  await eventually(() => writers.every(({ isOffline }) => isOffline), "everybody has noticed");
  const acknowledged = new Set(writers.flatMap(({ letters }) => letters.map(({ messageId }) => messageId)));
  const unanswered = underWay.filter((messageId) => !acknowledged.has(messageId));
  const { integrity, messageIds } = await autopsy(server.place.filename);
  return {
    integrity,
    lost: [...acknowledged].filter((messageId) => !messageIds.has(messageId)).length,
    unanswered: unanswered.length,
    storedUnanswered: unanswered.filter((messageId) => messageIds.has(messageId)).length,
  };
}

/** Resolves when each writer was told of one letter more. */
export async function everybodyIsBack(writers: readonly Writer[]): Promise<void> {
  const before = writers.map(({ letters }) => letters.length);
  const isBack = ({ letters }: Writer, index: number) => letters.length > (before[index] ?? 0);
  await eventually(() => writers.every(isBack), "everybody writes again");
}

/** Calls `act` within the event of the `count`-th answer from now on; resolves behind it. */
async function nthAnswer(count: number, writers: readonly Writer[], act: () => void): Promise<void> {
  let left = count;
  await new Promise<void>((resolve) => {
    const tell = () => {
      if (--left > 0) return;
      for (const stop of stops) stop();
      act();
      resolve();
    };
    const stops = writers.map(({ client }) => client.on("sent", tell));
  });
}
