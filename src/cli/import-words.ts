import type { ImportPlan, ImportProgress } from "../adapters/knex/index.js";

const numbers = new Intl.NumberFormat("en-US");
/** A number as people read it. */
const count = (value: number): string => numbers.format(value);

const noun = (value: number, one: string, many = `${one}s`): string => (value === 1 ? one : many);
/** So many of something. */
const counted = (value: number, one: string, many?: string): string => `${count(value)} ${noun(value, one, many)}`;
const rowsOf = (value: number): string => `of ${counted(value, "row")}`;

/** What an import will do, or what a dry run found out: a line each. */
export function planLines(plan: ImportPlan, target: string): string[] {
  const { becomes, rows } = plan;
  return [
    `${plan.source} → ${target}`,
    line("users", becomes.users, rowsOf(rows.users)),
    line(
      "friends",
      becomes.friends,
      `${noun(becomes.friends, "pair")} ${rowsOf(rows.friends)} (a with b and b with a are one)`,
    ),
    line("groups", becomes.groups, rowsOf(rows.groups)),
    line("members", becomes.members, rowsOf(rows.members)),
    line("messages", becomes.messages, `${rowsOf(rows.messages)} (copies of one are one)`),
    line("inboxes", plan.inboxes, `with ${counted(plan.places, "place")}`),
    line("renumbered", plan.renumberedInboxes, `${noun(plan.renumberedInboxes, "inbox", "inboxes")}: ${doubled(plan)}`),
    `  Times are read in the zone ${plan.timeZone}, which is this machine's or what TZ says:`,
    "  where the original ran in another one, put TZ=… before the command.",
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
  const twice = counted(doubledNumbers, "number was", "numbers were");
  return `${twice} there twice, ${counted(closedGaps, "gap is", "gaps are")} closed`;
}

function leftOutLine({ part, reason, count: size, rowIds }: ImportPlan["leftOut"][number]): string {
  const ids = `${rowIds.join(", ")}${size > rowIds.length ? " …" : ""}`;
  return `${counted(size, part.slice(0, -1))}: ${reason} (row ${ids})`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`${title} nothing`] : [title, ...lines.map((each) => `  ${each}`)];
}
