import type { Storage } from "../../../adapters/contracts/index.js";
import { isImError } from "../../../core/errors.js";
import { assertEqual } from "../assert.js";
import { DOUBTFUL_TEXTS, LOOK_ALIKES, TEXTS } from "./odd-texts.js";
import type { StorageCases } from "./storage-cases.js";
import { TEXT_FIELDS, type TextField } from "./text-fields.js";

/** Texts of people: kept exactly as given, or refused and then nothing is stored. */
export const textCases: StorageCases = (add) => {
  for (const [name, field] of Object.entries(TEXT_FIELDS)) {
    add(`${name} is kept as given, whatever it says`, async (bench) => {
      for (const [what, text] of Object.entries(TEXTS)) await assertKept(bench.storage, field, idOf(what), text);
      const other = await bench.another();
      for (const [what, text] of Object.entries(TEXTS)) assertEqual(await field.read(other, idOf(what)), text, what);
    });

    add(`${name} with a NUL or half a surrogate pair is kept or refused, and then nothing is stored`, async (bench) => {
      for (const [what, text] of Object.entries(DOUBTFUL_TEXTS)) {
        await assertKeptOrRefused(bench.storage, field, idOf(what), text);
      }
    });
  }

  add("phone numbers that look alike are two", async (bench) => {
    const { users } = bench.storage;
    const phoneNumbers = [...new Set(LOOK_ALIKES.flat())];
    for (const [index, phoneNumber] of phoneNumbers.entries()) {
      const what = `the user of ${JSON.stringify(phoneNumber)}`;
      assertEqual(await users.findByPhoneNumber(phoneNumber), null, `${what} before there is one`);
      await users.create(bench.newUser({ id: `id-${index}`, phoneNumber }));
    }
    for (const [index, phoneNumber] of phoneNumbers.entries()) {
      const found = await users.findByPhoneNumber(phoneNumber);
      assertEqual([found?.id, found?.phoneNumber], [`id-${index}`, phoneNumber], "id and number of the user found");
    }
  });

  add("a phone number with a NUL or half a surrogate pair is not taken for another one", async (bench) => {
    const { users } = bench.storage;
    for (const phoneNumber of ["", "a", "ab", "\ufffd", "a\ufffd", "\ufffda", "\ufffd\ufffd"]) {
      await users.create(bench.newUser({ phoneNumber }));
    }
    for (const [what, text] of Object.entries(DOUBTFUL_TEXTS)) {
      assertEqual(await users.findByPhoneNumber(text), null, `the user of a number that is ${what}`);
    }
  });
};

async function assertKept(storage: Storage, field: TextField, id: string, text: string): Promise<void> {
  await field.prepare?.(storage, id);
  await field.write(storage, id, text);
  assertEqual(await field.read(storage, id), text, id);
}

async function assertKeptOrRefused(storage: Storage, field: TextField, id: string, text: string): Promise<void> {
  await field.prepare?.(storage, id);
  const before = await field.read(storage, id);
  const isRefused = await refuses(() => field.write(storage, id, text));
  assertEqual(await field.read(storage, id), isRefused ? before : text, id);
  if (!isRefused) return;
  // Nothing is left of the refused one: neither an id nor a phone number is in the way.
  await field.write(storage, id, `fine ${id}`);
  assertEqual(await field.read(storage, id), `fine ${id}`, `${id}, then a fine text`);
}

/** Whether `call` rejects with `invalid_argument`. Throws what else it rejects with. */
async function refuses(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return false;
  } catch (error) {
    if (isImError(error, "invalid_argument")) return true;
    throw error;
  }
}

function idOf(what: string): string {
  return what.replaceAll(" ", "-");
}
