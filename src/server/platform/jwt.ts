import { createSecretKey, type KeyObject } from "node:crypto";
import jwt, { type JwtPayload } from "jsonwebtoken";

/** The one algorithm. A token that names another is refused, whatever key it names. */
const ALGORITHM = "HS256";
/** Nothing else may stand in a header: no key, no address of a key, no extension that has to be understood. */
const HEADER_FIELDS: readonly string[] = ["alg", "typ", "kid"];

/** A secret, ready for use; it cannot be printed by mistake. */
export type TokenKey = KeyObject;

/** What a token has to fit. */
export interface TokenExpectation {
  readonly issuer: string;
  readonly audience: string;
  /** Wall clock, ms since 1970. */
  readonly now: number;
  /** How far the clocks of two nodes may be apart, ms. */
  readonly leewayMs: number;
}

/** Makes a key of a secret. */
export function createTokenKey(secret: Uint8Array): TokenKey {
  return createSecretKey(secret);
}

/** A signed token with exactly these claims: none is added, no clock is asked. */
export function signToken(claims: object, keyId: string, key: TokenKey): string {
  const header = { alg: ALGORITHM, typ: "JWT" };
  return jwt.sign(JSON.stringify(claims), key, { algorithm: ALGORITHM, keyid: keyId, header });
}

/**
 * The claims of a token that was signed with the key it names, is valid now, and is for this issuer and audience. `null` for
 * any other text, without saying why: the reason would only help who made it.
 */
export function verifyToken(
  token: string,
  keys: ReadonlyMap<string, TokenKey>,
  expected: TokenExpectation,
): JwtPayload | null {
  try {
    const key = keyOf(token, keys);
    const claims = key === null ? null : verifiedClaims(token, key, expected);
    return claims !== null && isWrittenOnce(token, claims) ? claims : null;
  } catch {
    return null;
  }
}

function keyOf(token: string, keys: ReadonlyMap<string, TokenKey>): TokenKey | null {
  const header: object | undefined = jwt.decode(token, { complete: true })?.header;
  if (header === undefined || !Object.keys(header).every((name) => HEADER_FIELDS.includes(name))) return null;
  const keyId: unknown = Reflect.get(header, "kid");
  return typeof keyId === "string" ? (keys.get(keyId) ?? null) : null;
}

function verifiedClaims(token: string, key: TokenKey, expected: TokenExpectation): JwtPayload | null {
  const claims = jwt.verify(token, key, {
    algorithms: [ALGORITHM],
    issuer: expected.issuer,
    audience: expected.audience,
    clockTolerance: expected.leewayMs / 1_000,
    // 0 would mean: look at the system's clock.
    clockTimestamp: Math.max(1, expected.now) / 1_000,
  });
  return typeof claims === "string" ? null : claims;
}

/** Whether the text of the claims says exactly what was read from it: a claim that stands there twice does not. */
function isWrittenOnce(token: string, claims: JwtPayload): boolean {
  const [, payload = ""] = token.split(".");
  return Buffer.from(payload, "base64url").toString("utf8") === JSON.stringify(claims);
}
