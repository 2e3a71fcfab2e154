import { CLIENT_MUTANTS } from "./client-mutants.js";
import { CLUSTER_MUTANTS } from "./cluster-mutants.js";
import type { Mutant } from "./mutant.js";
import { QUEUE_MUTANTS } from "./queue-mutants.js";
import { SERVER_MUTANTS } from "./server-mutants.js";
import { STORAGE_MUTANTS } from "./storage-mutants.js";

/** All mutants. Each has to be caught by the simulation. */
export const MUTANTS: readonly Mutant[] = [
  ...STORAGE_MUTANTS,
  ...SERVER_MUTANTS,
  ...CLIENT_MUTANTS,
  ...CLUSTER_MUTANTS,
  ...QUEUE_MUTANTS,
];
