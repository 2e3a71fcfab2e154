import { describe, expect, it } from "vitest";
import { type KafkaQueueOptions, kafkaQueue } from "../../../src/adapters/kafka/index.js";
import { loadKafka } from "../../../src/adapters/kafka/load-kafka.js";

function refusalOf(options: unknown): string {
  try {
    kafkaQueue(options as KafkaQueueOptions);
    return "";
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid_argument" });
    return (error as Error).message;
  }
}

describe("the options of kafkaQueue", () => {
  it("only the brokers have to be given", () => {
    expect(refusalOf({ brokers: ["127.0.0.1:9092", "[::1]:9092", "kafka-1.chat.example:9092"] })).toBe("");
    expect(refusalOf(undefined)).toContain('brokers: expected at least one "host:port", got undefined');
  });

  it("tells everything that is wrong at once, and nothing of a password or key", () => {
    const text = refusalOf({
      ...{
        brokers: ["nowhere"],
        topic: "a b",
        groupId: "",
        partitions: 0,
        replication: 99,
        deadLetterTopic: "..",
        acks: 0,
      },
      ssl: { key: "secret", cert: 1, rejectUnauthorized: false },
      sasl: { mechanism: "none", username: "", password: ["secret"], token: "secret" },
    });
    for (const name of ["brokers", "topic", "groupId", "partitions", "replication", "deadLetterTopic", "acks"]) {
      expect(text).toContain(`  - ${name}: `);
    }
    for (const name of [
      "ssl.key",
      "ssl.cert",
      "ssl.rejectUnauthorized",
      "sasl.mechanism",
      "sasl.password",
      "sasl.token",
    ]) {
      expect(text).toContain(`  - ${name}: `);
    }
    expect(text).not.toContain("secret");
  });

  it("S29: the verification of the brokers' certificates cannot be switched off", () => {
    const options = { brokers: ["127.0.0.1:9092"], ssl: { rejectUnauthorized: false } };
    expect(refusalOf(options)).toContain("ssl.rejectUnauthorized: there is no such option");
  });

  it("the dead letters lie elsewhere than the uplinks", () => {
    const brokers = ["127.0.0.1:9092"];
    expect(refusalOf({ brokers, deadLetterTopic: "shyim-uplinks" })).toContain(
      "deadLetterTopic: expected another topic",
    );
    expect(refusalOf({ brokers, topic: "a", deadLetterTopic: "a" })).toContain(
      "deadLetterTopic: expected another topic",
    );
  });

  it("a package that is missing is told with what installs it", async () => {
    await expect(loadKafka(() => Promise.reject(new Error("Cannot find package")))).rejects.toMatchObject({
      code: "operation_failed",
      message: "kafkaQueue needs the package kafkajs: npm install kafkajs",
    });
  });
});
