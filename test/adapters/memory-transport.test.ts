import { describe, expect, it } from "vitest";
import type { MemoryClientSocket } from "../../src/adapters/memory/memory-client-socket.js";
import { type MemoryTransport, memoryTransport } from "../../src/adapters/memory/memory-transport.js";
import type { Dial } from "../../src/client/contracts.js";
import { type TestClient, transportConformance } from "../../src/testing/conformance/transport.js";

interface Dialled extends TestClient {
  readonly socket: MemoryClientSocket;
}

function dial(transport: MemoryTransport): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    const received: Uint8Array[] = [];
    let end: (code: number) => void = () => undefined;
    const closed = new Promise<number>((settle) => {
      end = settle;
    });
    const socket = transport.dial("memory:", {
      onOpen: () => resolve(client),
      onFrame: (bytes) => received.push(bytes.slice()),
      onClosed: (code) => {
        end(code);
        reject(new Error(`turned away with ${code}`));
      },
    });
    const client: Dialled = {
      socket,
      received,
      closed,
      send: (bytes) => socket.send(bytes),
      stopReading: () => socket.pause(),
      startReading: () => socket.resume(),
      close: (code, reason) => socket.close(code, reason),
      drop: () => socket.drop(),
    };
  });
}

transportConformance({ describe, it }, async () => {
  const transport = memoryTransport();
  return { transport, connect: () => dial(transport), dispose: async () => undefined };
});

describe("memory transport, the dialling side", () => {
  it("fits the client's dial", () => {
    const fits: Dial = memoryTransport().dial;
    expect(typeof fits).toBe("function");
  });

  it("hears 1006 when nobody was bound, and when it closes before it is open", async () => {
    const codes: number[] = [];
    const listener = {
      onOpen: () => codes.push(0),
      onFrame: () => undefined,
      onClosed: (code: number) => codes.push(code),
    };
    memoryTransport().dial("memory:", listener);
    memoryTransport().dial("memory:", listener).close(1000, "changed my mind");
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(codes).toEqual([1006, 1006]);
  });
});
