#!/usr/bin/env node

/** `npx shyim`: the one file of the program that knows the process. */

import { createRequire } from "node:module";
import type { PackageFacts } from "./package-facts.js";
import { runCli } from "./run-cli.js";
import type { Terminal } from "./terminal.js";

const facts = createRequire(import.meta.url)("shyim/package.json") as PackageFacts;

const terminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  // In the log of a job nobody watches, and every line stays.
  progressMs: process.stdout.isTTY ? 1_000 : 10_000,
};

// Node 22 calls its SQLite experimental, on every start; whoever migrates a chat can do nothing about it.
process.removeAllListeners("warning");
process.exitCode = await runCli(process.argv.slice(2), terminal, facts);
