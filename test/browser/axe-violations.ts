import axe from "axe-core";
import type { Page } from "playwright-core";

const GRAVE: readonly (string | null | undefined)[] = ["serious", "critical"];

/**
 * What on the page keeps people out who do not see or hear or point as others do, as `rule: where`; what is only a nuisance
 * is left out. It is the debugger that runs the rules: the policy of the page stays as it is.
 */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { readonly axe: typeof axe }).axe.run({ resultTypes: ["violations"] }),
  );
  return violations
    .filter(({ impact }) => GRAVE.includes(impact))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`),
    );
}
