/**
 * Frames to bytes and back: `proto/im.proto`, written by hand over protobufjs' minimal Reader and Writer.
 * Client: `encodeClientFrame`, `decodeServerFrames`. Server: the others.
 */

export { decodeClientFrame } from "./codec/decode-client-frame.js";
export { decodeServerFrames } from "./codec/decode-server-frames.js";
export { encodeClientFrame } from "./codec/encode-client-frame.js";
export { encodeServerFrame } from "./codec/encode-server-frame.js";
export { encodeMessageBody } from "./codec/message.js";
export { encodeBatch, encodePush } from "./codec/push.js";
