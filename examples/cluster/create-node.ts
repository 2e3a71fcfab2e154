/** From settings to a server. What is not configured is not used: a node of nothing but a database is one, too. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type AccountsOptions, createImServer, type ImServer, type ImServerOptions, wsTransport } from "shyim";
import { etcdDiscovery } from "shyim/adapters/etcd";
import { grpcRpc } from "shyim/adapters/grpc";
import { kafkaQueue } from "shyim/adapters/kafka";
import { knexStorage } from "shyim/adapters/knex";
import { rabbitQueue } from "shyim/adapters/rabbitmq";
import { redisPresence } from "shyim/adapters/redis";
import type { NodeConfig } from "./config.js";
import { ConfigProblem } from "./config-problem.js";
import { variableOf } from "./variable-of.js";

/** A server with all that the settings name. Nothing is opened yet. */
export function createNode(config: NodeConfig): ImServer {
  const { origins, trustProxy, devicePolicy, limits } = config;
  const said = Object.entries(limits).filter(([, value]) => value !== undefined);
  return createImServer({
    accounts: accountsOf(config),
    devices: devicePolicy,
    limits: Object.fromEntries(said),
    transport: wsTransport({
      ...(origins === undefined ? {} : { origins }),
      ...(trustProxy === undefined ? {} : { trustProxy }),
    }),
    ...storageOf(config),
    ...nodesOf(config),
    ...queueOf(config),
  });
}

function accountsOf({ token, accounts }: NodeConfig): AccountsOptions {
  const { key, otherKey, ttlMs } = token;
  const { importedPasswordSalt } = accounts;
  const keys = [key, otherKey].filter((secret) => secret !== undefined);
  return {
    ...(keys.length === 0 ? {} : { keys: keys.map((secret) => ({ id: keyIdOf(secret), secret })) }),
    ...(ttlMs === undefined ? {} : { tokenTtlMs: ttlMs }),
    ...(importedPasswordSalt === undefined ? {} : { importedPasswordSalt }),
  };
}

/** Every node gives a key the same id, whether it signs or not. */
function keyIdOf(secret: string): string {
  return createHash("sha256").update(`id of ${secret}`).digest("hex").slice(0, 8);
}

function storageOf({ storage: { url, pool } }: NodeConfig): Pick<ImServerOptions, "storage"> {
  if (url === undefined) return {};
  const client = url.startsWith("postgres") ? "pg" : "mysql2";
  return { storage: knexStorage({ client, connection: url, pool: { max: pool } }) };
}

/** All three or none; config-rules.ts sees to it. */
function nodesOf(config: NodeConfig): Pick<ImServerOptions, "discovery" | "presence" | "rpc"> {
  const { prefix, etcd, redis, rpc } = config;
  if (etcd.urls === undefined || redis.url === undefined || rpc.port === undefined) return {};
  const { username, password } = etcd;
  const auth = username === undefined || password === undefined ? {} : { auth: { username, password } };
  return {
    discovery: etcdDiscovery({ hosts: etcd.urls, prefix: `${prefix}/`, ...auth }),
    presence: redisPresence({ url: redis.url, prefix: `${prefix}:` }),
    rpc: rpcOf(config, rpc.port),
  };
}

function rpcOf({ host: ownHost, rpc }: NodeConfig, port: number) {
  const { host = ownHost, advertise, plaintext, allowedNames } = rpc;
  const listen = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const where = { listen, ...(advertise === undefined ? {} : { advertise }) };
  if (plaintext) return grpcRpc({ ...where, plaintext: true });
  const pem = { ca: readPem(rpc, "caFile"), cert: readPem(rpc, "certFile"), key: readPem(rpc, "keyFile") };
  return grpcRpc({ ...where, tls: { ...pem, ...(allowedNames === undefined ? {} : { allowedNames }) } });
}

function readPem(rpc: NodeConfig["rpc"], name: "caFile" | "certFile" | "keyFile"): Buffer {
  const file = rpc[name] ?? "";
  try {
    return readFileSync(file);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new ConfigProblem(
      `${variableOf(`rpc.${name}`)}: ${file} cannot be read (${code}). Name a PEM file that is there`,
    );
  }
}

function queueOf({ prefix, kafka, rabbitmq }: NodeConfig): Pick<ImServerOptions, "queue"> {
  if (rabbitmq.url !== undefined) {
    return { queue: rabbitQueue({ url: rabbitmq.url, exchange: `${prefix}-uplinks` }) };
  }
  const { brokers, topic = `${prefix}-uplinks`, partitions, replication, tls, mechanism, username, password } = kafka;
  if (brokers === undefined) return {};
  const queue = kafkaQueue({
    ...{ brokers, topic, groupId: prefix },
    ...(partitions === undefined ? {} : { partitions }),
    ...(replication === undefined ? {} : { replication }),
    ...(tls ? { ssl: true as const } : {}),
    ...(username === undefined || password === undefined ? {} : { sasl: { mechanism, username, password } }),
  });
  return { queue };
}
