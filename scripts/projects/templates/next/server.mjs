import { createServer } from "node:http";
import next from "next";
import { createImServer } from "shyim";

// Next ends every socket at a path that one of its routes takes. So it hears of upgrades from us, and of the chat's not at all.
const upgradesForNext = createServer();
const app = next({ dev: process.argv[2] === "dev", hostname: "127.0.0.1", httpServer: upgradesForNext });
const server = createServer(app.getRequestHandler());
const im = createImServer({ auth: { authenticate: (token) => ({ userId: token }) } });
im.attach(server);
server.on("upgrade", (request, socket, head) => {
  if (request.url !== "/ws") upgradesForNext.emit("upgrade", request, socket, head);
});

im.on("online", ({ userId }) => im.messages.send({ to: { userId }, text: "hello from next" }));
await Promise.all([app.prepare(), im.start()]);
server.listen(0, "127.0.0.1", () => console.log(`serving http://127.0.0.1:${server.address().port}`));

process.once("SIGTERM", async () => {
  server.close();
  await im.close();
  await app.close();
  process.exit(0);
});
