/** `2024-05-01 10:11:12` with or without a fraction, as a database writes it. */
const WALL = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/;

/**
 * Ms since 1970 for a time as it stands in the database. The original writes what its own wall clock says (`loc=Local`), so it is
 * read in the zone of this process unless the column keeps instants. 0 for what is no time, and for everything before 1970:
 * the original let its clients choose.
 */
export function timeOf(text: string | null, keeps: "wall clock" | "instants"): number {
  const match = WALL.exec(text ?? "");
  if (match === null) return 0;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Wall;
  const ms = Math.floor(Number(`0.${match[7] ?? "0"}`) * 1_000 + 1e-6);
  const wall = [year, month - 1, day, hour, minute, second, ms] as const;
  const time = keeps === "instants" ? Date.UTC(...wall) : new Date(...wall).getTime();
  // `0000-00-00` and the first hundred years are other years to `Date`.
  return year < 1970 || Number.isNaN(time) ? 0 : Math.max(0, time);
}

type Wall = [number, number, number, number, number, number];

/** The name of the zone in which {@link timeOf} reads. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
