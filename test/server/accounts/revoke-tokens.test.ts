import { describe, expect, it } from "vitest";
import { memoryStorage } from "../../../src/index.js";
import { revokeTokens } from "../../../src/server/accounts/revoke-tokens.js";
import { LEEWAY_MS } from "../../../src/server/accounts/tokens.js";
import type { UserServices } from "../../../src/server/accounts/user-services.js";
import { errorOf } from "./accounts-stage.js";

const NOW = 1_700_000_000_000;

/** Ada's account, and what happens in what order to it and her sessions. */
async function openAda() {
  const storage = memoryStorage();
  await storage.start();
  const user = await storage.users.create({ phoneNumber: "1", nickname: "Ada", passwordHash: "x" });
  const { users: store } = storage;
  const steps: string[] = [];
  const update = store.update.bind(store);
  store.update = (id, changes) => update(id, changes).finally(() => steps.push("stored"));
  const recheck = (userId: string) => void steps.push(`recheck ${userId}`);
  const services = { store, runtime: { now: () => NOW }, recheck } as unknown as UserServices;
  return { store, user, steps, services };
}

describe("S12: revoked tokens", () => {
  it("are also those of a node whose clock is ahead by what is tolerated", async () => {
    const { services, user, store } = await openAda();
    const issuedFrom = await revokeTokens(services, user);
    expect(issuedFrom).toBeGreaterThan(NOW + LEEWAY_MS);
    expect((await store.find(user.id))?.revokedBefore).toBe(issuedFrom);
  });

  it("have the sessions asked about once they are, not before", async () => {
    const { services, user, steps } = await openAda();
    await revokeTokens(services, user);
    expect(steps).toEqual(["stored", `recheck ${user.id}`]);
  });

  it("have the sessions asked about also when nobody knows whether it was stored", async () => {
    const { services, user, steps, store } = await openAda();
    store.update = () => Promise.reject(new Error("late"));
    await errorOf(revokeTokens(services, user));
    expect(steps).toEqual([`recheck ${user.id}`]);
  });
});
