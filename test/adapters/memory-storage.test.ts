import { describe, expect, it } from "vitest";
import { REFUSAL_LIFE_MS } from "../../src/adapters/contracts/refusal-clock.js";
import { type MemoryStorage, memoryStorage } from "../../src/adapters/memory/memory-storage.js";
import { removeMember } from "../../src/testing/conformance/storage/membership.js";
import { UplinkMaker, type UplinkParts } from "../../src/testing/conformance/storage/uplink-maker.js";
import { storageConformance } from "../../src/testing/conformance/storage.js";
import { SeededRandom } from "../../src/testing/fakes/random.js";
import { lateStorage } from "./late-storage.js";

const WHOLE = { maxItems: 100, maxBytes: 1e6 };

const dispose = async () => {};

storageConformance({ describe, it }, async () => ({ storage: memoryStorage(), dispose }));

describe("with late answers and small prefixes", () => {
  const random = new SeededRandom(7);
  const create = async () => ({ storage: lateStorage(memoryStorage({ maxInboxRows: 5 }), random), dispose });
  storageConformance({ describe, it }, create, { rounds: 15, polls: 60, sameKeyRounds: 200 });
});

describe("memory storage", () => {
  const uplinks = new UplinkMaker();
  const started = async (storage = memoryStorage()) => {
    await storage.start();
    return storage;
  };
  const send = async (storage: MemoryStorage, parts: UplinkParts = {}) => {
    const uplink = uplinks.make(parts);
    const { outcomes } = await storage.messages.commit([uplink]);
    return { uplink, outcome: outcomes[0] };
  };
  const makeGroup = async ({ groups }: MemoryStorage) => {
    return (await groups.create({ name: "group", ownerId: "ann", memberIds: ["bob"] })).group;
  };
  const head = async (storage: MemoryStorage) => (await storage.messages.readHeads(["bob"])).heads.get("bob") ?? 0;

  it("has after a close and a start what it had before", async () => {
    const storage = await started();
    await send(storage);
    await storage.close();
    await storage.start();
    expect(await head(storage)).toBe(1);
  });

  it("takes the epoch from the random bytes it is given", async () => {
    const storage = await started(memoryStorage({ randomBytes: (length) => new Uint8Array(length).fill(0xab) }));
    expect((await storage.messages.readHeads([])).syncEpoch).toBe("ab".repeat(16));
  });

  it("gives two fresh storages different epochs", async () => {
    const epochs = await Promise.all(
      [started(), started()].map(async (storage) => (await storage).messages.readHeads([])),
    );
    expect(epochs[0]?.syncEpoch).not.toBe(epochs[1]?.syncEpoch);
  });

  it("answers as much of a batch as its rows allow, at least one uplink", async () => {
    const storage = await started(memoryStorage({ maxInboxRows: 1 }));
    const { outcomes } = await storage.messages.commit([uplinks.make({}), uplinks.make({})]);
    expect(outcomes).toHaveLength(1);
    expect(await head(storage)).toBe(1);
  });

  it("keeps content of its own, also when the caller's is a Buffer", async () => {
    const storage = await started();
    const content = Buffer.from("from a pool");
    await send(storage, { content });
    content.fill(0);
    const { items } = await storage.messages.readInbox("bob", 0, { maxItems: 1, maxBytes: 1 });
    const kept = items[0]?.message.content;
    expect(kept && Buffer.from(kept).toString()).toBe("from a pool");
    expect(kept?.constructor).toBe(Uint8Array);
    expect(kept?.buffer.byteLength).toBe(content.length);
  });

  describe("copy", () => {
    it("holds everything the storage held, under the same epoch", async () => {
      const storage = await started();
      const { id } = await makeGroup(storage);
      const stored = await send(storage, { target: { kind: "group", id } });
      const refused = await send(storage, { refuse: "blocked" });
      const copy = await started(storage.copy());
      expect(await copy.messages.readHeads(["ann", "bob"])).toEqual(await storage.messages.readHeads(["ann", "bob"]));
      expect(await copy.groups.memberships(id)).toEqual(await storage.groups.memberships(id));
      expect(await copy.groups.groupsOf("bob")).toEqual(await storage.groups.groupsOf("bob"));
      const page = (of: MemoryStorage) => of.messages.readConversation("bob", { kind: "group", id }, 0, WHOLE);
      expect(await page(copy)).toEqual(await page(storage));
      expect((await page(copy)).messages).toHaveLength(1);
      const again = await copy.messages.commit([stored.uplink, { ...refused.uplink, refuse: null }]);
      expect(again.outcomes).toEqual([{ ...stored.outcome, fresh: null }, refused.outcome]);
    });

    it("and the storage go their own ways", async () => {
      const storage = await started();
      const { id } = await makeGroup(storage);
      await send(storage);
      await storage.blocks.add("bob", "eve");
      const copy = await started(storage.copy());
      const late = await send(storage);
      await storage.blocks.remove("bob", "eve");
      const refused = await send(storage, { refuse: "blocked" });
      await removeMember(storage.groups, id, "bob");
      await storage.groups.create({ name: "another", ownerId: "ann", memberIds: [] });
      await copy.markRestored();
      expect([await head(storage), await head(copy)]).toEqual([2, 1]);
      expect((await copy.groups.memberships(id)).every((stay) => stay.leftSeq === null)).toBe(true);
      expect(await copy.groups.find("2")).toBeNull();
      expect([await copy.blocks.list("bob"), await storage.blocks.list("bob")]).toEqual([["eve"], []]);
      expect([(await copy.groups.groupsOf("bob")).length, (await storage.groups.groupsOf("bob")).length]).toEqual([
        1, 0,
      ]);
      const page = await copy.messages.readConversation("bob", { kind: "single", id: "ann" }, 0, WHOLE);
      expect(page.messages).toHaveLength(1);
      const { outcomes } = await copy.messages.commit([late.uplink, { ...refused.uplink, refuse: null }]);
      expect(outcomes.map((outcome) => outcome.kind === "stored" && outcome.fresh !== null)).toEqual([true, true]);
      expect((await storage.messages.readInbox("bob", 0, { maxItems: 1, maxBytes: 1 })).baseSeq).toBe(0);
      expect((await storage.messages.readHeads([])).syncEpoch).not.toBe((await copy.messages.readHeads([])).syncEpoch);
    });

    it("holds users and friends, and goes its own way with them", async () => {
      const storage = await started();
      const ada = await storage.users.create({ phoneNumber: "+1", nickname: "Ada", passwordHash: "hash" });
      await storage.friends.add(ada.id, "bob");
      const copy = await started(storage.copy());
      const eve = await storage.users.create({ phoneNumber: "+2", nickname: "Eve", passwordHash: "hash" });
      await storage.users.update(ada.id, { nickname: "new" });
      await storage.friends.remove(ada.id, "bob");
      await storage.friends.add(ada.id, eve.id);
      expect(await copy.users.find(ada.id)).toEqual(ada);
      expect(await copy.users.findByPhoneNumber("+1")).toEqual(ada);
      expect(await copy.users.findByPhoneNumber("+2")).toBeNull();
      expect(await copy.friends.list(ada.id)).toEqual(["bob"]);
      expect(await copy.friends.list("bob")).toEqual([ada.id]);
      const another = { phoneNumber: "+2", nickname: "another", passwordHash: "hash" };
      expect(await copy.users.create(another)).toEqual({ ...another, id: eve.id, revokedBefore: 0 });
      expect((await storage.users.find(eve.id))?.nickname).toBe("Eve");
    });

    it("is not started, whether the storage is or not", async () => {
      const storage = await started();
      await expect(storage.copy().messages.readHeads([])).rejects.toMatchObject({ code: "unavailable" });
      await storage.close();
      expect(await head(await started(storage.copy()))).toBe(0);
    });
  });

  describe("a refusal", () => {
    it("is forgotten after seven days of the server's clock, lived through and not jumped over, and not before", async () => {
      const storage = await started();
      const { uplink } = await send(storage, { refuse: "blocked" });
      const copy = { ...uplink, refuse: null };
      for (let day = 1; day <= 7; day++) {
        await send(storage, { refuse: "blocked", serverTime: uplink.serverTime + (day * REFUSAL_LIFE_MS) / 7 });
      }
      expect((await storage.messages.commit([copy])).outcomes[0]?.kind).toBe("refused");
      await send(storage, { refuse: "blocked", serverTime: uplink.serverTime + REFUSAL_LIFE_MS + 1 });
      expect((await storage.messages.commit([copy])).outcomes[0]?.kind).toBe("stored");
    });
  });
});
