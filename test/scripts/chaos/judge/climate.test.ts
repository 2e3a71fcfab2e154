import { describe, expect, it } from "vitest";
import { Climate } from "../../../../scripts/chaos/judge/climate.js";
import { History } from "../../../../src/testing/simulation/history.js";
import { eventually } from "../../../e2e/stage.js";

/** A storage that takes commits or not. */
class Database {
  isUp = true;
  asked = 0;
  readonly history = new History(() => 0);
  readonly climate = new Climate(this.history, async () => {
    this.asked++;
    if (!this.isUp) throw new Error("away");
  });

  get kinds(): string[] {
    return this.history.events.map(({ kind }) => kind);
  }
}

describe("the climate", () => {
  it("is trouble from the first cause to the end of the last", async () => {
    const database = new Database();
    const { climate, history } = database;
    const [first, second] = [climate.trouble(), climate.trouble()];
    first();
    first();
    expect(database.kinds).toEqual(["trouble"]);
    second();
    await eventually(() => history.events.length === 2, "it is calm");
    expect(history.events[1]?.kind).toBe("calm");
    await climate.close();
  });

  it("is calm no sooner than the storage takes commits", async () => {
    const database = new Database();
    database.isUp = false;
    database.climate.trouble()();
    await eventually(() => database.asked > 1, "the storage was asked more than once");
    expect(database.kinds).toEqual(["trouble"]);
    database.isUp = true;
    await eventually(() => database.kinds.length === 2, "it is calm");
    await database.climate.close();
  });

  it("stays trouble when another one begins while the storage is asked", async () => {
    const database = new Database();
    database.climate.trouble()();
    const over = database.climate.trouble();
    await eventually(() => database.asked > 0, "the storage was asked");
    expect(database.kinds).toEqual(["trouble"]);
    over();
    await eventually(() => database.kinds.length === 2, "it is calm");
    await database.climate.close();
  });
});
