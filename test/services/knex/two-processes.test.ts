import { createImServer, type ImServer } from "shyim";
import { createImClient, type ImClient, type ImMessage } from "shyim/client";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import type { ServerStorageOptions } from "../../../src/adapters/knex/index.js";
import { ServerPlace } from "./server-place.js";

/** Of each of the two. */
const MESSAGES = 100;
/** All of them, and the group's notice of its creation. */
const ITEMS = 2 * MESSAGES + 1;

const DATABASES = [
  ["mariadb", "mysql2"],
  ["postgres", "pg"],
] as const;

/** A server on the database, as a process of its own would have it: its storage and its sockets are its own. */
async function openServer(place: ServerPlace): Promise<{ readonly im: ImServer; readonly url: string }> {
  const im = createImServer({ auth: { authenticate: (token) => ({ userId: token }) }, storage: place.storage() });
  onTestFinished(() => im.close({ graceMs: 0 }));
  const { url } = await im.listen(0, { host: "127.0.0.1" });
  return { im, url };
}

/** A client with everything it was shown. */
async function connect(url: string, userId: string): Promise<{ readonly im: ImClient; readonly shown: ImMessage[] }> {
  const im = createImClient({ url, token: userId });
  onTestFinished(() => im.close());
  const shown: ImMessage[] = [];
  im.on("message", (message) => shown.push(message));
  await im.connect();
  return { im, shown };
}

async function sees(shown: readonly ImMessage[], count: number): Promise<void> {
  for (const endsAt = performance.now() + 30_000; shown.length < count; ) {
    if (performance.now() > endsAt) throw new Error(`${shown.length} of ${count} messages were shown`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function openPlace(client: ServerStorageOptions["client"], url: string): Promise<ServerPlace> {
  const place = await ServerPlace.create(client, url);
  onTestFinished(() => place.remove());
  return place;
}

describe.each(DATABASES)("two servers on one %s", (service, client) => {
  const url = inject("services")[service] ?? "";

  it.skipIf(url === "")(
    "I4, I8: their clients write to one another and to a group, and all see one order, each once",
    async () => {
      const place = await openPlace(client, url);
      // One after the other: a schema is made once.
      const left = await openServer(place);
      const right = await openServer(place);
      const { id } = await left.im.groups.create({ name: "both", ownerId: "ada", memberIds: ["bob"] });
      const [ada, bob] = [await connect(left.url, "ada"), await connect(right.url, "bob")];
      const sent = Array.from({ length: MESSAGES }, (_, n) => [
        ada.im.send({ to: n % 2 === 0 ? { userId: "bob" } : { groupId: id }, text: `a${n}` }),
        bob.im.send({ to: n % 2 === 0 ? { userId: "ada" } : { groupId: id }, text: `b${n}` }),
      ]).flat();
      await Promise.all(sent);
      for (const { shown } of [ada, bob]) await sees(shown, ITEMS);
      for (const { shown } of [ada, bob]) {
        expect(shown.map(({ seq }) => seq)).toEqual(shown.map((_, index) => index + 1));
        expect(new Set(shown.map(({ messageId }) => messageId)).size).toBe(ITEMS);
      }
      const order = (shown: readonly ImMessage[], kind: string) =>
        shown.filter(({ conversation }) => conversation.kind === kind).map(({ text }) => text);
      for (const kind of ["single", "group"]) expect(order(ada.shown, kind)).toEqual(order(bob.shown, kind));
    },
  );
});
