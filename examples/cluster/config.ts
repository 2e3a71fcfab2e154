/** Every setting of a node: what it takes, what it is when nothing is said, and what has to be said together. */
import { DEFAULT_LIMITS, type Limits } from "shyim";
import { z } from "zod";
import { RULES } from "./config-rules.js";
import { flag, integer, list, oneOf, rate, secret, text } from "./setting-kinds.js";

const ANYTHING = /^\S(.*\S)?$/s;
const NAME = /^[A-Za-z0-9._-]{1,60}$/;
const NAME_RULE = "1 to 60 letters, digits, dots, dashes or underscores";
const HOST = /^([A-Za-z0-9._-]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/;
const HOST_RULE = "a name or an address of this machine";
const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/;
const PEM_FILE_RULE = "the path of a PEM file";

/** What belongs to no engine. */
const own = {
  nodeId: text(NAME_RULE, "a", NAME).optional(),
  host: text(HOST_RULE, "127.0.0.1", HOST).default("127.0.0.1"),
  port: integer(0, 65_535, 8_080).default(8_080),
  prefix: text(NAME_RULE, "shyim", NAME).default("shyim"),
  devicePolicy: oneOf(["multi", "one-per-device-kind", "single", "reject-new"]).default("multi"),
  drainGraceMs: integer(0, 600_000, 20_000).default(20_000),
  origins: list("origins such as https://app.example", "https://app.example", /^https?:\/\/[^\s/]+$/).optional(),
  trustProxy: text("the name of a header", "x-forwarded-for", /^[A-Za-z0-9-]{1,64}$/).optional(),
};

const token = {
  key: secret("at least 32 characters that nobody can guess", "$(openssl rand -base64 32)", /^\S{32,}$/).optional(),
  otherKey: secret(
    "at least 32 characters: a key that is accepted, too",
    "the old one, or the next one",
    /^\S{32,}$/,
  ).optional(),
  ttlMs: integer(60_000, 2_592_000_000, 86_400_000).optional(),
};

const accounts = {
  importedPasswordSalt: secret("a text: `salt` of the original's configuration", "its value", ANYTHING).optional(),
};

const storage = {
  url: secret(
    "mysql://user:password@host:3306/chat or postgres://user:password@host:5432/chat",
    "mysql://chat@127.0.0.1:3306/chat",
    /^(mysql|mariadb|postgres|postgresql):\/\/[^\s/]+\/\S+$/,
  ).optional(),
  pool: integer(1, 1_000, 10).default(10),
};

const etcd = {
  urls: list(
    "addresses such as http://127.0.0.1:2379, or https: for TLS, without a user",
    "http://127.0.0.1:2379",
    /^(https?:\/\/)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}\/?$/,
  ).optional(),
  username: text("a name", "chat", ANYTHING).optional(),
  password: secret("a text", "its password", ANYTHING).optional(),
};

const redis = {
  url: secret(
    "redis://user:password@host:6379/0, or rediss: for TLS",
    "redis://127.0.0.1:6379",
    /^rediss?:\/\/\S+$/,
  ).optional(),
};

const rpc = {
  port: integer(0, 65_535, 9_094).optional(),
  host: text(HOST_RULE, "10.0.0.5", HOST).optional(),
  advertise: text("host:port, where the other nodes reach this one", "10.0.0.5:9094", ADDRESS).optional(),
  plaintext: flag().default(false),
  caFile: text(PEM_FILE_RULE, "nodes-ca.pem", ANYTHING).optional(),
  certFile: text(PEM_FILE_RULE, "node-a.pem", ANYTHING).optional(),
  keyFile: text(PEM_FILE_RULE, "node-a.key", ANYTHING).optional(),
  allowedNames: list("names in the other nodes' certificates", "node-a,node-b", ANYTHING).optional(),
};

const kafka = {
  brokers: list("addresses such as 127.0.0.1:9092", "127.0.0.1:9092", ADDRESS).optional(),
  topic: text("1 to 200 letters, digits, dots, dashes or underscores", "chat-uplinks", /^[\w.-]{1,200}$/).optional(),
  partitions: integer(1, 1_000, 12).optional(),
  replication: integer(1, 9, 3).optional(),
  tls: flag().default(false),
  mechanism: oneOf(["plain", "scram-sha-256", "scram-sha-512"]).default("scram-sha-512"),
  username: text("a name", "chat", ANYTHING).optional(),
  password: secret("a text", "its password", ANYTHING).optional(),
};

const rabbitmq = {
  url: secret(
    "amqp://user:password@host:5672/vhost, or amqps: for TLS",
    "amqp://guest:guest@127.0.0.1:5672",
    /^amqps?:\/\/\S+$/,
  ).optional(),
};

const RATES: readonly string[] = ["uplinksPerSecond"] satisfies (keyof Limits)[];

/** `createImServer` says what each may be. */
const limits = Object.fromEntries(
  Object.entries(DEFAULT_LIMITS).map(([name, value]) => [
    name,
    (RATES.includes(name) ? rate(value) : integer(1, Number.MAX_SAFE_INTEGER, value)).optional(),
  ]),
) as Record<keyof Limits, z.ZodOptional<ReturnType<typeof rate>>>;

const groups = { token, accounts, storage, etcd, redis, rpc, kafka, rabbitmq, limits };

const group = <Fields extends z.ZodRawShape>(fields: Fields) =>
  z.strictObject(fields, { error: "expected settings below it" }).prefault({} as never);

/** What a node is made of: the settings, checked, with their defaults. */
export const nodeConfigSchema = z
  .strictObject(
    {
      ...own,
      token: group(token),
      accounts: group(accounts),
      storage: group(storage),
      etcd: group(etcd),
      redis: group(redis),
      rpc: group(rpc),
      kafka: group(kafka),
      rabbitmq: group(rabbitmq),
      limits: group(limits),
    },
    { error: ({ code }) => (code === "invalid_type" ? "expected settings such as `port: 8080`" : undefined) },
  )
  .superRefine((config, context) => {
    for (const { path, message } of RULES.flatMap((rule) => rule(config))) {
      context.addIssue({ code: "custom", path: path.split("."), message, params: { isRule: true } });
    }
  });

/** The settings of a node. */
export type NodeConfig = z.output<typeof nodeConfigSchema>;

/** Every setting by its path in the file: `port`, `rpc.advertise` … */
export const SETTINGS: readonly string[] = [
  ...Object.keys(own),
  ...Object.entries(groups).flatMap(([name, fields]) => Object.keys(fields).map((field) => `${name}.${field}`)),
];
