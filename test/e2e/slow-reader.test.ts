import { type Transport, wsTransport } from "shyim";
import { expect, it } from "vitest";
import type { Socket } from "../../src/adapters/contracts/index.js";
import { RawClient } from "./raw-client.js";
import { eventually, NO_RATE, openServer, upTo } from "./stage.js";

const MESSAGES = 4_000;
const CONTENT_BYTES = 8_192;

/** A WebSocket transport that notes the most that ever waited in one of its sockets. */
function watchedTransport(): { transport: Transport; mostBufferedBytes: () => number } {
  const transport = wsTransport();
  const bind = transport.bind.bind(transport);
  let most = 0;
  const watched = (socket: Socket): Socket => {
    const send = socket.send.bind(socket);
    return new Proxy(socket, {
      get(target, name) {
        if (name === "send") {
          return (bytes: Uint8Array) => {
            send(bytes);
            most = Math.max(most, target.bufferedBytes);
          };
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  transport.bind = (host, limits) =>
    bind({ admit: (arrival) => host.admit(arrival), open: (socket) => host.open(watched(socket)) }, limits);
  return { transport, mostBufferedBytes: () => most };
}

/** Everything but what the group told of itself. */
const sent = (client: RawClient) => client.of("push").filter(({ item }) => item.message.type > 1_000);

it("I15: a client that does not read costs at most 1 MiB, the others go on, and it gets everything when it reads again", async () => {
  const { transport, mostBufferedBytes } = watchedTransport();
  const { im, port } = await openServer({ transport, limits: { ...NO_RATE, maxUnacknowledged: 1_000_000 } });
  const { id } = await im.groups.create({ name: "all", ownerId: "slow", memberIds: ["quick"] });
  const slow = await RawClient.open(port);
  const quick = await RawClient.open(port);
  await slow.login("slow", { instanceId: new Uint8Array(16).fill(1) });
  await quick.login("quick", { instanceId: new Uint8Array(16).fill(2) });
  slow.socket.pause();

  const content = new Uint8Array(CONTENT_BYTES).fill(1);
  for (const n of upTo(MESSAGES)) await im.messages.send({ to: { groupId: id }, type: 1_000 + n, content });
  await eventually(() => sent(quick).length === MESSAGES, "the quick one has everything");
  expect(mostBufferedBytes()).toBeGreaterThan(0);
  expect(mostBufferedBytes()).toBeLessThanOrEqual(2 ** 20);
  expect(sent(slow).length).toBeLessThan(MESSAGES);

  slow.socket.resume();
  await eventually(() => sent(slow).length === MESSAGES, "the slow one has everything");
  // Behind the item that told of the group.
  expect(sent(slow).map(({ item }) => item.seq)).toEqual(upTo(MESSAGES).map((n) => n + 1));
  expect(mostBufferedBytes()).toBeLessThanOrEqual(2 ** 20);
  slow.socket.terminate();
  quick.socket.terminate();
  await im.close();
});
