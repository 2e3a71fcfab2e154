import { describe, expect, it } from "vitest";
import { until } from "../../src/testing/conformance/transport/until.js";
import { handshake, rawFrame } from "../adapters/raw-web-socket.js";
import { wsStand } from "../adapters/ws-stand.js";

const BINARY = 2;
const CONTINUATION = 0;

describe("S1: the origin of a page decides whether it may connect", () => {
  const APP = ["https://app.example"];
  const table: readonly [rule: "same host" | readonly string[], origin: string | null, host: string, status: number][] =
    [
      ["same host", null, "example.com", 101],
      ["same host", "https://example.com", "example.com", 101],
      ["same host", "http://example.com", "example.com", 101],
      ["same host", "https://example.com", "example.com:443", 101],
      ["same host", "http://example.com:8080", "example.com:8080", 101],
      ["same host", "HTTPS://Example.COM", "example.com", 101],
      ["same host", "https://example.com", "EXAMPLE.com", 101],
      ["same host", "http://[::1]:8080", "[::1]:8080", 101],
      ["same host", "http://[0:0:0:0:0:0:0:1]:8080", "[::1]:8080", 101],
      ["same host", "null", "example.com", 403],
      ["same host", "", "example.com", 403],
      ["same host", "https://evil.com", "example.com", 403],
      ["same host", "https://example.com.evil.com", "example.com", 403],
      ["same host", "https://evilexample.com", "example.com", 403],
      ["same host", "https://sub.example.com", "example.com", 403],
      ["same host", "https://example.com", "sub.example.com", 403],
      ["same host", "https://example.com:8443", "example.com", 403],
      ["same host", "https://example.com", "example.com:8443", 403],
      ["same host", "http://[::2]:8080", "[::1]:8080", 403],
      ["same host", "https://example.com@evil.com", "example.com", 403],
      ["same host", "https://evil.com/example.com", "example.com", 403],
      ["same host", "https://evil.com#example.com", "example.com", 403],
      ["same host", "https://example.com/", "example.com", 403],
      ["same host", "https://example.com, https://evil.com", "example.com", 403],
      ["same host", "example.com", "example.com", 403],
      ["same host", `https://${"a".repeat(400)}`, "a".repeat(400), 403],
      [APP, null, "api.example", 101],
      [APP, "https://app.example", "api.example", 101],
      [APP, "https://APP.example:443", "api.example", 101],
      [APP, "http://app.example", "api.example", 403],
      [APP, "https://api.example", "api.example", 403],
      [APP, "https://app.example.evil.com", "api.example", 403],
      [APP, "https://evilapp.example", "api.example", 403],
      [APP, "null", "api.example", 403],
      [["https://[::1]:8443"], "https://[::1]:8443", "api.example", 101],
      [["capacitor://localhost"], "capacitor://localhost", "api.example", 101],
      [["capacitor://localhost"], "ionic://localhost", "api.example", 403],
    ];
  it.each(table)("X4: S1: rule %j, origin %j, host %j: %i", async (rule, origin, host, status) => {
    const stand = await wsStand(rule === "same host" ? {} : { origins: rule });
    const client = stand.ask({ host, headers: origin === null ? [] : [`Origin: ${origin}`] });
    expect(await client.status()).toBe(status);
    expect(stand.sockets.length).toBe(status === 101 ? 1 : 0);
  });

  it("S1: two Origin headers are refused although each alone were allowed", async () => {
    const stand = await wsStand({ origins: APP });
    const headers = ["Origin: https://app.example", "Origin: https://app.example"];
    expect(await stand.ask({ headers }).status()).toBe(403);
  });

  it("S1: the older name of the header counts as well", async () => {
    const stand = await wsStand();
    const text = handshake({ headers: ["Sec-WebSocket-Origin: https://evil.com"] }).replace(
      "Version: 13",
      "Version: 8",
    );
    expect(await stand.raw(text).status()).toBe(403);
  });

  it('S1: "*" lets every page in, the null origin too', async () => {
    const stand = await wsStand({ origins: "*" });
    expect(await stand.ask({ headers: ["Origin: https://evil.com"] }).status()).toBe(101);
    expect(await stand.ask({ headers: ["Origin: null"] }).status()).toBe(101);
  });

  it("S1: who is refused for the origin is not counted as an arrival and is hung up on", async () => {
    const stand = await wsStand();
    const client = stand.ask({ headers: ["Origin: https://evil.com"] });
    expect(await client.text()).toMatch(/^HTTP\/1\.1 403 [\s\S]*Connection: close[\s\S]*\r\n\r\norigin not allowed$/);
    expect(stand.addresses).toEqual([]);
  });
});

describe("S2: what a client offers as a subprotocol is not repeated", () => {
  it("S2: no subprotocol is chosen", async () => {
    const stand = await wsStand();
    const head = await stand.ask({ headers: ["Sec-WebSocket-Protocol: canary-token"] }).head();
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    expect(head).not.toMatch(/canary-token/);
  });
});

describe("S5: frames are bounded in size and in pieces", () => {
  it("S5: a frame above the limit closes with 4413 as soon as its length is read", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    client.socket.write(rawFrame(BINARY, new Uint8Array(65_537)).subarray(0, 14));
    expect(await client.closeCode()).toBe(4413);
    await stand.assertServes();
  });

  it("S5: a length of 2^63 closes with 4413", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    client.socket.write(Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]));
    expect(await client.closeCode()).toBe(4413);
  });

  it("S5: 64 fragments are a message", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    client.socket.write(rawFrame(BINARY, new Uint8Array([0]), { fin: false }));
    for (let i = 1; i < 63; i++) client.socket.write(rawFrame(CONTINUATION, new Uint8Array([i]), { fin: false }));
    client.socket.write(rawFrame(CONTINUATION, new Uint8Array([63])));
    await until("the message arrives", () => stand.sockets[0]?.frames.length === 1);
    expect(Array.from(stand.sockets[0]?.frames[0] ?? [])).toEqual(Array.from({ length: 64 }, (_, i) => i));
  });

  it("S5: 65 fragments close with 4413, and nothing of them is delivered", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    client.socket.write(rawFrame(BINARY, new Uint8Array([0]), { fin: false }));
    for (let i = 1; i < 64; i++) client.socket.write(rawFrame(CONTINUATION, new Uint8Array([i]), { fin: false }));
    client.socket.write(rawFrame(CONTINUATION, new Uint8Array([64])));
    expect(await client.closeCode()).toBe(4413);
    expect(stand.sockets[0]?.frames).toEqual([]);
    await stand.assertServes();
  });

  it("S5: fragments together above the limit close with 4413", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    client.socket.write(rawFrame(BINARY, new Uint8Array(40_000), { fin: false }));
    client.socket.write(rawFrame(CONTINUATION, new Uint8Array(40_000)));
    expect(await client.closeCode()).toBe(4413);
  });

  it("S5: a flood of empty continuations closes with 4413 and holds no memory", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    client.socket.write(rawFrame(BINARY, new Uint8Array(0), { fin: false }));
    client.socket.write(
      Buffer.concat(Array.from({ length: 1_000 }, () => rawFrame(CONTINUATION, new Uint8Array(0), { fin: false }))),
    );
    expect(await client.closeCode()).toBe(4413);
    const flood = Buffer.alloc(600_000, rawFrame(CONTINUATION, new Uint8Array(0), { fin: false }));
    for (let i = 0; i < 10; i++) client.socket.write(flood);
    await stand.assertServes();
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(5 * 1_048_576);
  });

  it("S5: a frame that arrives byte by byte closes with 4413 before it is complete", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    const frame = rawFrame(BINARY, new Uint8Array(60_000));
    let written = 0;
    let isOver = false;
    const code = client.closeCode().finally(() => {
      isOver = true;
    });
    while (!isOver && written < frame.length) {
      client.socket.write(frame.subarray(written, ++written));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await code).toBe(4413);
    expect(written).toBeLessThan(frame.length);
  });
});

describe("S6: compression is never negotiated", () => {
  it("S6: an offer of permessage-deflate is not taken up", async () => {
    const stand = await wsStand();
    const head = await stand.ask({ headers: ["Sec-WebSocket-Extensions: permessage-deflate"] }).head();
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    expect(head).not.toMatch(/sec-websocket-extensions/i);
  });

  it("S6: a frame marked as compressed closes with 1003", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    client.socket.write(rawFrame(BINARY, new Uint8Array([1]), { rsv: 4 }));
    expect(await client.closeCode()).toBe(1003);
  });
});

describe("S8: text frames and unknown opcodes close with 1003", () => {
  const frames: readonly [what: string, frame: Buffer][] = [
    ["a text frame", rawFrame(1, Buffer.from("hello"))],
    ["an empty text frame", rawFrame(1)],
    ["a text frame that is not UTF-8", rawFrame(1, new Uint8Array([0xff]))],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((code): [string, Buffer] => [`opcode ${code}`, rawFrame(code)]),
    ["a continuation of nothing", rawFrame(CONTINUATION, new Uint8Array([1]))],
    ["a frame without a mask", rawFrame(BINARY, new Uint8Array([1]), { masked: false })],
    ["a fragmented ping", rawFrame(9, new Uint8Array(0), { fin: false })],
    ["a ping that is too long", rawFrame(9, new Uint8Array(126))],
    ["a close frame with a code nobody may send", rawFrame(8, new Uint8Array([0, 1]))],
  ];
  it.each(frames)("S8: %s", async (_what, frame) => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    client.socket.write(Buffer.concat([frame, rawFrame(BINARY, new Uint8Array([1]))]));
    expect(await client.closeCode()).toBe(1003);
    client.socket.end();
    await until("the end is told", () => stand.sockets[0]?.closed.length === 1);
    expect(stand.sockets[0]?.closed).toEqual([1003]);
    expect(stand.sockets[0]?.frames).toEqual([]);
    await stand.assertServes();
  });

  it("S8: garbage instead of frames hurts no one else", async () => {
    const stand = await wsStand();
    for (let seed = 0; seed < 50; seed++) {
      const client = await stand.openRaw();
      client.socket.end(Buffer.from(Array.from({ length: 200 }, (_, i) => (seed * 7_919 + i * i * 31) & 0xff)));
    }
    await until("all of them are over", () => stand.sockets.every((socket) => socket.closed.length === 1));
    await stand.assertServes();
  });
});

describe("S34: a handshake that breaks hurts nobody", () => {
  it("S34: a client that resets while it is being turned away", async () => {
    const stand = await wsStand();
    for (let i = 0; i < 20; i++) {
      const client = stand.ask({ headers: ["Origin: https://evil.com"] });
      client.socket.once("connect", () => setImmediate(() => client.socket.resetAndDestroy()));
      await client.ended;
    }
    await stand.assertServes();
  });

  it.each([
    ["a key that is none", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: x"],
    ["a version nobody speaks", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 99"],
    ["another protocol", "Upgrade: websocket", "Upgrade: h2c"],
  ])("S34: %s is answered 400 and is not counted as an arrival", async (_what, good, bad) => {
    const stand = await wsStand();
    expect(await stand.raw(handshake({}).replace(good, bad)).status()).toBe(400);
    expect(stand.addresses).toEqual([]);
  });
});
