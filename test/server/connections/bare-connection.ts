import { Connection } from "../../../src/server/connections/connection.js";
import { DEFAULT_LIMITS } from "../../../src/server/limits.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";
import { FakeSocket } from "../fake-transport.js";
import { RawClient } from "../raw-client.js";

/** A connection without a server around it. */
export function bareConnection(id: number, time = new VirtualTime()): Connection {
  const client = new RawClient();
  const socket = new FakeSocket("a", time, client);
  client.open(socket);
  const connection = new Connection(id, socket, {
    runtime: new VirtualRuntime(time),
    limits: DEFAULT_LIMITS,
    report: () => {},
    handle: () => ({}),
    readPage: () => new Promise(() => {}),
    highWaterBytes: () => 1,
    onEnded: () => {},
    onSocketClosed: () => {},
  });
  socket.listen(connection);
  return connection;
}

/** A session of a user, on a kind of device. */
export function sessionOf(userId: string, deviceKind = "") {
  return {
    userId,
    origin: "00",
    deviceKind,
    isLegacy: false,
    expiresAt: Number.POSITIVE_INFINITY,
    issuedAt: undefined,
  };
}
