import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exchange } from "../exchange.js";
import { theProgram } from "../find-program.js";
import { type Place, programIn } from "../place.js";
import { runProgram } from "../run-program.js";
import type { Recipe, Service } from "../service.js";

const PORT = 19092;
const URL_HERE = `kafka://127.0.0.1:${PORT}`;

/** The version that is fetched; another one by SHYIM_TEST_KAFKA_VERSION. */
const version = process.env.SHYIM_TEST_KAFKA_VERSION || "4.1.0";

const recipe: Recipe = {
  url: URL_HERE,
  ports: [PORT, PORT + 1],
  packages: ["default-jre-headless", "maven"],
  programs: ["java", "mvn"],
  user: "nobody",
  fetch: fetchJars,
  initialise: async (place) => {
    await writeFile(settingsOf(place), settings(place));
    const id = ["-t", "c2h5aW0tdGVzdHMtMDAwMQ", "-c", settingsOf(place)];
    await programIn(place, [...java(place), "kafka.tools.StorageTool", "format", ...id]);
  },
  daemons: (place) => {
    const words = [...java(place), "kafka.Kafka", settingsOf(place)];
    return [{ words, mark: `-Dshyim=${place.data}`, endSignal: "SIGTERM" }];
  },
};

const jarsOf = ({ folder }: Place): string => join(folder, `jars-${version}`);
const settingsOf = ({ folder }: Place): string => join(folder, "server.properties");

function java(place: Place): string[] {
  const memory = ["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"];
  return [theProgram("java"), ...memory, `-Dshyim=${place.data}`, "-cp", join(jarsOf(place), "*")];
}

/** One node that is broker and controller (KRaft). Topics have one copy, since there is nobody to copy to. */
function settings({ data }: Place): string {
  const one = ["offsets.topic.replication.factor", "offsets.topic.num.partitions", "transaction.state.log.min.isr"];
  const more = ["transaction.state.log.replication.factor", "transaction.state.log.num.partitions"];
  const lines = [
    ...["process.roles=broker,controller", "node.id=1", `controller.quorum.voters=1@127.0.0.1:${PORT + 1}`],
    ...[`listeners=PLAINTEXT://127.0.0.1:${PORT},CONTROLLER://127.0.0.1:${PORT + 1}`],
    ...[`advertised.listeners=PLAINTEXT://127.0.0.1:${PORT}`, "controller.listener.names=CONTROLLER"],
    ...["listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"],
    ...[`log.dirs=${join(data, "topics")}`, "group.initial.rebalance.delay.ms=0"],
    ...[...one, ...more].map((name) => `${name}=1`),
  ];
  return `${lines.join("\n")}\n`;
}

/** Has Maven fetch the broker with everything it needs, once per version. */
async function fetchJars(place: Place): Promise<void> {
  if (existsSync(jarsOf(place))) return;
  const folder = join(place.folder, "fetching");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await writeFile(join(folder, "pom.xml"), pom());
  const words = ["-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=jars"];
  await runProgram([theProgram("mvn"), ...words], { folder, environment: process.env, limitMs: 300_000 });
  await rename(join(folder, "jars"), jarsOf(place));
  await rm(folder, { recursive: true });
}

function pom(): string {
  const dependency = (group: string, name: string, number: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${number}</version></dependency>`;
  const wanted = [
    dependency("org.apache.kafka", "kafka_2.13", version),
    dependency("org.slf4j", "slf4j-simple", "1.7.36"),
  ];
  const self = "<groupId>shyim</groupId><artifactId>kafka-for-tests</artifactId><version>1</version>";
  const what = `<modelVersion>4.0.0</modelVersion>${self}<packaging>pom</packaging>`;
  return `<project>${what}<dependencies>${wanted.join("")}</dependencies></project>\n`;
}

/** A Kafka broker, from Maven's jars: Debian has none. */
export const kafka: Service = {
  name: "kafka",
  variable: "SHYIM_TEST_KAFKA_URL",
  recipe,
  greet: async (url) => {
    await exchange({ url, defaultPort: 9092, hello: whichVersions(), read: readKafkaAnswer });
    return url === URL_HERE ? `Kafka ${version}` : "Kafka";
  },
};

/** The request every broker answers: which requests it knows (18, in its version 0), numbered 1, from nobody. */
function whichVersions(): Buffer {
  return Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);
}

/** Reads the number of the request and the code of success; the protocol does not tell the broker's version. */
export function readKafkaAnswer(received: Buffer): boolean | null {
  if (received.length < 10) return null;
  if (received.readInt32BE(4) !== 1 || received.readInt16BE(8) !== 0) throw new Error("it answers, but not as Kafka");
  return true;
}
