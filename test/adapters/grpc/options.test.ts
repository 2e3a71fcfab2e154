import { afterEach, describe, expect, it } from "vitest";
import { type GrpcRpcOptions, grpcRpc } from "../../../src/adapters/grpc/index.js";
import { loadGrpc } from "../../../src/adapters/grpc/load-grpc.js";
import { GrpcNode } from "./grpc-node.js";

const nodes: GrpcNode[] = [];

async function addressOf(options: Partial<GrpcRpcOptions>): Promise<string> {
  const node = await GrpcNode.start("a", { plaintext: true, ...options } as GrpcRpcOptions);
  nodes.push(node);
  return node.rpc.address;
}

function refusalOf(options: unknown): string {
  try {
    grpcRpc(options as GrpcRpcOptions);
    return "";
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid_argument" });
    return (error as Error).message;
  }
}

afterEach(async () => {
  await Promise.all(nodes.splice(0).map(({ rpc }) => rpc.close()));
});

describe("the options of grpcRpc", () => {
  it("S27: neither tls nor plaintext is refused when it is made", () => {
    expect(refusalOf({})).toContain("tls: expected { ca, cert, key }, so that only nodes are let in");
    expect(refusalOf(undefined)).toContain("tls: expected { ca, cert, key }");
    expect(refusalOf({ tls: { ca: "", cert: "", key: "" }, plaintext: true })).toContain("got both");
  });

  it("S27: listens on this machine alone unless it is told where", async () => {
    expect(await addressOf({})).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
  });

  it("P13: everywhere is a place to listen at, and none to be reached at", async () => {
    expect(refusalOf({ listen: "0.0.0.0:0", plaintext: true })).toContain("advertise: expected where peers reach");
    expect(refusalOf({ listen: "[::]:0", plaintext: true })).toContain("advertise: expected where peers reach");
    expect(await addressOf({ listen: "0.0.0.0:0", advertise: "127.0.0.1" })).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect(await addressOf({ advertise: "node-1.chat.example:9094" })).toBe("node-1.chat.example:9094");
  });

  it("tells everything that is wrong at once, and nothing of a key", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nsecret";
    const text = refusalOf({
      listen: "nowhere",
      advertise: "0.0.0.0:1",
      tls: { ca: 1, cert: "x", key, password: "secret" },
      port: 1,
    });
    for (const part of [
      "listen:",
      "advertise:",
      "tls.ca:",
      "tls.cert:",
      "tls.password: there is no",
      "port: there is no",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain("secret");
    expect(refusalOf({ tls: { ca: key, cert: key, key } })).toContain("tls: expected certificates that can be read");
    expect(refusalOf({ tls: { ca: key, cert: key, key } })).not.toContain("secret");
  });

  it("a package that is missing is told with what installs it", async () => {
    const missing = loadGrpc(() => Promise.reject(new Error("Cannot find package")));
    await expect(missing).rejects.toMatchObject({
      code: "operation_failed",
      message: "grpcRpc needs the package @grpc/grpc-js: npm install @grpc/grpc-js",
    });
  });
});
