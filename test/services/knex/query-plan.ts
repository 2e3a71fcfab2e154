import type { Knex } from "knex";

/** A statement with its values, as knex gave it to the driver. */
export interface SentStatement {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

/** What a database read of one table, or of a table it made on the way, to answer a statement. */
export interface PlanStep {
  /** The name of the table, or its alias. */
  readonly table: string;
  /** How, in the database's words. */
  readonly access: string;
  /** The key it walked along or looked up; `null` for none. */
  readonly key: string | null;
  /** Rows it looked at, in all rounds. */
  readonly rows: number;
}

/** What a database did to answer a statement: it was run for this. */
export interface QueryPlan {
  readonly steps: readonly PlanStep[];
  /** Rows that each of its sorts took in. */
  readonly sorts: readonly number[];
}

/** Runs a statement once more and gives what the database says about it. */
export async function planOf(
  knex: Knex,
  client: "mysql2" | "pg",
  { sql, bindings }: SentStatement,
): Promise<QueryPlan> {
  // What was sent has the places of PostgreSQL ($1); `raw` wants question marks.
  const statement = sql.replace(/\$\d+/g, "?");
  const prefix = client === "pg" ? "explain (analyze, format json)" : "analyze format=json";
  const answer = await knex.raw(`${prefix} ${statement}`, bindings as Knex.RawBinding[]);
  return client === "pg"
    ? planOfPostgres(answer.rows[0]["QUERY PLAN"])
    : planOfMariadb(JSON.parse(answer[0][0].ANALYZE));
}

type Json = Readonly<Record<string, unknown>>;

/** Every object in a document, the outer before the inner. */
function* objectsIn(value: unknown): Generator<Json> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

/** https://mariadb.com/kb/en/analyze-format-json/ */
function planOfMariadb(document: unknown): QueryPlan {
  const objects = [...objectsIn(document)];
  const steps = objects
    .filter(({ access_type }) => typeof access_type === "string")
    .map((node) => ({
      table: String(node.table_name),
      access: String(node.access_type),
      key: (node.key as string | undefined) ?? null,
      // Rows found by a constant key while the statement was planned are not counted there.
      rows: Number(node.r_rows ?? 1) * Number(node.r_loops || 1),
    }));
  const sorts = objects
    .filter(({ sort_key }) => sort_key !== undefined)
    .map((node) => Number(node.r_output_rows ?? 0) * Number(node.r_loops));
  return { steps, sorts };
}

/** https://www.postgresql.org/docs/current/using-explain.html */
function planOfPostgres(document: unknown): QueryPlan {
  const nodes = [...objectsIn(document)].filter((node) => node["Node Type"] !== undefined);
  const steps = nodes
    .filter((node) => node["Relation Name"] !== undefined)
    .map((node) => ({
      table: String(node["Relation Name"]),
      access: String(node["Node Type"]),
      key: (node["Index Name"] as string | undefined) ?? null,
      rows: examined(node),
    }));
  const sorts = nodes
    .filter((node) => /Sort/.test(String(node["Node Type"])))
    .map((node) => Math.max(0, ...((node.Plans ?? []) as Json[]).map(examined)));
  return { steps, sorts };
}

/** Rows are given as the mean of a round, those that a condition took away apart. */
function examined(node: Json): number {
  const rows = ["Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck"].map(
    (name) => node[name] ?? 0,
  );
  return rows.reduce<number>((sum, each) => sum + Number(each), 0) * Number(node["Actual Loops"]);
}
