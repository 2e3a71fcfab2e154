import { describe, expect, it } from "vitest";
import { type RabbitQueueOptions, rabbitQueue } from "../../../src/adapters/rabbitmq/index.js";
import { loadAmqplib } from "../../../src/adapters/rabbitmq/load-amqplib.js";

function refusalOf(options: unknown): string {
  try {
    rabbitQueue(options as RabbitQueueOptions);
    return "";
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid_argument" });
    return (error as Error).message;
  }
}

describe("the options of rabbitQueue", () => {
  it("only the URL has to be given", () => {
    expect(refusalOf({ url: "amqp://127.0.0.1" })).toBe("");
    expect(refusalOf({ url: "amqps://user:p%40ss@rabbit.chat.example:5671/chat" })).toBe("");
    expect(refusalOf(undefined)).toContain("url: expected a URL such as amqps://user:password@host/vhost");
  });

  it("tells everything that is wrong at once, and nothing of a password or key", () => {
    const text = refusalOf({
      ...{
        url: "http://user:secret@host",
        exchange: "amq.direct",
        queues: 0,
        deadLetterExchange: "a b",
        confirm: false,
      },
      ssl: { key: "secret", cert: 1, rejectUnauthorized: false },
    });
    for (const name of ["url", "exchange", "queues", "deadLetterExchange", "confirm", "ssl", "ssl.key", "ssl.cert"]) {
      expect(text).toContain(`  - ${name}: `);
    }
    expect(text).toContain("ssl.rejectUnauthorized: there is no such option");
    expect(text).not.toContain("secret");
  });

  it("S29: certificates without encryption are a mistake", () => {
    expect(refusalOf({ url: "amqp://127.0.0.1", ssl: {} })).toContain("ssl: expected a url that begins with amqps:");
  });

  it("the dead letters lie elsewhere than the uplinks", () => {
    const options = { url: "amqp://127.0.0.1", exchange: "a", deadLetterExchange: "a" };
    expect(refusalOf(options)).toContain("deadLetterExchange: expected another exchange");
  });

  it("a package that is missing is told with what installs it", async () => {
    await expect(loadAmqplib(() => Promise.reject(new Error("Cannot find package")))).rejects.toMatchObject({
      code: "operation_failed",
      message: "rabbitQueue needs the package amqplib: npm install amqplib",
    });
  });
});
