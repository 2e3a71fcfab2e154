import { expect, it } from "vitest";
import { memoryStorage } from "../../../src/index.js";
import { revokeTokens } from "../../../src/server/accounts/revoke-tokens.js";
import { LEEWAY_MS } from "../../../src/server/accounts/tokens.js";
import type { UserServices } from "../../../src/server/accounts/user-services.js";

it("S12: tokens of a node whose clock is ahead by what is tolerated are revoked as well", async () => {
  const storage = memoryStorage();
  await storage.start();
  const user = await storage.users.create({ phoneNumber: "1", nickname: "Ada", passwordHash: "x" });
  const now = 1_700_000_000_000;
  const services = { store: storage.users, runtime: { now: () => now } } as unknown as UserServices;
  const issuedFrom = await revokeTokens(services, user);
  expect(issuedFrom).toBeGreaterThan(now + LEEWAY_MS);
  expect((await storage.users.find(user.id))?.revokedBefore).toBe(issuedFrom);
});
