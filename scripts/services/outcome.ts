import type { Service } from "./service.js";

/** What became of a service that was asked for. */
export type Outcome = Here | Absent;

/** It serves. */
export interface Here {
  readonly kind: "given" | "running" | "started";
  readonly service: Service;
  readonly url: string;
  /** Its name and version; or that it did not say, and why. */
  readonly version: string;
}

/** It does not, and why. */
export interface Absent {
  readonly kind: "absent";
  readonly service: Service;
  readonly reason: string;
}

/** The services that serve. */
export const here = (outcomes: readonly Outcome[]): Here[] =>
  outcomes.filter((one): one is Here => one.kind !== "absent");

/** The services that do not. */
export const absent = (outcomes: readonly Outcome[]): Absent[] => outcomes.filter((one) => one.kind === "absent");

/** The variables by which tests, and the programs they start, find the services. */
export function addresses(outcomes: readonly Outcome[]): Record<string, string> {
  return Object.fromEntries(here(outcomes).map(({ service, url }) => [service.variable, url]));
}

/** One line for people. */
export function describeOutcome(outcome: Outcome): string {
  const name = outcome.service.name.padEnd(9);
  if (outcome.kind === "absent") return `${name} not available: ${outcome.reason}`;
  return `${name} ${outcome.version}, ${withoutPassword(outcome.url)} (${outcome.kind})`;
}

/** An address as it may be printed: the password of one that was given is nobody's business. */
export function withoutPassword(address: string): string {
  const url = new URL(address);
  if (url.password !== "" && url.password !== "guest") url.password = "***";
  return url.href;
}
