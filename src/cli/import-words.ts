import type { ImportPlan, ImportProgress } from "../adapters/knex/index.js";

const numbers = new Intl.NumberFormat("en-US");
/** A number as people read it. */
const count = (value: number): string => numbers.format(value);

/** What an import will do, or what a dry run found out: a line each. */
export function planLines(plan: ImportPlan, target: string): string[] {
  const { becomes, rows } = plan;
  return [
    `${plan.source} → ${target}`,
    line("users", becomes.users, `of ${count(rows.users)} rows`),
    line("friends", becomes.friends, `pairs of ${count(rows.friends)} rows (a with b and b with a are one)`),
    line("groups", becomes.groups, `of ${count(rows.groups)} rows`),
    line("members", becomes.members, `of ${count(rows.members)} rows`),
    line("messages", becomes.messages, `of ${count(rows.messages)} rows (copies of one are one)`),
    line("inboxes", plan.inboxes, `with ${count(plan.places)} places`),
    line("renumbered", plan.renumberedInboxes, `inboxes: ${doubled(plan)}`),
    `  Times are read in the zone ${plan.timeZone}, the original's own (TZ=… sets another).`,
    `  Passwords (${count(plan.passwords)}) are kept as the original hashed them, salted MD5:`,
    "  give the server accounts.importedPasswordSalt, and people sign in with the ones they had.",
    ...section(
      "Taken, but not as it was:",
      plan.notes.map(({ count: size, text }) => `${count(size)} ${text}`),
    ),
    ...section("Left out:", plan.leftOut.map(leftOutLine)),
  ];
}

/** How far it is, on one line. @param perSecond rows of this step so far */
export function progressLine({ step, what, done, of }: ImportProgress, perSecond: number): string {
  if (step === "sorting") return `  sorting: step ${done + 1} of ${of}`;
  const percent = of === 0 ? 100 : Math.floor((100 * done) / of);
  return `  ${step} ${what}: ${count(done)} of ${count(of)}, ${percent} %, ${count(Math.round(perSecond))} rows/s`;
}

function line(what: string, value: number, rest: string): string {
  return `  ${what.padEnd(10)} ${count(value).padStart(12)} ${rest}`;
}

function doubled({ doubledNumbers, closedGaps }: ImportPlan): string {
  return `${count(doubledNumbers)} numbers were there twice, ${count(closedGaps)} gaps are closed`;
}

function leftOutLine({ part, reason, count: size, rowIds }: ImportPlan["leftOut"][number]): string {
  const ids = `${rowIds.join(", ")}${size > rowIds.length ? " …" : ""}`;
  return `${count(size)} ${part}: ${reason} (row ${ids})`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`${title} nothing`] : [title, ...lines.map((each) => `  ${each}`)];
}
