import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exchange } from "../exchange.js";
import { theProgram } from "../find-program.js";
import { openServicesFolder, type Place, programIn, servicesFolder } from "../place.js";
import { runProgram } from "../run-program.js";
import type { Recipe, Service } from "../service.js";

/** The version that is fetched; another one by SHYIM_TEST_KAFKA_VERSION. */
const version = process.env.SHYIM_TEST_KAFKA_VERSION || "4.1.0";

/** One more way in to the broker, whose clients are told another address than where it listens: that of a line in between. */
export interface KafkaDoor {
  readonly port: number;
  readonly advertisedPort: number;
  /** Asked for here, of the user `shyim`. Default: whoever comes is let in. */
  readonly password?: string;
}

/** A Kafka broker, from Maven's jars: Debian has none. On a port of one's own and the next one. */
export function kafkaOn(port: number, doors: readonly KafkaDoor[] = []): Service {
  const url = `kafka://127.0.0.1:${port}`;
  return {
    name: "kafka",
    variable: "SHYIM_TEST_KAFKA_URL",
    recipe: recipeOn(port, url, doors),
    greet: async (asked) => {
      await exchange({ url: asked, defaultPort: 9092, hello: whichVersions(), read: readKafkaAnswer });
      return asked === url ? `Kafka ${version}` : "Kafka";
    },
  };
}

/** A way in to the tests' Kafka that asks for a password. */
export const lockedDoor = { port: 19094, advertisedPort: 19094, password: "of-the-tests" } satisfies KafkaDoor;

/** Kafka, where the tests look for it. */
export const kafka: Service = kafkaOn(19092, [lockedDoor]);

function recipeOn(port: number, url: string, doors: readonly KafkaDoor[]): Recipe {
  return {
    url,
    ports: [port, port + 1, ...doors.map((door) => door.port)],
    packages: ["default-jre-headless", "maven"],
    programs: ["java", "mvn"],
    user: "nobody",
    fetch: fetchJars,
    initialise: async (place) => {
      await writeFile(settingsOf(place), settings(place, port, doors));
      const id = ["-t", "c2h5aW0tdGVzdHMtMDAwMQ", "-c", settingsOf(place)];
      await programIn(place, [...java(place), "kafka.tools.StorageTool", "format", ...id]);
    },
    daemons: (place) => {
      const words = [...java(place), "kafka.Kafka", settingsOf(place)];
      return [{ words, mark: `-Dshyim=${place.data}`, endSignal: "SIGTERM" }];
    },
  };
}

/** Once for every broker of this user. */
const jarsFolder = (): string => join(servicesFolder(), "kafka", `jars-${version}`);
const settingsOf = ({ folder }: Place): string => join(folder, "server.properties");

function java(place: Place): string[] {
  const memory = ["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"];
  return [theProgram("java"), ...memory, `-Dshyim=${place.data}`, "-cp", join(jarsFolder(), "*")];
}

/** One node that is broker and controller (KRaft). Topics have one copy, since there is nobody to copy to. */
function settings({ data }: Place, port: number, doors: readonly KafkaDoor[]): string {
  const one = ["offsets.topic.replication.factor", "offsets.topic.num.partitions", "transaction.state.log.min.isr"];
  const more = ["transaction.state.log.replication.factor", "transaction.state.log.num.partitions"];
  const at = (name: string, where: number): string => `${name}://127.0.0.1:${where}`;
  const names = doors.map((_, index) => `DOOR${index + 1}`);
  const listeners = [at("PLAINTEXT", port), ...names.map((name, index) => at(name, doors[index]?.port ?? 0))];
  const advertised = [
    at("PLAINTEXT", port),
    ...names.map((name, index) => at(name, doors[index]?.advertisedPort ?? 0)),
  ];
  const lines = [
    ...["process.roles=broker,controller", "node.id=1", `controller.quorum.voters=1@127.0.0.1:${port + 1}`],
    `listeners=${[...listeners, at("CONTROLLER", port + 1)].join(",")}`,
    ...[`advertised.listeners=${advertised.join(",")}`, "controller.listener.names=CONTROLLER"],
    `listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${doors.map(protocolOf).join("")}`,
    ...["sasl.enabled.mechanisms=PLAIN", ...doors.flatMap(lockOf)],
    ...["inter.broker.listener.name=PLAINTEXT", `log.dirs=${join(data, "topics")}`],
    // One that was killed is let in again when the one before has not been heard for so long.
    ...["broker.session.timeout.ms=3000", "broker.heartbeat.interval.ms=500"],
    ...["group.initial.rebalance.delay.ms=0", ...[...one, ...more].map((name) => `${name}=1`)],
  ];
  return `${lines.join("\n")}\n`;
}

function protocolOf({ password }: KafkaDoor, index: number): string {
  return `,DOOR${index + 1}:${password === undefined ? "PLAINTEXT" : "SASL_PLAINTEXT"}`;
}

function lockOf({ password }: KafkaDoor, index: number): string[] {
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required user_shyim="${password}";`;
  return password === undefined ? [] : [`listener.name.door${index + 1}.plain.sasl.jaas.config=${login}`];
}

/** Has Maven fetch the broker with everything it needs, once per version. */
async function fetchJars(): Promise<void> {
  if (existsSync(jarsFolder())) return;
  openServicesFolder(servicesFolder());
  const folder = `${jarsFolder()}-fetching-${process.pid}`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "pom.xml"), pom());
  const words = ["-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=jars"];
  await runProgram([theProgram("mvn"), ...words], { folder, environment: process.env, limitMs: 300_000 });
  if (!existsSync(jarsFolder())) await rename(join(folder, "jars"), jarsFolder());
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
