import { describe, it } from "vitest";
import { grpcRpc } from "../../../src/adapters/grpc/index.js";
import { nodeRpcConformance } from "../../../src/testing/conformance/node-rpc.js";
import { freePort } from "./free-port.js";
import { OriginalClient } from "./original-client.js";
import { TcpGate } from "./tcp-gate.js";

nodeRpcConformance({ describe, it }, async () => {
  const gates = new Map<string, { readonly gate: TcpGate; readonly listen: string }>();
  return {
    join: async (address) => {
      const known = gates.get(address ?? "");
      const listen = known?.listen ?? `127.0.0.1:${await freePort()}`;
      const gate = known?.gate ?? (await TcpGate.open(Number(listen.split(":")[1])));
      const advertise = `127.0.0.1:${gate.port}`;
      gates.set(advertise, { gate, listen });
      const adapter = grpcRpc({ listen, advertise, plaintext: true });
      return { adapter, cut: () => gate.shut(), heal: () => gate.reopen() };
    },
    deliver: async (address, userId, output) => {
      const client = new OriginalClient(address);
      const status = await client.deliver(userId, output);
      client.close();
      return status === 0;
    },
    dispose: async () => {
      await Promise.all([...gates.values()].map(({ gate }) => gate.close()));
    },
  };
}, ["cut", "deliver"]);
