/**
 * Frames to bytes and back: `proto/im.proto`, written by hand: protobufjs' smallest runtime alone is half of what a
 * client may weigh (18 kB). Tests hold every frame against its full one.
 * Client: `encodeClientFrame`, `decodeServerFrames`. Server: the others.
 */

export { decodeClientFrame } from "./codec/decode-client-frame.js";
export { decodeServerFrames } from "./codec/decode-server-frames.js";
export { encodeClientFrame } from "./codec/encode-client-frame.js";
export { encodeServerFrame } from "./codec/encode-server-frame.js";
export { encodeMessageBody } from "./codec/message.js";
export { encodeBatch, encodePush } from "./codec/push.js";
