import { isImError } from "shyim";
import { ConfigProblem } from "./config-problem.js";

/** Sentences for what a person can mend; of anything else everything there is to know. */
export function wordsOf(error: unknown): string {
  if (error instanceof ConfigProblem || isImError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
