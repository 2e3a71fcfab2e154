import type { Knex } from "knex";
import type { ApplicationUnderTest } from "../../../src/testing/conformance/storage.js";

/** An application with a knex and a table of its own in the chat's database. */
export class KnexApplication implements ApplicationUnderTest {
  readonly knex: Knex;

  private constructor(knex: Knex) {
    this.knex = knex;
  }

  static async open(knex: Knex): Promise<KnexApplication> {
    await knex.schema.createTable("orders", (table) => void table.string("name").notNullable());
    return new KnexApplication(knex);
  }

  transaction<T>(work: (transaction: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.knex.transaction(work);
  }

  async addRow(transaction: Knex.Transaction, name: string): Promise<void> {
    await transaction("orders").insert({ name });
  }

  async rows(): Promise<readonly string[]> {
    return this.knex("orders").orderBy("name").pluck("name");
  }

  async close(): Promise<void> {
    await this.knex.destroy();
  }
}
