import type { User } from "../../adapters/contracts/index.js";
import { LEEWAY_MS } from "./tokens.js";
import type { UserServices } from "./user-services.js";

/**
 * Makes every token of a user worth nothing, and gives the time that a token issued after this has to carry: later than any
 * clock within the leeway can have given one, so that tokens of a node that is ahead are out as well; and never before what is
 * stored, also when the clock was put back. Open sessions are asked about at once, on every node.
 */
export async function revokeTokens({ store, runtime, recheck }: UserServices, user: User): Promise<number> {
  const revokedBefore = Math.max(runtime.now() + LEEWAY_MS, user.revokedBefore) + 1;
  try {
    await store.update(user.id, { revokedBefore });
  } finally {
    // Also after a failure: it may have been stored all the same.
    recheck(user.id);
  }
  return revokedBefore;
}
