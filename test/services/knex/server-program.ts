/**
 * A chat server on a shared database, as a program of its own: `node --import tsx server-program.ts CLIENT URL POLL_HEADS_MS`.
 * A token is the user's id. It says `url …` when it listens; it does not outlive who started it.
 */

import { createImServer } from "shyim";
import { knexStorage } from "../../../src/adapters/knex/index.js";
import { auth } from "../../e2e/stage.js";
import type { ServerClient } from "./ordeals/databases.js";

const [client, connection = "", pollHeadsMs] = process.argv.slice(2);
const storage = knexStorage({ client: client as ServerClient, connection });
const im = createImServer({ auth, storage, limits: { pollHeadsMs: Number(pollHeadsMs) } });

process.stdin.once("end", () => process.exit(1)).resume();
const { url } = await im.listen(0, { host: "127.0.0.1" });
console.log(`url ${url}`);
