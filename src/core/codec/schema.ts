import type { FieldKind } from "./field-kinds.js";
import { FieldReader } from "./field-reader.js";
import { FieldWriter } from "./field-writer.js";

/** Number and kind of every field of a message with these values. */
export type FieldTable<Values extends object> = {
  readonly [Name in keyof Values]: readonly [field: number, kind: FieldKind<Values[Name]>];
};

interface Entry<Values extends object> {
  readonly name: keyof Values;
  readonly field: number;
  readonly kind: FieldKind<Values[keyof Values]>;
}

/** One protobuf message: reads and writes its values by a table of its fields. */
export class Schema<Values extends object> {
  readonly #name: string;
  readonly #entries: readonly Entry<Values>[];
  readonly #byField: readonly (Entry<Values> | undefined)[];
  readonly #missing: Values;

  /**
   * @param name the message's name in im.proto
   * @param table in the order in which the fields are written
   */
  constructor(name: string, table: FieldTable<Values>) {
    this.#name = name;
    this.#entries = entriesOf(table);
    const byField: (Entry<Values> | undefined)[] = [];
    const missing = {} as Values;
    for (const entry of this.#entries) {
      byField[entry.field] = entry;
      missing[entry.name] = entry.kind.missing;
    }
    this.#byField = byField;
    this.#missing = missing;
  }

  /** The values in `input`. Of a field that comes twice the last counts; fields nobody here knows are passed over. */
  read(input: Uint8Array): Values {
    const values = { ...this.#missing };
    const fields = new FieldReader(input, this.#name);
    for (let field = fields.next(); field !== 0; field = fields.next()) {
      const entry = this.#byField[field];
      if (entry === undefined) fields.skip();
      else values[entry.name] = entry.kind.read(fields, values[entry.name]);
    }
    return values;
  }

  /** The bytes of `values`. Throws `invalid_argument` for a number that is no safe integer. */
  write(values: Values): Uint8Array {
    const fields = new FieldWriter();
    for (const { name, field, kind } of this.#entries) kind.write(fields, field, values[name]);
    return fields.finish();
  }
}

function entriesOf<Values extends object>(table: FieldTable<Values>): Entry<Values>[] {
  const names = Object.keys(table) as (keyof Values)[];
  return names.map((name) => ({ name, field: table[name][0], kind: table[name][1] }));
}
