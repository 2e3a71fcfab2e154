import { parseGroupNotice } from "shyim";
import { createImClient, type ImClient, type ImMessage } from "shyim/client";
import type { NodeProcess } from "./node-process.js";

/** Somebody with an account. */
export interface Person {
  readonly name: string;
  readonly userId: string;
  readonly token: string;
}

/** A device of somebody: a client, and what is on its screen. */
export interface Device {
  readonly im: ImClient;
  readonly screen: readonly ImMessage[];
  /** Resolves when `count` items are on the screen. */
  shows(count: number): Promise<void>;
}

/** A call of a node's HTTP API; answers its `data`. */
export async function call(node: NodeProcess, path: string, body: object, token?: string) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${node.httpUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { msg: string; data: Record<string, unknown> };
  if (!response.ok) throw new Error(`${path} at node ${node.name}: ${answer.msg}`);
  return answer.data;
}

/** Signs somebody up at a node. Any node will do: accounts are in the database. */
export async function signUp(node: NodeProcess, name: string, phoneNumber: string): Promise<Person> {
  const fields = { phone_number: phoneNumber, nickname: name, password: `${name} likes long walks` };
  const { id, token } = await call(node, "/register", fields);
  return { name, userId: String(id), token: String(token) };
}

/** Signs a device in. `print` is called with every item that appears on its screen. */
export async function signIn(person: Person, url: string, print: (message: ImMessage) => void): Promise<Device> {
  const im = createImClient({ url, token: person.token });
  const screen: ImMessage[] = [];
  im.on("message", (message) => {
    screen.push(message);
    print(message);
  });
  await im.connect();
  const shows = async (count: number) => {
    while (screen.length < count) {
      let stop = () => {};
      await new Promise((look) => {
        stop = im.on("message", look);
      });
      stop();
    }
  };
  return { im, screen, shows };
}

/** An item as a line of a screen: its place in the inbox, who, what. */
export function lineOf({ seq, senderId, text, type, content }: ImMessage, people: readonly Person[]): string {
  const nameOf = (id: unknown) => people.find(({ userId }) => userId === id)?.name ?? "the system";
  if (text !== undefined) return `${seq} ${nameOf(senderId)}: ${text}`;
  const notice = parseGroupNotice(Number(type), content);
  return `${seq} (${notice?.kind} by ${nameOf(notice?.by)})`;
}
