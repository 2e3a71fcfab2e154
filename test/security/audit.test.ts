import { once } from "node:events";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { type AuditEvent, createImServer } from "../../src/index.js";

it("S32, S1: a page that may not open a socket is told to the audit trail once", async () => {
  const im = createImServer({ auth: { authenticate: () => null } });
  const events: AuditEvent[] = [];
  im.on("audit", (event) => void events.push(event));
  const { url } = await im.listen(0, { host: "127.0.0.1" });
  const socket = new WebSocket(url, { origin: "https://evil.example" });
  await once(socket, "error");
  await im.close();
  expect(events).toEqual([{ action: "origin_refused", address: "127.0.0.1", origin: "https://evil.example" }]);
});
