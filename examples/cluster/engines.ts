/** What the example's nodes share: the services that `npm run services` runs, and a place of its own on each of them. */
import { randomBytes } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import mysql from "mysql2/promise";
import { chooseServices } from "../../scripts/services/catalogue.js";
import { findService } from "../../scripts/services/find-service.js";
import { servicesFolder } from "../../scripts/services/place.js";
import type { Service } from "../../scripts/services/service.js";
import { ConfigProblem } from "./config-problem.js";

const NEEDED = ["mariadb", "redis", "etcd", "kafka"] as const;

/** Services, and what of them belongs to this run. */
export interface Engines {
  /** One line for each: what it is, its version, and what it is for. */
  readonly lines: readonly string[];
  /** The settings that all nodes have in common. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes away what this run has made. What Redis and etcd hold goes by itself. */
  clear(): Promise<void>;
}

const PURPOSE: Readonly<Record<string, string>> = {
  mariadb: "decides and keeps: every message, every number",
  redis: "knows who is connected to which node",
  etcd: "knows which nodes there are",
  kafka: "takes what people write, before it is stored",
};

/** Finds the services and makes a database for this run. Throws {@link ConfigProblem} when one does not run. */
export async function openEngines(): Promise<Engines> {
  const services = chooseServices(NEEDED);
  const found = await Promise.all(services.map((service) => findService(service, servicesFolder())));
  const missing = services.filter((_, place) => found[place] === null);
  if (missing.length > 0) throw missingServices(missing);
  const here = found.filter((one) => one !== null);
  const urlOf = (name: string): string => here.find(({ service }) => service.name === name)?.url ?? "";
  const prefix = `example-${randomBytes(4).toString("hex")}`;
  const database = prefix.replace("-", "_");
  const brokers = [new URL(urlOf("kafka")).host];
  await onServer(urlOf("mariadb"), `CREATE DATABASE ${database}`);
  return {
    lines: here.map(({ service: { name }, version }) => `${version.padEnd(17)} ${PURPOSE[name] ?? ""}`),
    environment: {
      SHYIM_STORAGE_URL: databaseUrl(urlOf("mariadb"), database),
      SHYIM_REDIS_URL: urlOf("redis"),
      SHYIM_ETCD_URLS: urlOf("etcd"),
      SHYIM_KAFKA_BROKERS: brokers.join(),
      SHYIM_PREFIX: prefix,
      SHYIM_TOKEN_KEY: randomBytes(32).toString("base64"),
      SHYIM_RPC_PLAINTEXT: "1", // this machine alone, for a minute
    },
    clear: async () => {
      await onServer(urlOf("mariadb"), `DROP DATABASE ${database}`);
      await dropTopics(brokers, [`${prefix}-uplinks`, `${prefix}-uplinks-dead`]);
    },
  };
}

function missingServices(missing: readonly Service[]): ConfigProblem {
  const names = missing.map(({ name }) => name);
  const variables = missing.map(({ variable }) => variable).join(", ");
  return new ConfigProblem(
    `This example needs ${NEEDED.join(", ")}, and what does not run is: ${names.join(", ")}. Start it with

  npm run services -- start ${names.join(" ")}

which installs what is missing, where it may, and runs it for you alone (stop it with \`npm run services -- stop ${names.join(" ")}\`).
Those you have yourself are taken from ${variables}.`,
  );
}

/** The database is named here, out of our own hex digits: it is no value that could be bound. */
async function onServer(url: string, statement: string): Promise<void> {
  const connection = await mysql.createConnection(url);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}

function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function dropTopics(brokers: string[], topics: string[]): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    await admin.deleteTopics({ topics: topics.filter((topic) => there.has(topic)) });
  } finally {
    await admin.disconnect();
  }
}
