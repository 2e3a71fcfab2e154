import type { Storage } from "../../../adapters/contracts/index.js";
import { assertEqual, assertRejects, assertThat } from "../assert.js";
import { readIds, WHOLE } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";

/** Starting, closing, and what is said in between. */
export const lifecycleCases: StorageCases = (add) => {
  add("a second start changes nothing", async (bench) => {
    await bench.commitOne();
    await bench.storage.start();
    assertEqual(await bench.head("bob"), 1, "bob's head after the second start");
  });

  add("a second close is silent", async (bench) => {
    await bench.storage.close();
    await bench.storage.close();
  });

  add("a close before the start is silent", (bench) => bench.storage.close(), "new");

  add("every call before the start rejects with unavailable", assertAllUnavailable, "new");

  add("every call after the close rejects with unavailable", async (bench) => {
    await bench.storage.close();
    await assertAllUnavailable(bench);
  });

  add("a start and a close at once leave a storage that can be closed", async ({ storage }) => {
    await Promise.allSettled([storage.start(), storage.close(), storage.start()]);
    await storage.close();
  });

  add("I1: a commit that was answered while the storage closed is there after a restart", async (bench) => {
    const uplinks = Array.from({ length: 20 }, () => bench.uplink());
    const commits = uplinks.map((uplink) => bench.storage.messages.commit([uplink]));
    const settled = Promise.allSettled(commits);
    await bench.storage.close();
    const answered = (await settled).flatMap((result, index) => {
      return result.status === "fulfilled" ? [uplinks[index]?.messageId] : [];
    });
    const stored = await readIds(await bench.restart(), "bob");
    for (const messageId of answered)
      assertThat(stored.includes(messageId ?? ""), `${messageId} was answered and kept`);
  });

  add("the limits for a batch are positive", async ({ storage: { commitLimits } }) => {
    for (const [name, limit] of Object.entries(commitLimits)) {
      assertThat(Number.isSafeInteger(limit) && limit > 0, `commitLimits.${name} is a positive integer, not ${limit}`);
    }
  });
};

async function assertAllUnavailable(bench: StorageBench): Promise<void> {
  for (const [name, call] of Object.entries(callsOf(bench.storage, bench))) {
    await assertRejects(call, "unavailable", name);
  }
}

function callsOf(storage: Storage, bench: StorageBench): Record<string, () => Promise<unknown>> {
  const { messages, groups } = storage;
  return {
    commit: () => messages.commit([bench.uplink()]),
    readInbox: () => messages.readInbox("ann", 0, WHOLE),
    readConversation: () => messages.readConversation("ann", { kind: "single", id: "bob" }, 0, WHOLE),
    readHeads: () => messages.readHeads(["ann"]),
    ...(storage.pendingSends && { "pendingSends.commit": () => bench.pendingSends().commit({ maxUplinks: 1 }) }),
    "groups.create": () => groups.create({ name: "group", ownerId: "ann", memberIds: [] }),
    "groups.find": () => groups.find("1"),
    "groups.change": () => groups.change("1", [], () => null),
    "groups.memberships": () => groups.memberships("1"),
    "groups.groupsOf": () => groups.groupsOf("ann"),
    markRestored: () => storage.markRestored(),
    ...accountCallsOf(storage, bench),
  };
}

function accountCallsOf(
  { users, friends, blocks }: Storage,
  bench: StorageBench,
): Record<string, () => Promise<unknown>> {
  return {
    "users.create": () => users.create(bench.newUser()),
    "users.find": () => users.find("1"),
    "users.findByPhoneNumber": () => users.findByPhoneNumber("1"),
    "users.findMany": () => users.findMany(["1"]),
    "users.findMany of nobody": () => users.findMany([]),
    "users.update": () => users.update("1", { nickname: "new" }),
    "users.update of nothing": () => users.update("1", {}),
    "friends.add": () => friends.add("ann", "bob"),
    "friends.remove": () => friends.remove("ann", "bob"),
    "friends.list": () => friends.list("ann"),
    "blocks.add": () => blocks.add("ann", "bob"),
    "blocks.remove": () => blocks.remove("ann", "bob"),
    "blocks.list": () => blocks.list("ann"),
  };
}
