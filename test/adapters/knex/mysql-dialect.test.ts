import type { Knex } from "knex";
import { describe, expect, it } from "vitest";
import { mysqlDialect } from "../../../src/adapters/knex/dialects/mysql-dialect.js";
import { MIGRATIONS } from "../../../src/adapters/knex/schema/migrations.js";

/** A server of MySQL's kind that says it is of `version`, and does nothing: there is none of MySQL 8 on every machine. */
function serverOf(version: string): { readonly db: Knex; readonly asked: string[] } {
  const asked: string[] = [];
  const raw = async (sql: string): Promise<unknown> => {
    asked.push(sql);
    return [sql.startsWith("select version()") ? [{ version }] : []];
  };
  return { db: { raw } as unknown as Knex, asked };
}

describe("MySQL and MariaDB", () => {
  it.each([
    ["10.11.6-MariaDB-0+deb12u1", "utf8mb4_nopad_bin"],
    ["11.4.5-MariaDB", "utf8mb4_nopad_bin"],
    ["8.0.17", "utf8mb4_0900_bin"],
    ["8.0.36-0ubuntu0.22.04.1", "utf8mb4_0900_bin"],
    ["8.4.0", "utf8mb4_0900_bin"],
    ["9.1.0-cloud", "utf8mb4_0900_bin"],
  ])("of version %s compare text by %s", async (version, collation) => {
    const { text, table } = await mysqlDialect.typesOf(serverOf(version).db);
    expect([text, table].every((type) => type.endsWith(`collate ${collation}`))).toBe(true);
  });

  it.each(["5.7.44-log", "8.0.16", "8.0.11-TiDB-v7.5.0", "unknown"])("of version %s are refused", async (version) => {
    await expect(mysqlDialect.typesOf(serverOf(version).db)).rejects.toMatchObject({
      code: "operation_failed",
      message: `MySQL 8.0.17 or later, or MariaDB, is needed, got "${version}": use a newer server`,
    });
  });

  it("are asked which indexes there are, since MySQL has no `if not exists` for one", async () => {
    const { db, asked } = serverOf("8.4.0");
    const types = await mysqlDialect.typesOf(db);
    for (const statement of MIGRATIONS.flatMap((of) => of(types))) await mysqlDialect.define(db, statement);
    const made = asked.filter((sql) => sql.startsWith("create index"));
    expect(made).toHaveLength(3);
    expect(made.filter((sql) => sql.includes("if not exists"))).toEqual([]);
  });

  it("are told in one statement what only one of them understands, each in words the other does not read", () => {
    const [statement = ""] = mysqlDialect.session.filter((sql) => sql.includes("/*"));
    const readBy = (own: RegExp) => statement.replace(own, "$1").replaceAll(/\/\*.*?\*\//g, "");
    expect(
      readBy(/\/\*M!\d+ (.*?)\*\//)
        .replaceAll(/\s+/g, " ")
        .trim(),
    ).toBe("set session innodb_lock_wait_timeout = 3 , session idle_transaction_timeout = 5");
    expect(
      readBy(/\/\*!\d+ (.*?)\*\//)
        .replaceAll(/\s+/g, " ")
        .trim(),
    ).toBe("set session innodb_lock_wait_timeout = 3 , session wait_timeout = 30");
  });
});
