import type { Storage } from "../../../adapters/contracts/index.js";
import { assertEqual } from "../assert.js";
import type { StorageCases } from "./storage-cases.js";

/** Changes of a user: they touch what they name, and none is lost. */
export const userChangeCases: StorageCases = (add) => {
  add("a change touches what it names, for every handle and after a restart", async (bench) => {
    const { users } = bench.storage;
    let expected = await users.create(bench.newUser({ id: "ada" }));
    const bystander = await users.create(bench.newUser({ id: "bob" }));
    for (const changes of [{ nickname: "new" }, { passwordHash: "v2" }, { revokedBefore: 5 }, { nickname: "" }]) {
      expected = { ...expected, ...changes };
      assertEqual(await users.update("ada", changes), true, `update of ${Object.keys(changes)}`);
      assertEqual(await users.find("ada"), expected, "the user after it");
    }
    await bench.everywhere(async (storage) => {
      assertEqual(await storage.users.find("ada"), expected, "the user");
      assertEqual(
        await storage.users.findByPhoneNumber(expected.phoneNumber),
        expected,
        "the user of the phone number",
      );
      assertEqual(await storage.users.find("bob"), bystander, "somebody else");
    });
  });

  add("a change that changes nothing is true", async (bench) => {
    const { users } = bench.storage;
    const user = await users.create(bench.newUser({ id: "ada" }));
    const { nickname, passwordHash, revokedBefore } = user;
    for (const changes of [{}, { nickname }, { nickname, passwordHash, revokedBefore }]) {
      assertEqual(await users.update("ada", changes), true, `update of ${Object.keys(changes)}`);
    }
    assertEqual(await users.find("ada"), user, "the user");
  });

  add("a change for another password hash than the stored one is false and changes nothing", async (bench) => {
    const { users } = bench.storage;
    const user = await users.create(bench.newUser({ id: "ada", passwordHash: "v1" }));
    const changes = { nickname: "new", passwordHash: "v2", revokedBefore: 5 };
    for (const passwordHash of ["v2", "V1", "v1 ", ""]) {
      assertEqual(await users.update("ada", changes, { passwordHash }), false, `update of "${passwordHash}"`);
    }
    assertEqual(await users.find("ada"), user, "the user");
    assertEqual(await users.update("nobody", changes, { passwordHash: "v1" }), false, "update of nobody");
    assertEqual(await users.update("ada", changes, { passwordHash: "v1" }), true, "update of the stored one");
    assertEqual(await users.find("ada"), { ...user, ...changes }, "the user after it");
  });

  add("of changes for one password hash by several handles at once exactly one is made", async (bench) => {
    const workers = await bench.workers(8);
    await bench.storage.users.create(bench.newUser({ id: "ada", passwordHash: "v0" }));
    for (let round = 0; round < 5; round++) {
      const expected = { passwordHash: `v${round}` };
      const changes = { passwordHash: `v${round + 1}` };
      const made = await Promise.all(workers.map(({ users }) => users.update("ada", changes, expected)));
      assertEqual(made.filter(Boolean).length, 1, `number of changes in round ${round}`);
    }
  });

  add("X7: revokedBefore never goes back, and what is changed beside it is changed", async (bench) => {
    const { users } = bench.storage;
    const user = await users.create(bench.newUser({ id: "ada" }));
    await users.update("ada", { revokedBefore: 2_000 });
    assertEqual(await users.update("ada", { revokedBefore: 1_999, nickname: "new" }), true, "update");
    assertEqual(await users.find("ada"), { ...user, revokedBefore: 2_000, nickname: "new" }, "the user");
  });

  for (const revokedBefore of [1, 1_700_000_000_000, 253_402_300_800_000, Number.MAX_SAFE_INTEGER]) {
    add(`a revokedBefore of ${revokedBefore} is kept as said`, async (bench) => {
      const { users } = bench.storage;
      await users.create(bench.newUser({ id: "ada" }));
      await users.update("ada", { revokedBefore });
      assertEqual((await users.find("ada"))?.revokedBefore, revokedBefore, "revokedBefore");
    });
  }

  add("X7: a revokedBefore that several handles raise at once ends at the latest", async (bench) => {
    const user = await bench.storage.users.create(bench.newUser({ id: "ada" }));
    const workers = await bench.workers(10);
    // 1,000 to 1,009, the latest neither first nor last.
    const times = workers.map((_, index) => 1_000 + ((index * 7) % 10));
    await Promise.all(workers.map(({ users }, index) => users.update("ada", { revokedBefore: times[index] ?? 0 })));
    assertEqual(await bench.storage.users.find("ada"), { ...user, revokedBefore: 1_009 }, "the user");
  });

  add("changes of different fields at once by several handles are all kept", async (bench) => {
    const [one, other] = (await bench.workers(2)) as [Storage, Storage];
    const user = await one.users.create(bench.newUser({ id: "ada" }));
    for (let round = 1; round <= 20; round++) {
      const [nickname, passwordHash, revokedBefore] = [`nick ${round}`, `hash ${round}`, round];
      await Promise.all([
        one.users.update("ada", { nickname }),
        other.users.update("ada", { passwordHash }),
        one.users.update("ada", { revokedBefore }),
      ]);
      const expected = { ...user, nickname, passwordHash, revokedBefore };
      assertEqual(await other.users.find("ada"), expected, `the user after round ${round}`);
    }
  });
};
