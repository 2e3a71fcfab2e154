import { describe, expect, it } from "vitest";
import { MUTANTS } from "../../scripts/mutants/index.js";
import { mutateFile, runMutant } from "../../scripts/mutants/run-mutant.js";

/** Each of these is caught within far fewer schedules; the rest of the table is tried by `npm run mutants`. */
const MAX_SCHEDULES = 500;

describe("a fault put into the sources", () => {
  const always = MUTANTS.filter((mutant) => mutant.always);

  it.each(always)("$row: $name is noticed by the simulation", { timeout: 120_000 }, async (mutant) => {
    const { caughtAfter } = await runMutant(mutant, MAX_SCHEDULES);
    expect(caughtAfter).not.toBeNull();
  });

  it.each(MUTANTS)("$row: $name still fits the sources", async (mutant) => {
    for (const file of new Set(mutant.edits.map((edit) => edit.file))) {
      await expect(mutateFile(mutant, file)).resolves.not.toBe("");
    }
  });

  it("is told when it does not fit", async () => {
    const edits = [{ file: "src/core/errors.ts", find: "no such text", replace: "" }];
    await expect(mutateFile({ row: "Q1", name: "lost", edits }, "src/core/errors.ts")).rejects.toThrow("0 times");
  });
});
