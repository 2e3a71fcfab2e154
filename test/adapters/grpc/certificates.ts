import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GrpcTls } from "../../../src/adapters/grpc/index.js";

/** What a certificate says. */
export interface CertificateWish {
  readonly name: string;
  /** Days from now until it ends; negative for one that has ended. */
  readonly days?: number;
  /** What it may be used for, for example `clientAuth`. Default: it does not say. */
  readonly uses?: string;
}

/** Whether certificates can be made here: Node has no way to. */
export const canMakeCertificates = ((): boolean => {
  try {
    execFileSync("openssl", ["version"], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
})();

const NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(" ");

/** An authority of a test's own, by the program openssl, in a folder that `remove` takes away. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), "shyim-certificates-"));
  #next = 1;

  constructor() {
    const files = ["-keyout", this.#path("ca.key"), "-out", this.#path("ca.crt")];
    openssl(["req", "-x509", ...NEW_KEY, ...files, "-subj", "/CN=an authority", "-days", "2"]);
  }

  /** Everything a node needs. */
  issue({ name, days = 2, uses }: CertificateWish): GrpcTls {
    const file = `${this.#next++}`;
    const [key, request, cert] = ["key", "csr", "crt"].map((end) => this.#path(`${file}.${end}`)) as [
      string,
      string,
      string,
    ];
    const extensions = [`subjectAltName=DNS:${name}`, ...(uses === undefined ? [] : [`extendedKeyUsage=${uses}`])];
    const added = extensions.flatMap((each) => ["-addext", each]);
    openssl(["req", ...NEW_KEY, "-keyout", key, "-out", request, "-subj", `/CN=${name}`, ...added]);
    const by = ["-CA", this.#path("ca.crt"), "-CAkey", this.#path("ca.key"), "-CAcreateserial"];
    openssl(["x509", "-req", "-in", request, ...by, "-days", String(days), "-copy_extensions", "copy", "-out", cert]);
    return { ca: read(this.#path("ca.crt")), cert: read(cert), key: read(key) };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #path(file: string): string {
    return join(this.#folder, file);
  }
}

function openssl(words: readonly string[]): void {
  execFileSync("openssl", words, { stdio: "pipe" });
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}
