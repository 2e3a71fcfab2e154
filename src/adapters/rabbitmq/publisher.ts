import type { ConfirmChannel } from "amqplib";
import { ImError } from "../../core/errors.js";
import type { PublishingHalf, Session, Trouble } from "../brokers/halves.js";
import type { QueueRecord } from "../contracts/message-queue.js";
import { Connection, type RabbitServices } from "./connection.js";
import { KEY_HEADER, type Letter, publishingOf } from "./letter.js";
import { ensureTopology, routeOf } from "./topology.js";

/** A publication that is not confirmed by then may have arrived, in part or not, ms. */
const CONFIRM_WITHIN_MS = 4_800;

type Settle = (failure: ImError | null) => void;

/** Brings records to the broker: on one channel, so that they keep their order, each confirmed when it is on the disk. */
export class Publisher implements PublishingHalf {
  readonly #services: RabbitServices;
  /** Of the publications under way. */
  readonly #waiting = new Set<Settle>();
  #channel: ConfirmChannel | null = null;
  #connection: Connection | null = null;

  constructor(services: RabbitServices) {
    this.#services = services;
  }

  async open(signal: AbortSignal, onTrouble: Trouble): Promise<Session> {
    const connection = await Connection.open(this.#services, signal);
    const channel = connection.watched(await connection.model.createConfirmChannel());
    await ensureTopology(channel, this.#services.settings);
    // It has no queue for something: what was there when this session began has been taken away.
    channel.on("return", () => this.#fail(connection, new Error("a queue is missing")));
    connection.model.on("blocked", (why) => onTrouble(`the broker takes nothing: ${why}`));
    connection.model.on("unblocked", () => onTrouble(null));
    void connection.broken.then((error) => this.#fail(connection, error));
    this.#connection = connection;
    this.#channel = channel;
    return { broken: connection.broken, close: () => connection.close() };
  }

  publish(records: readonly QueueRecord[]): Promise<void> {
    const { settings } = this.#services;
    return this.send(
      records.map(({ key, value }) => ({
        exchange: settings.exchange,
        route: routeOf(settings, key),
        content: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
        headers: { [KEY_HEADER]: key },
      })),
    );
  }

  /** Resolves when the broker has them. Errors: `unavailable`, in time. */
  send(letters: readonly Letter[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail(this.#connection, new Error("a confirmation took too long")),
        CONFIRM_WITHIN_MS,
      );
      const settle: Settle = (failure) => {
        clearTimeout(timer);
        this.#waiting.delete(settle);
        if (failure === null) resolve();
        else reject(failure);
      };
      this.#waiting.add(settle);
      this.#send(letters, settle);
    });
  }

  close(): void {
    this.#fail(this.#connection, new Error("the queue is closed"));
  }

  #send(letters: readonly Letter[], settle: Settle): void {
    const channel = this.#channel;
    if (channel === null) return settle(this.#unavailable(new Error("there is no connection to it")));
    let left = letters.length;
    const onConfirm = (refusal: unknown): void => {
      if (refusal) settle(this.#unavailable(refusal));
      else if (--left === 0) settle(null);
    };
    try {
      for (const letter of letters) {
        channel.publish(letter.exchange, letter.route, letter.content, publishingOf(letter), onConfirm);
      }
    } catch (error) {
      settle(this.#unavailable(error));
    }
  }

  #fail(connection: Connection | null, error: unknown): void {
    if (connection !== this.#connection) return;
    this.#connection = null;
    this.#channel = null;
    for (const settle of [...this.#waiting]) settle(this.#unavailable(error));
    connection?.fail(error);
  }
  #unavailable(cause: unknown): ImError {
    const message = `RabbitMQ at ${new URL(this.#services.settings.url).host} did not confirm it`;
    return new ImError("unavailable", { message, cause });
  }
}
