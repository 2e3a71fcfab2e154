/**
 * A chat server on the SQLite file its argument names, as a program of its own. It says its pid when it has loaded, listens
 * when it is sent a line and says where; SIGTERM closes it, and it does not outlive who started it.
 */

import { createImServer } from "shyim";
import { knexStorage } from "../../src/adapters/knex/index.js";
import { auth } from "./stage.js";

/** Many uplinks under way at any time, and yet no more letters than a test can look through. */
const limits = { uplinksPerSecond: 100, uplinkBurst: 100 };

const [filename = ""] = process.argv.slice(2);
const storage = knexStorage({ client: "sqlite", connection: { filename } });
const im = createImServer({ auth, storage, limits });

process.stdin.once("data", async () => {
  const { port } = await im.listen(0, { host: "127.0.0.1" });
  console.log(`port ${port}`);
});
process.stdin.once("end", () => process.exit(1));
process.once("SIGTERM", async () => {
  await im.close();
  process.stdin.destroy();
});
console.log(`pid ${process.pid}`);
