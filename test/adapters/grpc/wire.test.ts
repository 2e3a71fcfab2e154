import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  status,
} from "@grpc/grpc-js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CONNECT_SERVICE, TARGET_KEY } from "../../../src/adapters/grpc/connect-service.js";
import { GrpcNode } from "./grpc-node.js";
import { OriginalClient } from "./original-client.js";

const closing: (() => unknown)[] = [];

async function start(id = "a"): Promise<GrpcNode> {
  const node = await GrpcNode.start(id);
  closing.push(() => node.rpc.close());
  return node;
}

/** A stream of `Notify` by the package's own client. */
function notify(address: string, target: string | null) {
  const client = new Client(address, credentials.createInsecure(), { "grpc.max_send_message_length": -1 });
  closing.push(() => client.close());
  const metadata = new Metadata();
  if (target !== null) metadata.set(TARGET_KEY, Buffer.from(target));
  const { path, requestSerialize, responseDeserialize } = CONNECT_SERVICE.Notify;
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata, {});
  const replies: number[][] = [];
  stream.on("data", (reply: Uint8Array) => replies.push([...reply]));
  const code = new Promise<number>((resolve) => stream.on("status", (end) => resolve(end.code)));
  stream.on("error", () => undefined);
  return { stream, replies, code };
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe("the protocol between nodes", () => {
  it("P7: a program of the original protocol brings something for one user, and for many", async () => {
    const node = await start();
    node.isConnected = (userId) => userId !== "2";
    const client = new OriginalClient(node.rpc.address);
    closing.push(() => client.close());
    expect(await client.deliver("9007199254740991", Uint8Array.of(8))).toBe(status.OK);
    expect(await client.deliver("2", Uint8Array.of(8))).toBe(status.NOT_FOUND);
    expect(await client.deliverAll({ 1: Uint8Array.of(1), 2: Uint8Array.of(2), 3: new Uint8Array() })).toBe(status.OK);
    expect(await client.deliverAll({ 2: Uint8Array.of(2) })).toBe(status.NOT_FOUND);
    expect(node.delivered).toEqual(["9007199254740991", "2", "1", "2", "3", "2"]);
  });

  it("S24: an id beyond 2^53 - 1, or none, is refused instead of cut", async () => {
    const node = await start();
    const client = new OriginalClient(node.rpc.address);
    closing.push(() => client.close());
    expect(await client.deliver("9007199254740992", Uint8Array.of(8))).toBe(status.INVALID_ARGUMENT);
    expect(await client.deliver("0", Uint8Array.of(8))).toBe(status.INVALID_ARGUMENT);
    expect(node.delivered).toEqual([]);
  });

  it("any program of gRPC can notify a node: batches are answered in order, until it ends the stream", async () => {
    const node = await start();
    const { stream, replies, code } = notify(node.rpc.address, "a");
    for (const byte of [1, 2, 3]) stream.write(Uint8Array.of(byte));
    await vi.waitFor(() =>
      expect(replies).toEqual([
        [8, 1],
        [8, 1],
        [8, 1],
      ]),
    );
    stream.end();
    expect(await code).toBe(status.OK);
    expect(node.batches.map((batch) => [...batch])).toEqual([[1], [2], [3]]);
  });

  it("P13: a stream that means another node, or none, is refused", async () => {
    const node = await start();
    for (const target of ["b", "A", "", null]) {
      const { stream, code } = notify(node.rpc.address, target);
      stream.write(Uint8Array.of(1));
      expect(await code).toBe(status.FAILED_PRECONDITION);
    }
    expect(node.batches).toEqual([]);
  });

  it("S27: what is larger than a batch may be is refused, and the node goes on", async () => {
    const node = await start();
    const { stream, code } = notify(node.rpc.address, "a");
    stream.write(new Uint8Array(5 * 1024 * 1024));
    expect(await code).toBe(status.RESOURCE_EXHAUSTED);
    const other = await start("b");
    expect(await other.send(node.info)).toBe("taken");
    expect(node.batches).toHaveLength(1);
  });

  it("S27: nobody is told what calls there are", async () => {
    const node = await start();
    const client = new Client(node.rpc.address, credentials.createInsecure());
    closing.push(() => client.close());
    const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    const stream = client.makeBidiStreamRequest(
      path,
      (value: Buffer) => value,
      (value) => value,
      new Metadata(),
      {},
    );
    const code = new Promise<number>((resolve) => stream.on("status", (end) => resolve(end.code)));
    stream.on("error", () => undefined);
    expect(await code).toBe(status.UNIMPLEMENTED);
  });

  it("a node can notify any server of gRPC, and takes its refusals for what they are", async () => {
    const server = new Server();
    const targets: string[] = [];
    const answers = [[8, 1], [], [8, 1]];
    server.addService(CONNECT_SERVICE, {
      DeliverMessage: () => undefined,
      DeliverMessageAll: () => undefined,
      Notify: (stream: ServerDuplexStream<Uint8Array, Uint8Array>) => {
        targets.push(String(stream.metadata.get(TARGET_KEY)[0]));
        stream.on("data", () => stream.write(Uint8Array.from(answers.shift() ?? [8, 1])));
      },
    });
    const port = await new Promise<number>((resolve) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, bound) => resolve(bound));
    });
    closing.push(() => server.forceShutdown());
    const node = await start();
    const info = { id: "foreign, odd", epoch: "e", address: `127.0.0.1:${port}` };
    expect([await node.send(info), await node.send(info), await node.send(info)]).toEqual([
      "taken",
      "operation_failed",
      "taken",
    ]);
    expect(targets).toEqual(["foreign, odd"]);
  });

  it("what answers, but not as gRPC, is unavailable", async () => {
    const { createServer } = await import("node:http2");
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const node = await start();
    expect(await node.send({ id: "x", epoch: "e", address: `127.0.0.1:${port}` })).toBe("unavailable");
  });
});
