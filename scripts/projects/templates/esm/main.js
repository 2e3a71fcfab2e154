import { createImServer } from "shyim";
import { knexStorage } from "shyim/adapters/knex";
import { createImClient } from "shyim/client";

const server = createImServer({
  auth: { authenticate: (token) => ({ userId: token }) },
  storage: knexStorage({ client: "sqlite", connection: { filename: "chat.db" } }),
});
const { url } = await server.listen(0, { host: "127.0.0.1" });
const ada = createImClient({ url, token: "ada" });
const bob = createImClient({ url, token: "bob" });

const nextMessage = new Promise((resolve) => bob.on("message", resolve));
await Promise.all([ada.connect(), bob.connect()]);
await ada.send({ to: { userId: "bob" }, text: "hello from esm" });
console.log(`esm: received "${(await nextMessage).text}"`);

await Promise.all([ada.close(), bob.close()]);
await server.close();
