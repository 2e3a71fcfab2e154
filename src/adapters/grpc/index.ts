/** `shyim/adapters/grpc`: the line between nodes, over gRPC. Everything public is listed here by hand. */

export { type GrpcRpc, grpcRpc } from "./grpc-rpc.js";
export type { GrpcRpcOptions, GrpcTls, PlaintextGrpcOptions, SecureGrpcOptions } from "./options.js";
