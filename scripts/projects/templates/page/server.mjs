import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { createImServer } from "shyim";

/** Serves the built page in `dist` and greets who comes to the chat, until it is told to end. */
const greeting = process.argv[2];
const types = { ".html": "text/html", ".js": "text/javascript" };

const pages = createServer(async ({ url }, response) => {
  const path = url === "/" ? "/index.html" : url;
  const content = await readFile(join("dist", path)).catch(() => null);
  response.writeHead(content ? 200 : 404, { "content-type": types[extname(path)] ?? "text/plain" }).end(content);
});

const im = createImServer({ auth: { authenticate: (token) => ({ userId: token }) } });
im.attach(pages);
im.on("online", ({ userId }) => im.messages.send({ to: { userId }, text: greeting }));
im.start().then(() => {
  pages.listen(0, "127.0.0.1", () => console.log(`serving http://127.0.0.1:${pages.address().port}`));
});

process.once("SIGTERM", () => {
  pages.close();
  im.close();
});
