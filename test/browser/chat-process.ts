/**
 * The server of `examples/web-chat` as a program of its own, on the data folder and the port that its arguments name (0 takes
 * a free one). It says where it listens; SIGTERM stops it, and it does not outlive who started it.
 */

import { prepareData } from "../../examples/web-chat/data-folder.js";
import { start } from "../../examples/web-chat/server.js";

const [folder = "", port = ""] = process.argv.slice(2);
const chat = await start({ port: Number(port), host: "127.0.0.1", ...prepareData(folder) });

process.stdin.once("end", () => process.exit(1)).resume();
process.once("SIGTERM", async () => {
  await chat.stop();
  process.exit(0);
});
console.log(`port ${chat.port}`);
