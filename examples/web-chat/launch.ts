import { isImError } from "shyim";
import { buildPage, isPageStale } from "./build-page.js";
import { prepareData } from "./data-folder.js";
import { start } from "./server.js";
import { readSettings, type Settings } from "./settings.js";
import { StartProblem } from "./start-problem.js";
import { onStopSignal } from "./stop-signal.js";

/** Starts the chat as `npm start` does: with the settings of the environment, words for people, and an end on Ctrl-C. */
export async function launch(): Promise<void> {
  try {
    await run(readSettings(process.env));
  } catch (error) {
    console.error(wordsOf(error));
    // A server that listens already, or a storage that is half open, must not keep the process.
    process.exit(1);
  }
}

async function run(settings: Settings): Promise<void> {
  const data = prepareData(settings.data);
  if (isPageStale()) await buildWithWords();
  const { port, stop } = await start({ port: settings.port, host: settings.host, ...data }).catch((error) => {
    throw listenProblem(error, settings);
  });
  onStopSignal(async () => {
    console.log("\nStopping: what was accepted is being delivered (Ctrl-C again ends at once).");
    await stop();
    console.log("Stopped. All messages are kept.");
  });
  console.log(welcome(urlOf(settings.host, port), data.filename));
}

async function buildWithWords(): Promise<void> {
  process.stdout.write("Building the page … ");
  const startedAt = performance.now();
  await buildPage().catch((error) => {
    console.log("failed");
    throw error;
  });
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken: stop the program that has it, or choose another port",
  EACCES: "needs more rights than this process has: choose a port from 1024 on",
};
const HOST_ADVICE = "HOST has to be a name or an address of this machine, such as 127.0.0.1";

/** What was wrong with port or host, for everything that `listen` says; other errors stay what they are. */
function listenProblem(error: NodeJS.ErrnoException, { port, host }: Settings): Error {
  const advice = ADVICE[error.code ?? ""];
  if (advice !== undefined) {
    return new StartProblem(`Port ${port} on ${host} ${advice}, for example: PORT=${anotherPort(port)} npm start`);
  }
  const isHost = ["ENOTFOUND", "EADDRNOTAVAIL", "EAI_AGAIN", "EINVAL"].includes(error.code ?? "");
  return isHost ? new StartProblem(`${HOST_ADVICE}, and is ${JSON.stringify(host)} (${error.code}).`) : error;
}

const anotherPort = (port: number): number => (port < 1_024 ? 8_080 : port + 1);

/** A sentence for what a person can mend; of anything else everything there is to know. */
function wordsOf(error: unknown): string {
  if (error instanceof StartProblem || isImError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** How this machine reaches it. */
function urlOf(host: string, port: number): string {
  if (["0.0.0.0", "::"].includes(host)) return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

const welcome = (url: string, filename: string): string => `The chat is running.

  the page   ${url}/
  HTTP API   ${url}/api/openapi.json
  data       ${filename}

Two people on one machine: open the page and create an account, then open it once more in a private
window and create another. Any phone number will do, nothing is sent to it. Then add one another by number.

Ctrl-C stops it.`;
