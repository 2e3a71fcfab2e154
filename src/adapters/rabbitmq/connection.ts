import type { Channel, ChannelModel } from "amqplib";
import type { AmqpModule } from "./load-amqplib.js";
import type { RabbitSettings, RabbitTls } from "./options.js";

/** What everything that talks to RabbitMQ needs. */
export interface RabbitServices {
  readonly module: AmqpModule;
  readonly settings: RabbitSettings;
}

const CONNECT_WITHIN_MS = 2_000;
/** Of a side that says nothing for two of these the other thinks that it has ended, s. */
const HEARTBEAT_S = 5;

/** A connection of our own, and the first thing that goes wrong with it or its channels. */
export class Connection {
  readonly model: ChannelModel;
  /** Resolves with what has gone wrong. */
  readonly broken: Promise<unknown>;
  #break: (error: unknown) => void = () => undefined;

  private constructor(model: ChannelModel) {
    this.model = model;
    this.broken = new Promise((resolve) => {
      this.#break = resolve;
    });
    model.on("error", (error) => this.#break(error));
    model.on("close", (error) => this.#break(error ?? new Error("the broker has closed the connection")));
  }

  /** Rejects with what the package rejects with. @param signal ends the connection, also while it is being made */
  static async open({ module, settings }: RabbitServices, signal: AbortSignal): Promise<Connection> {
    const url = new URL(settings.url);
    if (!url.searchParams.has("heartbeat")) url.searchParams.set("heartbeat", String(HEARTBEAT_S));
    const line = { timeout: CONNECT_WITHIN_MS, noDelay: true, keepAlive: true, signal };
    const socket = { ...line, ...pemOf(settings.ssl), rejectUnauthorized: true };
    return new Connection(
      await module.connect(url.href, { ...socket, clientProperties: { connection_name: "shyim" } }),
    );
  }

  /** A channel whose failure is one of the connection. */
  watched<C extends Channel>(channel: C): C {
    channel.on("error", (error) => this.#break(error));
    return channel;
  }

  /** It counts as broken from now on. */
  fail(error: unknown): void {
    this.#break(error);
  }

  async close(): Promise<void> {
    await this.model.close();
  }
}

function pemOf(files: RabbitTls): Record<string, Buffer> {
  const given = Object.entries(files).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, Buffer.from(value)]));
}
