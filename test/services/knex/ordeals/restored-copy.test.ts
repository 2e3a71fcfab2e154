import { describe, expect, it } from "vitest";
import { encodeText } from "../../../../src/core/bytes.js";
import { comesBackAlone, comesBackWith, turnBack } from "../../../e2e/turned-back.js";
import { withStorage } from "../../../e2e/with-storage.js";
import { DATABASES, tell } from "./databases.js";
import { RestorableDatabase } from "./restorable-database.js";
import { serverUrl } from "./stage.js";

const PAGE = { maxItems: 1, maxBytes: 1_000_000 };

const epochOf = ({ place }: RestorableDatabase): Promise<string> =>
  withStorage(place, async (storage) => (await storage.messages.readHeads([])).syncEpoch);

/** An epoch of its own, every inbox restored up to its head, and nothing judged that was written before. */
async function expectNewEpoch({ place }: RestorableDatabase, old: string): Promise<void> {
  await withStorage(place, async ({ messages }) => {
    const page = await messages.readInbox("ada", 0, PAGE);
    expect(page.syncEpoch).not.toBe(old);
    expect(page.headSeq).toBeGreaterThan(0);
    expect(page.baseSeq).toBe(page.headSeq);
    const late = {
      messageId: "0".repeat(32),
      afterId: null,
      senderId: "ada",
      target: { kind: "single", id: "bob" },
      type: 1,
      content: encodeText("from before"),
      clientTime: 1,
      serverTime: 1,
      syncEpoch: old,
      refuse: null,
    } as const;
    expect((await messages.commit([late])).outcomes).toEqual([{ kind: "stale" }]);
    expect((await messages.readInbox("ada", 0, PAGE)).headSeq).toBe(page.headSeq);
  });
}

describe.each(DATABASES)("an older copy of %s, put back under running clients", (service, client) => {
  const url = serverUrl(service);

  it.skipIf(url === "")(
    "I18, I6: marked as restored, has a new epoch, and each client is reset once, shows nothing twice, and sends again what vanished of its own",
    async () => {
      const back = await turnBack(await RestorableDatabase.create(client, url));
      const { server, gathering, vanished } = back;
      const epoch = await epochOf(server);
      const meanwhile = gathering.writeMany(10);
      await server.markRestored();
      await expectNewEpoch(server, epoch);
      await server.start();
      await meanwhile;
      await comesBackWith(40, back);
      tell(`older copy of ${service}`, { "messages vanished and came back": vanished.length });
    },
  );

  it.skipIf(url === "")(
    "I18, I6: with the mark forgotten, whose cursor is beyond the head is reset all the same, shows nothing twice, and sends again",
    async () => {
      const back = await turnBack(await RestorableDatabase.create(client, url));
      await back.server.start();
      await comesBackAlone(back);
    },
  );
});
