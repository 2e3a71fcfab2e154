import { describe, expect, it } from "vitest";
import { readKafkaAnswer } from "../../../scripts/services/kinds/kafka.js";
import { mariadb, mysql8, readMysqlGreeting } from "../../../scripts/services/kinds/mariadb.js";
import { readPostgresGreeting } from "../../../scripts/services/kinds/postgres.js";
import { readAmqpGreeting } from "../../../scripts/services/kinds/rabbitmq.js";
import { readRedisInfo } from "../../../scripts/services/kinds/redis.js";

const packet = (text: string): Buffer => Buffer.from(`\x4a\0\0\0${text}`, "latin1");

const message = (kind: string, content: Buffer | string): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(4 + content.length);
  return Buffer.concat([Buffer.from(kind), size, Buffer.from(content)]);
};

describe("what a server says of itself", () => {
  it("is the version in the first packet of MySQL and MariaDB", () => {
    expect(readMysqlGreeting(packet("\n5.5.5-10.11.19-MariaDB-0+deb12u1\0…"))).toBe("MariaDB 10.11.19");
    expect(readMysqlGreeting(packet("\n8.4.3\0…"))).toBe("MySQL 8.4.3");
    expect(() => readMysqlGreeting(packet("\xff\x10\x04Too many connections"))).toThrow("Too many connections");
  });

  it("is MariaDB where the tests on MariaDB are to run, and MySQL is told which variable it belongs to", () => {
    expect(mariadb.objectTo?.("MariaDB 10.11.19")).toBeNull();
    expect(mariadb.objectTo?.("no version (127.0.0.1:3306: connect ECONNREFUSED)")).toBeNull();
    expect(mariadb.objectTo?.("MySQL 8.4.3")).toBe(
      "SHYIM_TEST_MYSQL_URL is for a MariaDB, and what it names is MySQL 8.4.3: give that as SHYIM_TEST_MYSQL8_URL",
    );
    expect(mysql8.objectTo).toBeUndefined();
  });

  it("is a parameter of PostgreSQL, behind the sign-in", () => {
    const welcome = [message("R", Buffer.alloc(4)), message("S", "TimeZone\0UTC\0")];
    const version = message("S", "server_version\x0015.18 (Debian 15.18-0)\0");
    expect(readPostgresGreeting(Buffer.concat([...welcome, version]))).toBe("PostgreSQL 15.18");
    expect(readPostgresGreeting(message("R", Buffer.from([0, 0, 0, 10])))).toBe("PostgreSQL (behind a password)");
    const refusal = message("E", "SFATAL\0C57P03\0Mthe database system is starting up\0\0");
    expect(() => readPostgresGreeting(refusal)).toThrow("the database system is starting up");
  });

  it("is a line of Redis's information", () => {
    expect(readRedisInfo(Buffer.from("+OK\r\n$99\r\n# Server\r\nredis_version:7.0.15\r\nx:1\r\n"))).toBe(
      "Redis 7.0.15",
    );
    expect(() => readRedisInfo(Buffer.from("-NOAUTH Authentication required.\r\n"))).toThrow("NOAUTH");
  });

  it("is an entry of RabbitMQ's table", () => {
    const table = Buffer.from("\x01\0\0\0\0\x01\x07productS\0\0\0\x08RabbitMQ\x07versionS\0\0\0\x063.10.8…");
    expect(readAmqpGreeting(table)).toBe("RabbitMQ 3.10.8");
  });

  it("is only that it serves, of Kafka", () => {
    expect(readKafkaAnswer(Buffer.from([0, 0, 0, 6, 0, 0, 0, 1, 0, 0]))).toBe(true);
    expect(() => readKafkaAnswer(Buffer.from("HTTP/1.1 400 Bad Request"))).toThrow("not as Kafka");
  });

  it("is waited for while it has come in part only", () => {
    const half = Buffer.from("\x4a\0\0");
    const readers = [readMysqlGreeting, readPostgresGreeting, readRedisInfo, readAmqpGreeting, readKafkaAnswer];
    expect(readers.map((read) => read(half))).toEqual([null, null, null, null, null]);
  });
});
