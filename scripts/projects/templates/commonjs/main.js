const { createImServer } = require("shyim");
const { createImClient } = require("shyim/client");

async function main() {
  const server = createImServer({ auth: { authenticate: (token) => ({ userId: token }) } });
  const { url } = await server.listen(0, { host: "127.0.0.1" });
  const ada = createImClient({ url, token: "ada" });
  const bob = createImClient({ url, token: "bob" });

  const nextMessage = new Promise((resolve) => bob.on("message", resolve));
  await Promise.all([ada.connect(), bob.connect()]);
  await ada.send({ to: { userId: "bob" }, text: "hello from commonjs" });
  console.log(`commonjs: received "${(await nextMessage).text}"`);

  await Promise.all([ada.close(), bob.close()]);
  await server.close();
}

main();
