import type { ImClient, ImMessage, OutboxMessage } from "shyim/client";
import { messageIdOf, originOf } from "../../src/core/model.js";
import type { Recipient } from "../../src/core/recipient.js";
import { openClient, upTo } from "./stage.js";

/** A message its sender was told is stored, and where. */
export interface Letter {
  readonly messageId: string;
  /** Place in the sender's inbox. */
  readonly seq: number;
  readonly from: string;
  readonly to: Recipient;
  readonly text: string;
}

/** Every so many letters one is long: a commit then is more than a page of the file. */
const LONG_EVERY = 8;
const LONG_TEXT = "long ".repeat(1_000);

/** A client that writes, and notes every answer and everything it shows. */
export class Writer {
  readonly userId: string;
  readonly client: ImClient;
  readonly shown: readonly ImMessage[];
  /** What was acknowledged, in the order of the answers. */
  readonly letters: Letter[] = [];
  /** The first word of each of its letters; the second is a number that goes up. */
  readonly name: string;
  #written = 0;

  /** @param name two devices of one user need two */
  constructor(userId: string, port: number, options: object = {}, name = userId) {
    const { client, shown } = openClient(userId, port, options);
    this.userId = userId;
    this.client = client;
    this.shown = shown;
    this.name = name;
  }

  /** Ids of what it was told, sorted. */
  get shownIds(): string[] {
    return this.shown.map(({ messageId }) => messageId).sort();
  }

  /** Writes one letter; resolves when it is acknowledged. */
  async write(to: Recipient): Promise<void> {
    const number = ++this.#written;
    const text = `${this.name} ${number} ${number % LONG_EVERY === 0 ? LONG_TEXT : ""}`;
    const { messageId, seq } = await this.client.send({ to, text });
    this.letters.push({ messageId, seq, from: this.userId, to, text });
  }

  /** Writes `count` letters at once, to each of `recipients` in turn. */
  async writeMany(count: number, recipients: readonly Recipient[]): Promise<void> {
    await Promise.all(upTo(count).map(() => this.write(this.#oneOf(recipients))));
  }

  /** Keeps `width` letters unacknowledged, to each of `recipients` in turn, until `isOver`. */
  async keepWriting(width: number, recipients: readonly Recipient[], isOver: () => boolean): Promise<void> {
    const chain = async () => {
      while (!isOver()) await this.write(this.#oneOf(recipients));
    };
    await Promise.all(upTo(width).map(chain));
  }

  /** Ids of the messages whose answer is awaited; none before the first answer, which tells how ids begin. */
  underWay(): string[] {
    const [first] = this.letters;
    if (first === undefined) return [];
    const sending = (message: OutboxMessage) => message.status === "sending";
    return this.client.outbox.filter(sending).map(({ clientId }) => messageIdOf(originOf(first.messageId), clientId));
  }

  /** No socket, not even half of one. */
  get isOffline(): boolean {
    const { name } = this.client.state;
    return name !== "online" && name !== "syncing";
  }

  #oneOf(recipients: readonly Recipient[]): Recipient {
    return recipients[this.#written % recipients.length] as Recipient;
  }
}
