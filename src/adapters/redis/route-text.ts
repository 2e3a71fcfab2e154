import { invalidArgument, isId, type UserId } from "../../core/model.js";
import type { NodeKey } from "../contracts/nodes.js";
import type { Route } from "../contracts/presence.js";

/** How a route stands in Redis, without its user: words between spaces; the kind of device, which may be any text, is JSON and the last. */
const WORDS = /^(\S+) (\S+) (\d{1,16}) (\S+) (".*")$/s;

/**
 * The one key of a user. What stands in braces, by which a Redis Cluster chooses the slot, has none of its own, so a user is one slot
 * and no two users are one key.
 */
export function userKey(prefix: string, userId: UserId): string {
  assertIds({ userId });
  return `${prefix}routes:{${userId.replace(/[%{}]/g, (brace) => `%${brace.charCodeAt(0).toString(16)}`)}}`;
}

/** Errors: `invalid_argument` for what no server would ask for. */
export function routeText(route: Route): string {
  const { node, connection, origin, deviceKind } = route;
  assertIds({ origin });
  if (typeof deviceKind !== "string") throw invalidArgument("deviceKind must be a string", deviceKind);
  return `${connectionText(node, connection)} ${origin} ${JSON.stringify(deviceKind)}`;
}

/** What of a route says which connection it is, under which registration. */
export function connectionText(node: NodeKey, connection: number): string {
  if (!Number.isSafeInteger(connection) || connection < 0)
    throw invalidArgument("connection must be a safe integer from 0 on", connection);
  return `${nodeText(node)} ${connection}`;
}

/** A registration. */
export function nodeText({ id, epoch }: NodeKey): string {
  assertIds({ "node.id": id, "node.epoch": epoch });
  return `${id} ${epoch}`;
}

/** What stands in Redis; `null` for what nobody of us has written. */
export function parseRoute(userId: UserId, text: unknown): Route | null {
  const [, id, epoch, connection, origin, kind] = (typeof text === "string" && WORDS.exec(text)) || [];
  const deviceKind = kind === undefined ? null : parseText(kind);
  if (!isId(id) || !isId(epoch) || !isId(origin) || deviceKind === null) return null;
  if (!Number.isSafeInteger(Number(connection))) return null;
  return { userId, node: { id, epoch }, connection: Number(connection), origin, deviceKind };
}

function parseText(json: string): string | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

function assertIds(ids: Readonly<Record<string, unknown>>): void {
  for (const [what, value] of Object.entries(ids)) {
    if (!isId(value)) throw invalidArgument(`${what} must be 1–64 printable ASCII characters without spaces`, value);
  }
}
