import { createHash } from "node:crypto";
import { nodePlatform } from "../../../src/client/platforms/node.js";
import type { UserId } from "../../../src/core/model.js";
import { Tokens } from "../../../src/server/accounts/tokens.js";

/** Longer than any storm. */
const TOKEN_TTL_MS = 86_400_000;

/** Signs tokens that the nodes accept, as if everybody had just logged in. */
export class TokenDesk {
  readonly #tokens: Tokens;

  /** @param secret what the nodes got as `SHYIM_TOKEN_KEY` */
  constructor(secret: string) {
    const keys = [{ id: keyIdOf(secret), secret: new TextEncoder().encode(secret) }];
    const settings = { keys, issuer: "shyim", audience: "shyim", tokenTtlMs: TOKEN_TTL_MS };
    this.#tokens = new Tokens(settings, nodePlatform().runtime);
  }

  tokenFor(userId: UserId): string {
    return this.#tokens.issue(userId, Date.now()).token;
  }
}

/** As `examples/cluster` names a key. */
export function keyIdOf(secret: string): string {
  return createHash("sha256").update(`id of ${secret}`).digest("hex").slice(0, 8);
}
