import { createImServer, type ImServer } from "shyim";
import { createImClient, type ImClient, type ImMessage } from "shyim/client";

async function main(): Promise<void> {
  const server: ImServer = createImServer({ auth: { authenticate: async (token) => ({ userId: token }) } });
  const { url } = await server.listen(0, { host: "127.0.0.1" });
  const ada: ImClient = createImClient({ url, token: "ada" });
  const bob: ImClient = createImClient({ url, token: () => "bob" });

  const nextMessage = new Promise<ImMessage>((resolve) => bob.on("message", resolve));
  await Promise.all([ada.connect(), bob.connect()]);
  await ada.send({ to: { userId: "bob" }, text: "hello from node16 (cts)" });
  console.log(`node16: received "${(await nextMessage).text}"`);

  await Promise.all([ada.close(), bob.close()]);
  await server.close();
}

main();
