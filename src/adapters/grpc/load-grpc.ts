import type * as Grpc from "@grpc/grpc-js";
import { ImError } from "../../core/errors.js";

/** The package. */
export type GrpcModule = typeof Grpc;

/** Loads the package when it is needed, so that nobody has to have it who does not use it. Errors: `operation_failed`. */
export async function loadGrpc(load: () => Promise<GrpcModule> = () => import("@grpc/grpc-js")): Promise<GrpcModule> {
  try {
    return await load();
  } catch (cause) {
    const message = "grpcRpc needs the package @grpc/grpc-js: npm install @grpc/grpc-js";
    throw new ImError("operation_failed", { message, cause });
  }
}
