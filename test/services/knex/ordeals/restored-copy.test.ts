import { describe, expect, it, onTestFinished } from "vitest";
import { encodeText } from "../../../../src/core/bytes.js";
import { Gathering } from "../../../e2e/gathering.js";
import { eventually } from "../../../e2e/stage.js";
import { withStorage } from "../../../e2e/with-storage.js";
import { DATABASES, type ServerClient, tell } from "./databases.js";
import { RestorableDatabase } from "./restorable-database.js";
import { serverUrl } from "./stage.js";

const PAGE = { maxItems: 1, maxBytes: 1_000_000 };

/** Everybody has written, the server has stopped, and its database is an older copy. */
async function turnedBack(client: ServerClient, url: string) {
  const server = await RestorableDatabase.create(client, url);
  onTestFinished(() => server.dispose());
  const gathering = await Gathering.on(server);
  const vanished = await gathering.writeBeyondCopy();
  const epoch = await epochOf(server);
  await server.putBack();
  return { server, gathering, vanished, epoch };
}

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

const sorted = (ids: readonly string[]) => [...ids].sort();

describe.each(DATABASES)("an older copy of %s, put back under running clients", (service, client) => {
  const url = serverUrl(service);

  it.skipIf(url === "")(
    "I18, I6: marked as restored, has a new epoch, and each client is reset once, shows nothing twice, and sends again what vanished of its own",
    async () => {
      const { server, gathering, vanished, epoch } = await turnedBack(client, url);
      const meanwhile = gathering.writeMany(10);
      await server.markRestored();
      await expectNewEpoch(server, epoch);
      await server.start();
      await meanwhile;
      await eventually(() => vanished.every((id) => server.stored.includes(id)), "what vanished is back");
      expect(new Set(server.stored).size).toBe(server.stored.length);
      expect(server.stored.length).toBe(vanished.length + 40);
      await gathering.endsWell();
      expect(gathering.setbacks).toEqual([1, 1, 1, 1]);
      tell(`older copy of ${service}`, { "messages vanished and came back": vanished.length });
    },
  );

  it.skipIf(url === "")(
    "I18, I6: with the mark forgotten, whose cursor is beyond the head is reset all the same, shows nothing twice, and sends again",
    async () => {
      const { server, gathering, vanished } = await turnedBack(client, url);
      await server.start();
      await eventually(() => server.stored.length >= vanished.length, "what vanished is back");
      expect(sorted(server.stored)).toEqual(sorted(vanished));
      await gathering.endsWell();
      expect(gathering.setbacks).toEqual([1, 1, 1, 1]);
      expect(gathering.setbacksOfDan).toBe(0);
    },
  );
});
