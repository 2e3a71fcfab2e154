import { expect, it } from "vitest";
import { memoryStorage } from "../../../src/adapters/memory/memory-storage.js";
import { createServerFriends } from "../../../src/server/accounts/friends.js";
import { errorOf } from "./accounts-stage.js";

const limits = { maxFriends: 2, maxBlocked: 1 };

/** Friends over the memory storage; everybody exists. */
async function open() {
  const storage = memoryStorage();
  await storage.start();
  const people = {
    exists: async () => true,
    findMissing: async () => undefined,
    name: async (userIds: readonly string[]) => userIds.map((userId) => ({ userId })),
  };
  const findByPhoneNumber = () => Promise.reject(new Error("not asked for here"));
  const services = { ...storage, people, findByPhoneNumber, limits, assertRunning: () => {} };
  return { storage, friends: createServerFriends(services) };
}

it("nobody gets more friends than the limit, also not by being added", async () => {
  const { friends } = await open();
  await friends.add("ann", "bob");
  await friends.add("ann", "cid");
  expect((await errorOf(friends.add("ann", "dan"))).code).toBe("too_large");
  expect((await errorOf(friends.add("dan", "ann"))).code).toBe("too_large");
  expect(await friends.list("ann")).toEqual([{ userId: "bob" }, { userId: "cid" }]);
});

it("nobody blocks more users than the limit", async () => {
  const { friends } = await open();
  await friends.block("ann", "bob");
  expect((await errorOf(friends.block("ann", "cid"))).code).toBe("too_large");
  expect(await friends.blocked("ann")).toEqual(["bob"]);
});

it("who is blocked is not let in as a friend, and no list of blocks is loaded for it", async () => {
  const { storage, friends } = await open();
  await friends.block("bob", "ann");
  storage.blocks.list = () => Promise.reject(new Error("loaded the list"));
  expect((await errorOf(friends.add("ann", "bob"))).code).toBe("blocked");
  expect(await friends.add("bob", "ann")).toBe(true);
});
