import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { InboxItem, MessageId } from "../../../core/model.js";
import type { ClientPosition, ClientSnapshot, OutboxEntry, SentEntry, StoreChange } from "../../contracts.js";

/** Of the shape below. A browser refuses to open a database of a higher one with a `VersionError`. */
const VERSION = 1;

/** How many ids of items are kept. */
const MAX_KNOWN = 20_000;

/** The key of the only position. */
const HERE = "here";

interface Shape extends DBSchema {
  position: { key: string; value: ClientPosition };
  outbox: { key: number; value: OutboxEntry };
  sent: { key: number; value: SentEntry };
  /** Ids of saved items under ascending numbers, which the database counts: the oldest go in one step. */
  known: { key: number; value: MessageId; indexes: { messageId: MessageId } };
}

type Part = "position" | "outbox" | "sent" | "known";
type Writing = IDBPTransaction<Shape, Part[], "readwrite">;
type Step = () => Promise<unknown>;

const PARTS: Part[] = ["position", "outbox", "sent", "known"];

/** Opens the database of a store, or makes it. Rejects with what the browser says. */
export async function openClientDatabase(name: string): Promise<ClientDatabase> {
  return new ClientDatabase(await openDB<Shape>(name, VERSION, { upgrade: createParts }));
}

function createParts(database: IDBPDatabase<Shape>): void {
  database.createObjectStore("position");
  database.createObjectStore("outbox", { keyPath: "clientId" });
  database.createObjectStore("sent", { keyPath: "clientId" });
  // The empty path names the value itself.
  database.createObjectStore("known", { autoIncrement: true }).createIndex("messageId", "");
}

/** One connection to the database of a store. */
export class ClientDatabase {
  readonly #database: IDBPDatabase<Shape>;
  #isOpen = true;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(database: IDBPDatabase<Shape>) {
    this.#database = database;
    // Somebody wants to delete the database or to give it a newer shape, and waits for us.
    database.addEventListener("versionchange", () => void this.close());
    // The browser has ended the connection, for example because the user cleared the site's data.
    database.addEventListener("close", () => void this.close());
  }

  /** False after {@link close}, and after the connection was ended from outside. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Everything but the known ids; `null` when nothing was saved yet. */
  async read(): Promise<ClientSnapshot | null> {
    const asked = this.#database.transaction(PARTS);
    const [position, outbox, sent] = await Promise.all([
      asked.objectStore("position").get(HERE),
      asked.objectStore("outbox").getAll(),
      asked.objectStore("sent").getAll(),
      asked.done,
    ]);
    return position === undefined ? null : { position, outbox, sent };
  }

  /** Those of `messageIds` that were saved. */
  async known(messageIds: readonly MessageId[]): Promise<ReadonlySet<MessageId>> {
    const asked = this.#database.transaction("known");
    const index = asked.store.index("messageId");
    const [keys] = await Promise.all([Promise.all(messageIds.map((id) => index.getKey(id))), asked.done]);
    return new Set(messageIds.filter((_id, place) => keys[place] !== undefined));
  }

  /** Saves a change as a whole or not at all. Its transaction begins with the call, and the browser keeps them in order. */
  async write(change: StoreChange): Promise<void> {
    const writing = this.#database.transaction(PARTS, "readwrite", { durability: "strict" });
    const written = takeSteps(writing, stepsOf(writing, change));
    this.#lastWrite = Promise.allSettled([this.#lastWrite, written]);
    return written;
  }

  /** Takes nothing more; resolves when what was begun is over. */
  async close(): Promise<void> {
    this.#isOpen = false;
    this.#database.close();
    await this.#lastWrite;
  }
}

function stepsOf(writing: Writing, change: StoreChange): Step[] {
  const { position, items = [], putOutbox = [], removeOutbox = [], putSent = [], removeSent = [] } = change;
  const [outbox, sent] = [writing.objectStore("outbox"), writing.objectStore("sent")];
  return [
    ...(position === undefined ? [] : [() => writing.objectStore("position").put(position, HERE)]),
    ...(items.length === 0 ? [] : [() => remember(writing, items)]),
    ...removeOutbox.map((clientId) => () => outbox.delete(clientId)),
    ...putOutbox.map((entry) => () => outbox.put(compact(entry))),
    ...removeSent.map((clientId) => () => sent.delete(clientId)),
    ...putSent.map((entry) => () => sent.put(compact(entry))),
  ];
}

/** Keeps the ids of `items`, and forgets the oldest beyond {@link MAX_KNOWN}. */
async function remember(writing: Writing, items: readonly InboxItem[]): Promise<void> {
  const known = writing.objectStore("known");
  const numbers = await Promise.all(items.map(({ message }) => known.add(message.messageId)));
  await known.delete(IDBKeyRange.upperBound(Math.max(...numbers) - MAX_KNOWN));
}

/** Bytes that are a view would take the whole buffer behind them to the disk. */
function compact<Entry extends OutboxEntry>(entry: Entry): Entry {
  return { ...entry, content: entry.content.slice() };
}

/** Resolves when everything is on the disk. A failure of any step, or of the end, takes all of them back. */
async function takeSteps(writing: Writing, steps: readonly Step[]): Promise<void> {
  const { done } = writing;
  const taken = steps.map(async (step) => step());
  try {
    await Promise.all(taken);
    await done;
  } catch (error) {
    abort(writing);
    await Promise.allSettled([...taken, done]);
    // The end of all says why; a step that it ended only says that it was ended.
    throw writing.error ?? error;
  }
}

/** A transaction that failed by itself is over already, and says so. */
function abort(writing: Writing): void {
  try {
    writing.abort();
  } catch {
    // Nothing is left to take back.
  }
}
