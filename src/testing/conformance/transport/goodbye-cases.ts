import { assertEqual } from "../assert.js";
import { assertNumbered, numberedFrame } from "./test-frames.js";
import type { TransportCases } from "./transport-stage.js";
import { until } from "./until.js";

/** Closing with a goodbye: the code arrives, and so does everything sent before it. */
export const goodbyeCases: TransportCases = (it) => {
  for (const code of [1000, 1001, 1012, 4400, 4401, 4413, 4508]) {
    it(`tells the client that the server closed with ${code}`, async (stage) => {
      const { client, server } = await stage.pair();
      server.socket.close(code, "because");
      assertEqual(await client.closed, code, "the client's close code");
      await until("the server hears the end", () => server.closed.length === 1);
      assertEqual(server.closed, [code], "the server's close codes");
    });
  }

  for (const code of [1000, 3000, 4999]) {
    it(`tells the server that the client closed with ${code}`, async (stage) => {
      const { client, server } = await stage.pair();
      client.close(code, "because");
      await until("the server hears the end", () => server.closed.length === 1);
      assertEqual(server.closed, [code], "the server's close codes");
      assertEqual(await client.closed, code, "the client's close code");
    });
  }

  it("takes any reason, however long, in any script", async (stage) => {
    for (const reason of ["", "x".repeat(1_000), "再见".repeat(100), `${"a".repeat(40)}${"👋".repeat(60)}`]) {
      const { client, server } = await stage.pair();
      server.socket.close(4410, reason);
      assertEqual(await client.closed, 4410, "the client's close code");
    }
  });

  it("delivers what was sent before the close", async (stage) => {
    const { client, server } = await stage.pair();
    for (let i = 0; i < 100; i++) server.socket.send(numberedFrame(i, 10_000));
    server.socket.close(4410, "kicked");
    assertEqual(await client.closed, 4410, "the client's close code");
    assertNumbered(client.received, 100, 10_000);
  });

  it("delivers what the client sent before its close", async (stage) => {
    const { client, server } = await stage.pair();
    for (let i = 0; i < 100; i++) client.send(numberedFrame(i, 10_000));
    client.close(1000, "done");
    await until("the server hears the end", () => server.closed.length === 1);
    assertNumbered(server.frames, 100, 10_000);
  });
};
