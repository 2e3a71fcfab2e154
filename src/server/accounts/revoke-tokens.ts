import type { User } from "../../adapters/contracts/index.js";
import type { UserServices } from "./user-services.js";

/**
 * Makes every token of a user worth nothing, and gives the time that a token issued after this has to carry: the millisecond
 * after now, so that one issued a moment ago in the same millisecond is out as well; and never before what is stored, also when
 * the clock was put back.
 */
export async function revokeTokens({ store, runtime }: UserServices, user: User): Promise<number> {
  const revokedBefore = Math.max(runtime.now(), user.revokedBefore) + 1;
  await store.update(user.id, { revokedBefore });
  return revokedBefore;
}
