import { decodeText } from "../../src/core/bytes.js";
import type { LoginFrame, ServerFrame } from "../../src/core/frames.js";
import { MESSAGE_TYPE } from "../../src/core/model.js";
import { createImServer } from "../../src/server/create-im-server.js";
import type { ImServer } from "../../src/server/im-server.js";
import type { LogFields } from "../../src/server/logger.js";
import type { ImServerOptions } from "../../src/server/options.js";
import { VirtualServerRuntime } from "../../src/testing/fakes/virtual-server-runtime.js";
import { VirtualTime } from "../../src/testing/fakes/virtual-time.js";
import { FakeSocket, FakeTransport } from "./fake-transport.js";
import { legacyLogin, login, RawClient } from "./raw-client.js";
import { StorageSwitch } from "./storage-switch.js";

/** One line of the server's log. */
export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly fields: LogFields;
  readonly text: string;
}

/** A token is the user's id; `bad` is refused. */
export const auth = { authenticate: (token: string) => (token === "bad" ? null : { userId: token }) };

/** A server on virtual time with everything around it. */
export class Stage {
  readonly time = new VirtualTime();
  readonly runtime = new VirtualServerRuntime(this.time);
  readonly transport = new FakeTransport(this.time);
  readonly log: LogLine[] = [];
  readonly storage: StorageSwitch;
  readonly im: ImServer;

  /** @param options with `accounts` the users are built in */
  constructor(options: Partial<ImServerOptions> = {}, storage = new StorageSwitch()) {
    this.storage = storage;
    const { time: _time, runtime, transport, log } = this;
    const write = (level: LogLine["level"]) => (fields: LogFields, text: string) =>
      void log.push({ level, fields, text });
    const logger = { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
    const users = options.accounts === undefined ? { auth } : {};
    this.im = createImServer({ ...users, storage, transport, runtime, logger, ...options });
  }

  /** Lets `ms` pass and everything that is due happen. */
  run(ms = 0): Promise<void> {
    return this.time.advance(ms);
  }

  /** Someone connects; must be let in. */
  dial(address = "10.0.0.1"): RawClient {
    const client = new RawClient();
    const socket = this.transport.arrive(address, client);
    if (!(socket instanceof FakeSocket)) throw new Error(`turned away with ${socket.status}`);
    client.open(socket);
    return client;
  }

  /** A device of this library's own kind, signed in. */
  async device(userId: string, rest: Partial<LoginFrame> = {}): Promise<RawClient> {
    const client = this.dial();
    client.send(login(userId, rest));
    await this.run();
    return client;
  }

  /** A device of the original's kind, signed in. */
  async legacyDevice(userId: string): Promise<RawClient> {
    const client = this.dial();
    client.send(legacyLogin(userId));
    await this.run();
    return client;
  }

  /** The application's own users send so many texts to a user: "1", "2" … */
  async fill(userId: string, count: number, from = 1): Promise<void> {
    for (let n = from; n < from + count; n++) {
      const sent = this.im.messages.send({ to: { userId }, text: String(n) });
      await this.run();
      await sent;
    }
  }

  /** Warnings and errors so far. */
  get complaints(): string[] {
    return this.log.filter(({ level }) => level === "warn" || level === "error").map(({ text }) => text);
  }
}

/** A server that runs. */
export async function openStage(options: Partial<ImServerOptions> = {}, storage?: StorageSwitch): Promise<Stage> {
  const stage = new Stage(options, storage);
  await stage.im.start();
  return stage;
}

/** The texts of the pushes among some frames. */
export function textsOf(frames: readonly ServerFrame[]): string[] {
  return frames.flatMap((frame) => {
    const isText = frame.kind === "push" && frame.item.message.type === MESSAGE_TYPE.text;
    return isText ? [decodeText(frame.item.message.content)] : [];
  });
}

/** 1, 2, 3 … `count`. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** What a promise ended with, looked at without waiting for it. */
export function watch<T>(promise: Promise<T>): { value?: T; error?: unknown; done: boolean } {
  const seen: { value?: T; error?: unknown; done: boolean } = { done: false };
  promise.then(
    (value) => Object.assign(seen, { value, done: true }),
    (error) => Object.assign(seen, { error, done: true }),
  );
  return seen;
}
