import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChatOptions } from "./chat-options.js";
import { StartProblem } from "./start-problem.js";

const MIN_SECRET_LENGTH = 32;
const ADVICE = "Choose a folder that this process may write to, for example: DATA=~/chat-data npm start";

/** Makes the folder and the secret where they are not there yet. Throws {@link StartProblem}. */
export function prepareData(folder: string): Pick<ChatOptions, "filename" | "secret"> {
  return { filename: join(prepareFolder(folder), "chat.db"), secret: readSecret(join(folder, "token-secret")) };
}

/** For its owner alone: messages and hashes of passwords are in there. */
function prepareFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    throw new StartProblem(`The data folder ${folder} cannot be used: ${reasonOf(error)}. ${ADVICE}`);
  }
}

/** The secret of the first start; it stays, so that a restart signs nobody out. */
function readSecret(file: string): string {
  try {
    writeFileSync(file, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw secretProblem(file, reasonOf(error));
  }
  const secret = readText(file).trim();
  if (secret.length < MIN_SECRET_LENGTH) throw secretProblem(file, `it has ${secret.length} characters`);
  return secret;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw secretProblem(file, reasonOf(error));
  }
}

function secretProblem(file: string, what: string): StartProblem {
  return new StartProblem(
    `The secret in ${file} cannot be used: ${what}. Remove the file to get a new one; everybody has to sign in again then.`,
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: "there is a file of that name",
  ENOTDIR: "a part of that path is a file",
  EISDIR: "it is a folder",
  EACCES: "this process has no right to",
  EPERM: "this process has no right to",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

const reasonOf = (error: unknown): string => REASONS[codeOf(error)] ?? codeOf(error);
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
