import type { connect } from "node:net";
import type { ImServer } from "shyim";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOGIN, RawClient, uplink } from "./raw-client.js";
import { eventually, openServer } from "./stage.js";

const OVERSIZED = 65_537;
let im: ImServer;
let port: number;
let good: RawClient;

beforeAll(async () => {
  ({ im, port } = await openServer({ limits: { loginTimeoutMs: 500 } }));
  good = await RawClient.open(port);
  await good.login("good", { instanceId: new Uint8Array(16).fill(1) });
});

afterAll(async () => {
  good.socket.terminate();
  await im.close();
});

/** 65 fragments of one message, written by hand: FIN only on the last; client frames are masked (here with zeros). */
function fragments(count: number): Buffer {
  const part = (index: number) => {
    const opcode = index === 0 ? 0x02 : 0x00;
    const fin = index === count - 1 ? 0x80 : 0x00;
    return Buffer.from([fin | opcode, 0x81, 0, 0, 0, 0, 0x08]);
  };
  return Buffer.concat(Array.from({ length: count }, (_, index) => part(index)));
}

const HARM: [name: string, code: number, act: (client: RawClient) => Promise<void>][] = [
  [
    "B4: the six bytes of a message without content, after login",
    4400,
    (client) => loggedIn(client, Buffer.from("080312021001", "hex")),
  ],
  ["garbage", 4400, async (client) => client.socket.send(Buffer.from([0xff, 0x13, 0x37]))],
  ["X13: a text frame", 1003, async (client) => client.socket.send("hello")],
  ["B5: an oversized frame", 4413, async (client) => client.socket.send(Buffer.alloc(OVERSIZED))],
  ["P17: a silent socket", 4401, async () => {}],
  ["P18: a refused token", 4401, async (client) => client.send({ ...LOGIN, token: "stranger" })],
  ["a message before login", 4400, async (client) => client.send(uplink(1, "good", "too early"))],
];

async function loggedIn(client: RawClient, bytes: Buffer): Promise<void> {
  await client.login("mallory");
  client.socket.send(bytes);
}

let clientId = 0;

/** The bystander still gets its answers. */
async function expectUnharmed(): Promise<void> {
  const id = ++clientId;
  good.send(uplink(id, "good", "still here"));
  await eventually(() => good.of("uplink_ack").some((ack) => ack.clientId === id), "the bystander is answered");
  expect(good.closeCode).toBe(null);
}

describe("what a hostile socket gets, and nobody else feels", () => {
  it.each(HARM)("I16: %s is closed with %i", async (_name, code, act) => {
    const client = await RawClient.open(port);
    await act(client);
    expect(await client.closed()).toBe(code);
    await expectUnharmed();
  });

  it("I16: a message in 65 fragments is closed with 4413", async () => {
    const client = await RawClient.open(port);
    const tcp = Reflect.get(client.socket, "_socket") as ReturnType<typeof connect>;
    tcp.write(fragments(65));
    expect(await client.closed()).toBe(4413);
    await expectUnharmed();
  });

  it("I16: a message in 64 fragments is read", async () => {
    const client = await RawClient.open(port);
    const tcp = Reflect.get(client.socket, "_socket") as ReturnType<typeof connect>;
    tcp.write(fragments(64));
    expect(await client.closed()).toBe(4400);
    await expectUnharmed();
  });
});
