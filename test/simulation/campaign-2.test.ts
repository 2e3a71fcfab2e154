import { describe, expect, it } from "vitest";
import { reportCampaign } from "./campaign.js";

describe("the simulation, schedules 251 to 500", () => {
  it("breaks no promise and enters every rare path", { timeout: 120_000 }, async () => {
    const report = await reportCampaign(1, 250, 250);
    expect(report).toEqual({ violations: [], unvisited: [] });
  });
});
