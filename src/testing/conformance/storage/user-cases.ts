import { isImError } from "../../../core/errors.js";
import { assertEqual, assertRejects, assertThat } from "../assert.js";
import { NEAR_TWINS, ODD_IDS } from "./odd-ids.js";
import type { StorageCases } from "./storage-cases.js";

/** Users of the built-in accounts: made once, found in every way. */
export const userCases: StorageCases = (add) => {
  add("a user is found as they were created, by every handle and after a restart", async (bench) => {
    const given = { id: "ada", phoneNumber: "+441632960961", nickname: "Ada “24/7” 😀", passwordHash: "v1$a$b" };
    const user = { ...given, revokedBefore: 0 };
    assertEqual(await bench.storage.users.create(given), user, "the user created");
    await bench.everywhere(async ({ users }) => {
      assertEqual(await users.find("ada"), user, "the user found");
      assertEqual(await users.findByPhoneNumber("+441632960961"), user, "the user found by phone number");
      assertEqual([...(await users.findMany(["ada"]))], [["ada", user]], "the users found");
    });
  });

  add("a user who does not exist is not found and cannot be changed", async ({ storage: { users } }) => {
    assertEqual(await users.find("nobody"), null, "the user found");
    assertEqual(await users.findByPhoneNumber("nobody"), null, "the user found by phone number");
    assertEqual(await users.update("nobody", { nickname: "new", revokedBefore: 1 }), false, "update");
    assertEqual(await users.find("nobody"), null, "the user found after the update");
  });

  add("generated ids of users are decimals from 1 on that skip what is taken", async (bench) => {
    const { users } = bench.storage;
    await users.create(bench.newUser({ id: "2" }));
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push((await users.create(bench.newUser())).id);
    assertEqual(ids, ["1", "3", "4"], "ids");
  });

  add("users created at once by several handles have ids of their own, also beside given ones", async (bench) => {
    const workers = await bench.workers(20);
    const named = workers.map(({ users }, index) => users.create(bench.newUser({ id: String(index + 1) })));
    const unnamed = workers.map(({ users }) => users.create(bench.newUser()));
    const results = await Promise.allSettled([...named, ...unnamed]);
    const created = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    assertEqual(results.slice(workers.length).filter(isFulfilled).length, 20, "number of creations without an id");
    assertEqual(new Set(created.map((user) => user.id)).size, created.length, "number of different ids");
    for (const user of created) assertEqual(await bench.storage.users.find(user.id), user, `user ${user.id}`);
  });

  add("a creation under an id that is taken fails and changes nothing", async (bench) => {
    const { users } = bench.storage;
    const first = await users.create(bench.newUser({ id: "ada" }));
    const again = bench.newUser({ id: "ada", nickname: "second" });
    await assertRejects(() => users.create(again), "add_failed", "create");
    assertEqual(await users.find("ada"), first, "the user");
    assertEqual((await users.create({ ...again, id: "eve" })).phoneNumber, again.phoneNumber, "the number, still free");
  });

  add("a creation with a phone number that is taken fails and changes nothing", async (bench) => {
    const { users } = bench.storage;
    const first = await users.create(bench.newUser({ id: "ada", phoneNumber: "+1" }));
    const again = bench.newUser({ id: "eve", phoneNumber: "+1" });
    await assertRejects(() => users.create(again), "add_failed", "create");
    await assertRejects(() => users.create(bench.newUser({ phoneNumber: "+1" })), "add_failed", "create without an id");
    assertEqual(await users.find("eve"), null, "the second user");
    assertEqual(await users.findByPhoneNumber("+1"), first, "the user of the number");
    assertEqual((await users.create(bench.newUser({ id: "eve" }))).id, "eve", "the id, still free");
  });

  add("X9: a creation that fails says nothing about the user who was there first", async (bench) => {
    const { users } = bench.storage;
    const first = await users.create(
      bench.newUser({ id: "ada-of-old", nickname: "Countess", passwordHash: "v1$hash" }),
    );
    for (const part of [{ id: first.id }, { phoneNumber: first.phoneNumber }]) {
      const { message } = await assertRejects(() => users.create(bench.newUser(part)), "add_failed", "create");
      for (const secret of [first.id, first.phoneNumber, first.nickname, first.passwordHash]) {
        assertThat(!message.includes(secret), `"${message}" does not name ${secret}`);
      }
    }
  });

  add("of creations racing for one phone number exactly one succeeds", async (bench) => {
    const workers = await bench.workers(10);
    const results = await Promise.allSettled(
      workers.map(({ users }) => users.create(bench.newUser({ phoneNumber: "+1" }))),
    );
    assertEqual(results.map(outcomeOf).sort(), [...Array(9).fill("add_failed"), "created"], "outcomes");
    const winner = results.find(isFulfilled)?.value;
    assertEqual<unknown>(await bench.storage.users.findByPhoneNumber("+1"), winner, "the user of the number");
  });

  add("of creations racing for one id exactly one succeeds, and the others take no phone number", async (bench) => {
    const workers = await bench.workers(10);
    const asked = workers.map((storage) => ({ storage, user: bench.newUser({ id: "ada" }) }));
    const results = await Promise.allSettled(asked.map(({ storage, user }) => storage.users.create(user)));
    assertEqual(results.map(outcomeOf).sort(), [...Array(9).fill("add_failed"), "created"], "outcomes");
    const { users } = bench.storage;
    const owners = await Promise.all(asked.map(({ user }) => users.findByPhoneNumber(user.phoneNumber)));
    assertEqual(owners.filter((user) => user !== null).length, 1, "number of phone numbers taken");
  });

  add("many users are found at once, each once, and unknown ones are left out", async (bench) => {
    const { users } = bench.storage;
    const [ada, bob] = [
      await users.create(bench.newUser({ id: "ada" })),
      await users.create(bench.newUser({ id: "bob" })),
    ];
    const found = await users.findMany(["bob", "nobody", "ada", "bob", "ADA"]);
    assertEqual(new Map(found), new Map(Object.entries({ ada, bob })), "users found");
    assertEqual((await users.findMany([])).size, 0, "number of users found of none");
    assertEqual((await users.findMany(["nobody"])).size, 0, "number of unknown users found");
  });

  add("2,000 users can be asked for at once", async (bench) => {
    const { users } = bench.storage;
    await users.create(bench.newUser({ id: "id-0" }));
    await users.create(bench.newUser({ id: "id-1999" }));
    const found = await users.findMany(Array.from({ length: 2_000 }, (_, index) => `id-${index}`));
    assertEqual([...found.keys()].sort(), ["id-0", "id-1999"], "ids found");
  });

  add("users whose ids look alike are two users", async (bench) => {
    const { users } = bench.storage;
    const ids = [...new Set(NEAR_TWINS.flat())];
    const created = new Map<string, unknown>();
    for (const id of ids) created.set(id, await users.create(bench.newUser({ id, nickname: `nick of ${id}` })));
    for (const id of ids) assertEqual<unknown>(await users.find(id), created.get(id), `user ${id}`);
    for (const id of ids) assertEqual([...(await users.findMany([id])).keys()], [id], `ids found for ${id}`);
    for (const id of ids) await users.update(id, { nickname: `new nick of ${id}` });
    for (const id of ids) assertEqual((await users.find(id))?.nickname, `new nick of ${id}`, `nickname of ${id}`);
  });

  add("a user of the built-in accounts may have any printable ASCII id", async (bench) => {
    const { users } = bench.storage;
    for (const id of ODD_IDS) {
      const user = await users.create(bench.newUser({ id }));
      assertEqual(user.id, id, "id of the user created");
      assertEqual(await users.find(id), user, `user ${id}`);
      assertEqual(await users.findByPhoneNumber(user.phoneNumber), user, `user ${id} found by phone number`);
    }
    assertEqual(new Set((await users.findMany(ODD_IDS)).keys()), new Set(ODD_IDS), "ids found");
  });

  add("I18: a mark as restored keeps users and friendships", async (bench) => {
    const { users, friends } = bench.storage;
    await users.create(bench.newUser({ id: "ada" }));
    await users.update("ada", { revokedBefore: 7 });
    const user = await users.find("ada");
    await friends.add("ada", "bob", 5_000);
    await bench.storage.markRestored();
    assertEqual(await users.find("ada"), user, "the user");
    assertEqual(await friends.list("bob"), ["ada"], "bob's friends");
  });
};

function isFulfilled<T>(result: PromiseSettledResult<T>): result is PromiseFulfilledResult<T> {
  return result.status === "fulfilled";
}

/** What became of a creation: `created`, the code of its error, or the error's text. */
function outcomeOf(result: PromiseSettledResult<unknown>): string {
  if (result.status === "fulfilled") return "created";
  return isImError(result.reason) ? result.reason.code : String(result.reason);
}
