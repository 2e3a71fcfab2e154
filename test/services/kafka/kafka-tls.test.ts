import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { kafka, lockedDoor } from "../../../scripts/services/kinds/kafka.js";
import type { KafkaSasl, KafkaTls } from "../../../src/adapters/kafka/index.js";
import { kafkaQueueBy } from "../../../src/adapters/kafka/kafka-queue.js";
import { parseOptions } from "../../../src/adapters/kafka/options.js";
import { Authority, canMakeCertificates } from "../../adapters/grpc/certificates.js";
import { TlsLine } from "../tls-line.js";
import { KafkaPlace } from "./kafka-place.js";
import { NotedHost } from "./noted-host.js";

/** Only the private one is known to ask for a password. */
const isPrivate = inject("services").kafka === kafka.recipe?.url;
const SASL: KafkaSasl = { mechanism: "plain", username: "shyim", password: lockedDoor.password };
const RECORD = { key: "s ann bob", value: Uint8Array.of(1, 2) };

describe.skipIf(!isPrivate || !canMakeCertificates)("kafkaQueue over TLS", () => {
  let authority: Authority;
  let stranger: Authority;
  beforeAll(() => {
    [authority, stranger] = [new Authority(), new Authority()];
  });
  afterAll(() => {
    authority.remove();
    stranger.remove();
  });

  /** What a host of a queue behind TLS was told. @param name what the broker's certificate says; it is reached as localhost */
  async function behind(name: string, ssl: true | KafkaTls, isMutual = false, sasl = SASL): Promise<NotedHost> {
    const { cert, key, ca = "" } = authority.issue({ name });
    const line = await TlsLine.to(`kafka://127.0.0.1:${lockedDoor.port}`, {
      cert,
      key,
      ...(isMutual && { clientCa: ca }),
    });
    const place = new KafkaPlace(inject("services").kafka ?? "");
    const options = { ...place.options, brokers: [`localhost:${line.port}`], ssl, sasl };
    const [host, queue] = [
      new NotedHost(),
      kafkaQueueBy(parseOptions(options), () => ({ host: "localhost", port: line.port })),
    ];
    queue.bind(host);
    try {
      await queue.start();
      if (host.conditions[0]?.state === "up") {
        await queue.publish([RECORD]);
        await vi.waitFor(() => expect(host.records).toHaveLength(1), { timeout: 10_000 });
      }
    } finally {
      await queue.close();
      await line.close();
      await place.remove();
    }
    return host;
  }

  it("S29: password and records go through TLS to a broker that our authority has signed, which may ask for ours", async () => {
    const { ca = "", cert, key } = authority.issue({ name: "a node" });
    for (const host of [await behind("localhost", { ca }), await behind("localhost", { ca, cert, key }, true)]) {
      expect(host.conditions).toEqual([{ state: "up" }]);
      expect(host.records).toEqual([RECORD]);
    }
  });

  it("S29: a wrong password is told by start, and not repeated", async () => {
    const { ca = "" } = authority.issue({ name: "a node" });
    const wrong = { ...SASL, password: randomBytes(8).toString("hex") };
    const refused = await behind("localhost", { ca }, false, wrong).catch((error) => error);
    expect(refused).toMatchObject({ code: "operation_failed" });
    expect(refused.message).toMatch(/^kafkaQueue cannot work: Kafka at localhost:\d+: .*\(check the option sasl: /);
    expect(refused.message).not.toContain(wrong.password);
  });

  it("S29: a broker of another authority or another name is refused, with what to do", async () => {
    const ca = (by: Authority) => by.issue({ name: "nobody" }).ca ?? "";
    const refused = await Promise.all([
      ...[behind("localhost", true), behind("localhost", { ca: ca(stranger) })],
      ...[behind("elsewhere", { ca: ca(authority) }), behind("localhost", { ca: ca(authority) }, true)],
    ]);
    const reasons = refused.map(({ conditions: [first] }) => JSON.stringify(first));
    expect(refused.map(({ conditions: [first] }) => first?.state)).toEqual(["down", "down", "down", "down"]);
    for (const reason of reasons) expect(reason).toMatch(/"Kafka at localhost:\d+: /);
    for (const reason of reasons.slice(0, 2)) expect(reason).toMatch(/certificate.*as ssl\.ca/);
    expect(reasons[2]).toMatch(/name it by a name that is in its certificate/);
    expect(reasons[3]).toMatch(/ssl\.cert/);
  });
});
