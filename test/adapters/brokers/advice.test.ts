import { describe, expect, it } from "vitest";
import { reasonOf as kafkaReason } from "../../../src/adapters/kafka/failure.js";
import { reasonOf as rabbitReason } from "../../../src/adapters/rabbitmq/failure.js";

const failure = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe("what is said of a broker that fails", () => {
  it("names the broker without its password, and tells what to do", () => {
    const error = failure("connect ECONNREFUSED 10.0.0.1:5672", { code: "ECONNREFUSED" });
    expect(rabbitReason("amqp://ann:secret@rabbit.example:5672/chat", error)).toBe(
      "RabbitMQ at rabbit.example:5672: connect ECONNREFUSED 10.0.0.1:5672 " +
        "(nobody listens there: check the address, and whether the broker runs)",
    );
  });

  it("names the one broker of many, where one is known, and otherwise some of them", () => {
    const brokers = ["a:1", "b:2", "c:3", "d:4"];
    const one = failure("Connection error: Client network socket closed", { broker: "b:2" });
    expect(kafkaReason(brokers, failure("gave up", { cause: one }))).toBe("Kafka at b:2: Client network socket closed");
    expect(kafkaReason(brokers, failure("gave up"))).toBe("Kafka at a:1, b:2, c:3, …: gave up");
  });

  it("S29: tells how to trust a certificate, and what to do where it has another name or has ended", () => {
    const says = (code: string): string => rabbitReason("amqps://rabbit.example", failure("no", { code }));
    expect(says("SELF_SIGNED_CERT_IN_CHAIN")).toContain("as ssl.ca");
    expect(says("UNABLE_TO_VERIFY_LEAF_SIGNATURE")).toContain("as ssl.ca");
    expect(says("ERR_TLS_CERT_ALTNAME_INVALID")).toContain("by a name that is in its certificate");
    expect(says("CERT_HAS_EXPIRED")).toContain("needs a new one");
  });

  it("what is not an error has a reason, too", () => {
    expect(rabbitReason("amqp://localhost", undefined)).toBe("RabbitMQ at localhost: no reason given");
    expect(kafkaReason(["a:1"], undefined)).toBe("Kafka at a:1: no reason given");
  });
});
