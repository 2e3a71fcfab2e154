import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { RabbitTls } from "../../../src/adapters/rabbitmq/index.js";
import { rabbitQueue } from "../../../src/adapters/rabbitmq/index.js";
import { Authority, canMakeCertificates } from "../../adapters/grpc/certificates.js";
import { NotedHost } from "../kafka/noted-host.js";
import { TlsLine } from "../tls-line.js";
import { RabbitPlace } from "./rabbit-place.js";

const url = inject("services").rabbitmq;
const RECORD = { key: "s ann bob", value: Uint8Array.of(1, 2) };

describe.skipIf(url === undefined || !canMakeCertificates)("rabbitQueue over TLS", () => {
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
  async function behind(name: string, ssl: RabbitTls, isMutual = false): Promise<NotedHost> {
    const { cert, key, ca = "" } = authority.issue({ name });
    const line = await TlsLine.to(url ?? "", { cert, key, ...(isMutual && { clientCa: ca }) });
    const place = new RabbitPlace(url ?? "");
    const secure = new URL((url ?? "").replace(/^amqp:/, "amqps:"));
    secure.hostname = "localhost";
    secure.port = String(line.port);
    const [host, queue] = [new NotedHost(), rabbitQueue({ ...place.options, url: secure.href, ssl })];
    queue.bind(host);
    await queue.start();
    if (host.conditions[0]?.state === "up") {
      await queue.publish([RECORD]);
      await vi.waitFor(() => expect(host.records).toHaveLength(1));
    }
    await queue.close();
    await line.close();
    await place.remove();
    return host;
  }

  it("S29: password and records go through TLS to a broker that our authority has signed, which may ask for ours", async () => {
    const { ca = "", cert, key } = authority.issue({ name: "a node" });
    for (const host of [await behind("localhost", { ca }), await behind("localhost", { ca, cert, key }, true)]) {
      expect(host.conditions).toEqual([{ state: "up" }]);
      expect(host.records).toEqual([RECORD]);
    }
  });

  it("S29: a broker of another authority or another name is refused, with what to do", async () => {
    const ca = (by: Authority) => by.issue({ name: "nobody" }).ca ?? "";
    const refused = await Promise.all([
      ...[behind("localhost", {}), behind("localhost", { ca: ca(stranger) })],
      ...[behind("elsewhere", { ca: ca(authority) }), behind("localhost", { ca: ca(authority) }, true)],
    ]);
    const reasons = refused.map(({ conditions: [first] }) => JSON.stringify(first));
    expect(refused.map(({ conditions: [first] }) => first?.state)).toEqual(["down", "down", "down", "down"]);
    for (const reason of reasons) expect(reason).toMatch(/"RabbitMQ at localhost:\d+: /);
    for (const reason of reasons.slice(0, 2)) expect(reason).toMatch(/certificate.*as ssl\.ca/);
    expect(reasons[2]).toMatch(/name it by a name that is in its certificate/);
    expect(reasons[3]).toMatch(/ssl\.cert/);
  });
});
