/** The rules of a claim, once: an adapter that can run them where its routes are needs no copy, others mirror this one. */

import type { ClaimRequest, Route } from "./presence.js";

/** What is to be done: `kept`, oldest first and then the newcomer, is what the book holds of this user afterwards. */
export type ClaimDecision =
  | { readonly granted: true; readonly displaced: readonly Route[]; readonly kept: readonly Route[] }
  | { readonly granted: false };

const REFUSED: ClaimDecision = { granted: false };

/** Whether both are the same connection, under whatever registration of its node. */
export function isSameConnection(a: Route, b: Route): boolean {
  return a.userId === b.userId && a.node.id === b.node.id && a.connection === b.connection;
}

/**
 * Decides a claim. Also refused is one that was held up for so long that its installation gave the connection up and came
 * back on a younger one of the same node, when it would replace that: nobody waits for it, but who is replaced stays away for good.
 * @param known every route of the user, oldest first
 */
export function decideClaim(known: readonly Route[], request: ClaimRequest): ClaimDecision {
  const { route, policy } = request;
  const others = known.filter((other) => isLive(other, request) && !isSameConnection(other, route));
  if (policy === "reject-new" && others.some((other) => other.origin !== route.origin)) return REFUSED;
  const displaced = displacedBy(others, request);
  if (displaced.some((other) => isYounger(other, route))) return REFUSED;
  return { granted: true, displaced, kept: [...others.filter((other) => !displaced.includes(other)), route] };
}

function isLive({ node }: Route, { live }: ClaimRequest): boolean {
  return live.some(({ id, epoch }) => id === node.id && epoch === node.epoch);
}

function isYounger(other: Route, route: Route): boolean {
  return other.origin === route.origin && other.node.id === route.node.id && other.connection > route.connection;
}

function displacedBy(others: readonly Route[], { route, policy, maxDevices }: ClaimRequest): readonly Route[] {
  // Whoever comes in under `reject-new` has no others but what is left of itself.
  if (policy === "single" || policy === "reject-new") return others;
  const sameKind = (other: Route): boolean => other.deviceKind === route.deviceKind;
  const replaced = policy === "one-per-device-kind" ? others.filter(sameKind) : [];
  const excess = others.length - replaced.length + 1 - maxDevices;
  const rest = others.filter((other) => !replaced.includes(other));
  return [...replaced, ...leastWanted(rest, route).slice(0, Math.max(0, excess))];
}

/** Those of the newcomer's own installation first, so that a ghost takes no other device's place; then the oldest. */
function leastWanted(others: readonly Route[], { origin }: Route): readonly Route[] {
  const own = others.filter((other) => other.origin === origin);
  return [...own, ...others.filter((other) => other.origin !== origin)];
}
