import { expect, it } from "vitest";
import { BookHealth } from "../../../src/server/cluster/book-health.js";
import { HealthRecord } from "../../../src/server/health/adapter-health.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

/** A book whose adapter finds nothing wrong. */
function openBook() {
  const told: string[] = [];
  const record = new HealthRecord(new VirtualRuntime(new VirtualTime()), ({ state }) => told.push(state));
  const health = new BookHealth(record);
  health.tell({ state: "up" });
  return { health, record, told };
}

it("a book that takes nothing is degraded, in its own words, until it takes something", () => {
  const { health, record } = openBook();
  health.missed(new Error("MISCONF no writes"));
  expect(record.current).toMatchObject({ state: "degraded", reason: "MISCONF no writes" });
  health.entered();
  expect(record.current).toEqual({ state: "up", since: record.current.since });
});

it("an adapter that is down has the word, and what failed before is forgotten when it is back", () => {
  const { health, record, told } = openBook();
  health.failed(new Error("no answer"));
  health.tell({ state: "down", reason: "gone" });
  health.entered();
  health.failed(new Error("cannot be reached"));
  expect(record.current).toMatchObject({ state: "down", reason: "gone" });
  health.tell({ state: "up" });
  expect(told).toEqual(["up", "degraded", "down", "up"]);
});

it("before the adapter has said anything, a call that went well or badly says nothing about it", () => {
  const record = new HealthRecord(new VirtualRuntime(new VirtualTime()));
  const health = new BookHealth(record);
  health.failed(new Error("too early"));
  health.entered();
  expect(record.current).toMatchObject({ state: "down", reason: "not started" });
});

it("logins that fail in other words than the renewals do not change the reason back and forth", () => {
  const { health, record } = openBook();
  health.failed(new Error("renewals fail"));
  health.missed(new Error("a login failed"));
  expect(record.current).toMatchObject({ reason: "renewals fail" });
});
