import { createImClient, type ImClient, type ImMessage } from "shyim/client";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { encodeClientFrame } from "../../src/core/codec.js";

/** What an application's `/login` answers, as far as every example has it. */
export interface Login {
  readonly userId: string;
  readonly token: string;
  readonly expiresAt: number;
}

/** Sends JSON; answers status and JSON. */
export async function call(method: string, url: string, body?: unknown, token?: string) {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Somebody who signed in to an application and sits in its chat. */
export interface Visitor {
  readonly id: string;
  readonly im: ImClient;
  readonly shown: readonly ImMessage[];
  /** Resolves when `count` texts were shown. */
  sees(count: number): Promise<(string | undefined)[]>;
}

/** Joins a chat with an application's token. Ends with the test. */
export async function joinChat(url: string, { userId, token, expiresAt }: Login): Promise<Visitor> {
  const im = createImClient({ url, token: () => ({ token, expiresAt }) });
  const shown: ImMessage[] = [];
  // What a group tells of itself (its creation, who came) is on no screen of these.
  im.on("message", (message) => void (message.type === "text" && shown.push(message)));
  onTestFinished(() => im.close());
  await im.connect();
  const sees = async (count: number) => {
    while (shown.length < count) await new Promise((look) => im.on("message", look));
    return shown.map(({ text }) => text);
  };
  return { id: userId, im, shown, sees };
}

/** What a page of `origin` gets for an attempt to open a socket: "open", or the HTTP status. */
export function openFrom(origin: string, url: string): Promise<"open" | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { origin });
    socket.on("open", () => {
      socket.terminate();
      resolve("open");
    });
    socket.on("unexpected-response", (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on("error", reject);
  });
}

/** Shows a token by hand, without the client, and answers the code with which the server closes. */
export function closeCodeFor(url: string, token: string): Promise<number> {
  const login = { kind: "login", token, instanceId: null, cursor: 0, cursorMessageId: null, syncEpoch: "" } as const;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on("open", () => socket.send(encodeClientFrame({ ...login, caps: 0, deviceKind: "" })));
    socket.on("close", resolve);
    socket.on("error", reject);
  });
}
