/** A whole chat server: users with passwords, messages in one SQLite file, an HTTP API and a page, all on one port. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { createImServer } from "shyim";
import { knexStorage } from "shyim/adapters/knex";
import { createHttpApi } from "shyim/http";
import { createApp } from "./app.js";
import type { ChatOptions } from "./chat-options.js";

/** Starts it. `stop` drains the sockets: no message that was accepted is lost. */
export async function start({ port, host, filename, secret }: ChatOptions) {
  const im = createImServer({
    accounts: { keys: [{ id: "web-chat", secret }], tokenTtlMs: 30 * 86_400_000 },
    storage: knexStorage({ client: "sqlite", connection: { filename } }),
    limits: { maxContentBytes: 131_072, maxFrameBytes: 196_608 }, // room for a picture
  });
  const app = createApp(createHttpApi(im, { basePath: "/api" }));
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  im.attach(server); // takes the WebSockets at /ws
  await once(server.listen(port, host), "listening");
  await im.start();
  const stop = async () => {
    server.close();
    await im.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, stop };
}
