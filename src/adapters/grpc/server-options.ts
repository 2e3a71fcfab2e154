import type { ChannelOptions } from "@grpc/grpc-js";

/** A batch, and what is around it. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024 + 64 * 1024;

/** Settings of the end that listens. */
export const SERVER_OPTIONS: ChannelOptions = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_concurrent_streams": 100,
  // Who has gone without a goodbye is noticed after 15 s, also while nothing is said.
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  "grpc.enable_channelz": 0,
};
