import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readFinalState } from "../../../../scripts/chaos/judge/final-state.js";
import { HeadsWatcher } from "../../../../scripts/chaos/judge/heads-watcher.js";
import { judge } from "../../../../scripts/chaos/judge/judge.js";
import { drawCast } from "../../../../scripts/chaos/people/cast.js";
import { Crowd } from "../../../../scripts/chaos/people/crowd.js";
import { settleIn } from "../../../../scripts/chaos/people/settle-in.js";
import { CountedHistory } from "../../../../scripts/chaos/report/counted-history.js";
import { SeededRandom } from "../../../../src/testing/fakes/random.js";
import { eventually } from "../../../e2e/stage.js";
import { SmallPlace } from "./small-place.js";

const HEARTBEAT_MS = 25_000;

describe("a crowd on two nodes", () => {
  let place: SmallPlace;
  let history: CountedHistory;
  let crowd: Crowd;
  let watcher: HeadsWatcher;
  const random = new SeededRandom(1);
  const cast = drawCast(random, 20);

  beforeEach(async () => {
    const startedAt = performance.now();
    const elapsed = () => performance.now() - startedAt;
    place = await SmallPlace.open();
    history = new CountedHistory(elapsed);
    await settleIn(place.storage, cast, history);
    watcher = new HeadsWatcher(place.storage.messages, cast.userIds, history);
    const rates = { messagesPerSecond: 150, changesPerSecond: 5, deathsPerSecond: 2 };
    crowd = Crowd.start(place, history, { cast, random, elapsed, storage: place.storage, ...rates });
  });

  afterEach(async () => {
    await crowd.close();
    await watcher.close();
    await place.close();
  });

  const judgeAll = async () => {
    const problems = await crowd.quiet(30_000);
    await crowd.close();
    await watcher.look();
    history.record({ kind: "quiet", problems });
    const userIds = [cast.ownerId, ...cast.userIds, ...cast.fillerIds];
    const groupIds = cast.groups.map(({ id }) => id);
    return judge(history.events, await readFinalState(place.storage, userIds, groupIds), HEARTBEAT_MS);
  };

  it("talks, is cut off, comes back, settles, and everything is found as it should be", {
    timeout: 60_000,
  }, async () => {
    await eventually(() => history.counts.acked > 300, "people have talked");
    place.breakAll();
    await eventually(() => history.counts.acked > 600, "people have talked after that");
    await eventually(() => history.counts.unknown > 0, "somebody's application has died with a message under way");
    const { violations, history: events } = await judgeAll();
    expect(violations).toEqual([]);
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of ["added", "removed", "refused", "committed", "unknown", "offline"] as const) {
      expect(kinds).toContain(kind);
    }
    const authors = new Set(events.flatMap((event) => (event.kind === "invoke" ? [event.author] : [])));
    expect([...authors].sort()).toEqual(["legacy", "sdk", "server"]);
    expect(crowd.ackedOn(0)).not.toBeNull();
    expect(crowd.ackedOn(1)).not.toBeNull();
  });

  it("is told to lack what a node keeps from it", { timeout: 60_000 }, async () => {
    await eventually(() => history.counts.acked > 100, "people have talked");
    await crowd.quiet(30_000);
    const message = { type: 1, content: new TextEncoder().encode("forged words"), clientTime: 0, serverTime: 1 };
    const target = { kind: "single", id: cast.userIds[0] as string } as const;
    const uplink = { ...message, messageId: "0".repeat(32), afterId: null, senderId: null, target };
    await place.storage.messages.commit([{ ...uplink, syncEpoch: null, refuse: null }]);
    const { violations } = await judgeAll();
    expect(violations.map((violation) => violation.class)).toContain("forged");
  });
});
