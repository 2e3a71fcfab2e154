import type { FriendStore, Storage } from "../../../adapters/contracts/index.js";
import { assertEqual, assertRejects } from "../assert.js";
import { NEAR_TWINS, ODD_IDS } from "./odd-ids.js";
import type { StorageCases } from "./storage-cases.js";

/** Pairs whose order by bytes is another one than in a dictionary, by length, or by value. */
const ODDLY_ORDERED: readonly (readonly [string, string])[] = [
  ["a", "B"],
  ["a", "A"],
  ["_", "a"],
  ["Z", "_"],
  ["10", "9"],
  ["-1", "1"],
  ["aa", "b"],
  ["a", "a-"],
];

/** Far more friends than anybody has here. */
const MANY = 5_000;

/** Friendships: one pair each, whoever was named first. */
export const friendCases: StorageCases = (add) => {
  add("G7: who is added is a friend in both directions", async ({ storage: { friends } }) => {
    assertEqual(await friends.add("ann", "bob", MANY), true, "add");
    assertEqual(await friends.list("ann"), ["bob"], "ann's friends");
    assertEqual(await friends.list("bob"), ["ann"], "bob's friends");
  });

  add("G7: friends cannot be added again, whichever way round", async ({ storage: { friends } }) => {
    await friends.add("ann", "bob", MANY);
    assertEqual(await friends.add("ann", "bob", MANY), false, "second add");
    assertEqual(await friends.add("bob", "ann", MANY), false, "add the other way round");
    assertEqual([await friends.list("ann"), await friends.list("bob")], [["bob"], ["ann"]], "friends");
  });

  add("G7: a friendship ends once, whichever way round, and can begin again", async ({ storage: { friends } }) => {
    await friends.add("ann", "bob", MANY);
    await friends.add("ann", "cid", MANY);
    assertEqual(await friends.remove("bob", "ann"), true, "removal the other way round");
    assertEqual(await friends.remove("ann", "bob"), false, "second removal");
    assertEqual([await friends.list("ann"), await friends.list("bob")], [["cid"], []], "friends");
    assertEqual(await friends.add("bob", "ann", MANY), true, "add after the removal");
    assertEqual(
      [await friends.list("ann"), await friends.list("bob")],
      [["bob", "cid"], ["ann"]],
      "friends at the end",
    );
  });

  add("a removal of somebody who is no friend is false", async ({ storage: { friends } }) => {
    await friends.add("ann", "bob", MANY);
    assertEqual(await friends.remove("ann", "eve"), false, "removal of a stranger");
    assertEqual(await friends.remove("eve", "dan"), false, "removal among strangers");
    assertEqual(await friends.list("ann"), ["bob"], "ann's friends");
  });

  add("nobody has no friends", async ({ storage: { friends } }) => {
    assertEqual(await friends.list("nobody"), [], "friends");
  });

  add("friends may have an account here or not", async (bench) => {
    const { users, friends } = bench.storage;
    await users.create(bench.newUser({ id: "ann" }));
    assertEqual(await friends.add("ann", "from-elsewhere", MANY), true, "add");
    assertEqual(await friends.list("from-elsewhere"), ["ann"], "friends of the user without an account");
    assertEqual(await users.find("from-elsewhere"), null, "the account");
  });

  add("G7: of additions racing in both directions exactly one is true", async (bench) => {
    const racers = await bench.workers(8);
    for (let round = 0; round < 10; round++) {
      const [ann, bob] = [`ann-${round}`, `bob-${round}`];
      const additions = await race(racers, (friends, isEven) => {
        return isEven ? friends.add(ann, bob, MANY) : friends.add(bob, ann, MANY);
      });
      assertEqual(additions, 1, "number of additions");
      assertEqual(await bench.storage.friends.list(ann), [bob], "ann's friends");
      assertEqual(await bench.storage.friends.list(bob), [ann], "bob's friends");
    }
  });

  add("G7: of removals racing in both directions exactly one is true", async (bench) => {
    await bench.storage.friends.add("ann", "bob", MANY);
    const removals = await race(await bench.workers(8), (friends, isEven) => {
      return isEven ? friends.remove("ann", "bob") : friends.remove("bob", "ann");
    });
    assertEqual(removals, 1, "number of removals");
    assertEqual(await bench.storage.friends.list("ann"), [], "ann's friends");
  });

  add("friends added at once by several handles are all there", async (bench) => {
    const workers = await bench.workers(20);
    const ids = workers.map((_, index) => `friend-${index + 10}`);
    await Promise.all(workers.map(({ friends }, index) => friends.add("ann", ids[index] ?? "", MANY)));
    assertEqual<unknown>(await bench.storage.friends.list("ann"), ids, "ann's friends");
  });

  add(
    "nobody gets more friends than allowed, whoever of the two has so many already",
    async ({ storage: { friends } }) => {
      await friends.add("ann", "bob", 2);
      await friends.add("cid", "ann", 2);
      await assertRejects(() => friends.add("ann", "dan", 2), "too_large", "add by who has enough");
      await assertRejects(() => friends.add("dan", "ann", 2), "too_large", "add of who has enough");
      assertEqual([await friends.list("ann"), await friends.list("dan")], [["bob", "cid"], []], "friends");
      assertEqual(await friends.add("bob", "ann", 2), false, "add of who is a friend already");
      await friends.remove("ann", "bob");
      assertEqual(await friends.add("dan", "ann", 2), true, "add after a removal");
    },
  );

  add("of friends added at once no more than allowed are there", async (bench) => {
    const workers = await bench.workers(8);
    const adds = workers.map(({ friends }, n) => {
      return n % 4 < 2 ? friends.add("ann", `friend-${n}`, 3) : friends.add(`friend-${n}`, "ann", 3);
    });
    const outcomes = await Promise.allSettled(adds);
    assertEqual(outcomes.filter(({ status }) => status === "fulfilled").length, 3, "number of additions");
    assertEqual((await bench.storage.friends.list("ann")).length, 3, "number of ann's friends");
  });

  add("friends are listed by the bytes of their ids, whoever was named first", async ({ storage: { friends } }) => {
    const ids = ["b", "a", "Z", "_", "10", "1", "9", "~", "!", "A", "aa", "a-", "-"];
    for (const [index, id] of ids.entries())
      await (index % 2 === 0 ? friends.add("me", id, MANY) : friends.add(id, "me", MANY));
    assertEqual<unknown>(await friends.list("me"), ids.sort(), "friends");
  });

  for (const [one, other] of ODDLY_ORDERED) {
    add(`G7: ${one} and ${other} are one pair, whichever way round`, async ({ storage: { friends } }) => {
      assertEqual(await friends.add(one, other, MANY), true, "add");
      assertEqual(await friends.add(other, one, MANY), false, "add the other way round");
      assertEqual([await friends.list(one), await friends.list(other)], [[other], [one]], "friends");
      assertEqual(await friends.remove(other, one), true, "removal");
      assertEqual(await friends.list(one), [], "friends after the removal");
    });
  }

  add("friends whose ids look alike are two friends", async ({ storage: { friends } }) => {
    for (const [one, other] of NEAR_TWINS) {
      const me = `friend of ${one} ${other}`.replaceAll(" ", "-");
      assertEqual(
        [await friends.add(me, one, MANY), await friends.add(other, me, MANY)],
        [true, true],
        `adds of ${one}, ${other}`,
      );
      assertEqual(await friends.remove(one, me), true, `removal of ${one}`);
      assertEqual(await friends.list(me), [other], `friends without ${one}`);
    }
  });

  add("pairs whose ids run together alike are two pairs", async ({ storage: { friends } }) => {
    assertEqual([await friends.add("a", "bc", MANY), await friends.add("ab", "c", MANY)], [true, true], "adds");
    assertEqual(await friends.remove("ab", "c"), true, "removal");
    assertEqual([await friends.list("a"), await friends.list("ab")], [["bc"], []], "friends");
  });

  add("a friend may have any printable ASCII id", async ({ storage: { friends } }) => {
    for (const id of ODD_IDS) assertEqual(await friends.add(id, "ann", MANY), true, `add of ${id}`);
    assertEqual<unknown>(await friends.list("ann"), [...ODD_IDS].sort(), "ann's friends");
    for (const id of ODD_IDS) assertEqual(await friends.list(id), ["ann"], `friends of ${id}`);
  });

  add("a friendship is seen by every handle and after a restart", async (bench) => {
    await bench.storage.friends.add("bob", "ann", MANY);
    await bench.everywhere(async ({ friends }) => {
      assertEqual([await friends.list("ann"), await friends.list("bob")], [["bob"], ["ann"]], "friends");
      assertEqual(await friends.add("ann", "bob", MANY), false, "another add");
    });
  });
};

/** One call of each racer at once, half of each handle's the other way round. Returns how many were true. */
async function race(
  racers: readonly Storage[],
  call: (friends: FriendStore, isEven: boolean) => Promise<boolean>,
): Promise<number> {
  const calls = racers.map(({ friends }, index) => call(friends, (index >> 1) % 2 === 0));
  return (await Promise.all(calls)).filter(Boolean).length;
}
