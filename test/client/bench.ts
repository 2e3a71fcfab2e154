import type { ClientStore } from "../../src/client/contracts.js";
import { createClient } from "../../src/client/create-im-client.js";
import type { ClientEvents, ClientState, ImClient, SendResult } from "../../src/client/im-client.js";
import type { ClientOptions } from "../../src/client/options.js";
import { memoryStore } from "../../src/client/stores/memory-store.js";
import type { LoginAckFrame } from "../../src/core/frames.js";
import { FakePlatform, type FakeSocket } from "./fake-platform.js";

type Told = { readonly [Name in keyof ClientEvents]: ClientEvents[Name][] };

/** A client on a fake platform, with everything it told. */
export interface Bench {
  readonly platform: FakePlatform;
  readonly store: ClientStore;
  readonly im: ImClient;
  readonly told: Told;
  /** Names of the states, in order. */
  readonly states: () => ClientState["name"][];
  /** Seqs of the messages shown, in order. */
  readonly shown: () => number[];
}

export function bench(options: Partial<ClientOptions> = {}, platform = new FakePlatform()): Bench {
  const store = options.store ?? memoryStore();
  const im = createClient(platform, { url: "ws://chat.test/ws", token: "token-1", ...options, store });
  const told: Told = { message: [], state: [], sent: [], refused: [], outbox: [], error: [] };
  im.on("message", (event) => told.message.push(event));
  im.on("state", (event) => told.state.push(event));
  im.on("sent", (event) => told.sent.push(event));
  im.on("refused", (event) => told.refused.push(event));
  im.on("outbox", (event) => told.outbox.push(event));
  im.on("error", (event) => told.error.push(event));
  return {
    platform,
    store,
    im,
    told,
    states: () => told.state.map(({ name }) => name),
    shown: () => told.message.map(({ seq }) => seq),
  };
}

/** A client that has just signed in. */
export async function online(
  options: Partial<ClientOptions> = {},
  ack: Partial<LoginAckFrame> = {},
): Promise<Bench & { socket: FakeSocket }> {
  const made = bench(options);
  const connected = made.im.connect();
  await made.platform.settle();
  const socket = await made.platform.accept(ack);
  await connected;
  return { ...made, socket };
}

/** How a promise stands. */
export interface Outcome {
  state: "open" | "resolved" | "rejected";
  result?: SendResult;
  code?: string;
}

/** Watches a promise without waiting for it. */
export function watch(promise: Promise<SendResult>): Outcome {
  const outcome: Outcome = { state: "open" };
  promise.then(
    (result) => Object.assign(outcome, { state: "resolved", result }),
    (error: { code: string }) => Object.assign(outcome, { state: "rejected", code: error.code }),
  );
  return outcome;
}

/** Hands over texts to bob. */
export function sendTexts(im: ImClient, ...texts: readonly string[]): Outcome[] {
  return texts.map((text) => watch(im.send({ to: { userId: "bob" }, text })));
}
