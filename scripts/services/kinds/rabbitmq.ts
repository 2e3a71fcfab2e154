import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exchange } from "../exchange.js";
import { theProgram } from "../find-program.js";
import type { Place } from "../place.js";
import type { Daemon, Recipe, Service } from "../service.js";

const PORT = 15671;
const NODES_PORT = 15691;
const EPMD_PORT = 14369;

const recipe: Recipe = {
  url: `amqp://guest:guest@127.0.0.1:${PORT}`,
  ports: [PORT, NODES_PORT, EPMD_PORT],
  packages: ["rabbitmq-server"],
  programs: ["rabbitmq-server", "epmd"],
  user: "rabbitmq",
  initialise: ({ folder }) => writeFile(join(folder, "enabled_plugins"), "[].\n"),
  daemons: (place) => [portMapper(place), broker(place)],
};

/** Erlang's directory of nodes. Started here, since the broker would start one that outlives it. */
function portMapper({ data }: Place): Daemon {
  const words = [theProgram("epmd"), "-address", "127.0.0.1", "-port", String(EPMD_PORT)];
  return { words, environment: { HOME: data }, mark: `-port ${EPMD_PORT}`, endSignal: "SIGTERM" };
}

/** Extra words go to Erlang, which lets them be: by them the process is known again. */
function broker(place: Place): Daemon {
  const mark = `-shyim ${place.data}`;
  const words = [theProgram("rabbitmq-server"), ...mark.split(" ")];
  return { words, environment: settings(place), mark, endSignal: "SIGTERM" };
}

/** Everything it would look for below /etc and /var is named, so that it stays in its place. */
function settings({ folder, data }: Place): Record<string, string> {
  return {
    RABBITMQ_NODENAME: "shyim@localhost",
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(PORT),
    RABBITMQ_DIST_PORT: String(NODES_PORT),
    RABBITMQ_CONF_ENV_FILE: join(folder, "no-such.conf"),
    RABBITMQ_CONFIG_FILE: join(folder, "no-such"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
    RABBITMQ_MNESIA_BASE: join(data, "mnesia"),
    RABBITMQ_LOG_BASE: join(data, "log"),
    RABBITMQ_PID_FILE: join(data, "pid"),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: String(EPMD_PORT),
  };
}

/** RabbitMQ of Debian, one node. */
export const rabbitmq: Service = {
  name: "rabbitmq",
  variable: "SHYIM_TEST_RABBITMQ_URL",
  recipe,
  greet: (url) => exchange({ url, defaultPort: 5672, hello: Buffer.from("AMQP\0\0\x09\x01"), read: readAmqpGreeting }),
};

/** A broker introduces itself with a table: the word `version`, `S` for a text, its length, the text. */
export function readAmqpGreeting(received: Buffer): string | null {
  const at = received.indexOf("\x07versionS");
  const start = at + 13;
  if (at < 0 || received.length < start) return null;
  const end = start + received.readUInt32BE(start - 4);
  return received.length < end ? null : `RabbitMQ ${received.toString("utf8", start, end)}`;
}
