import { WebSocket } from "ws";
import { decodeServerFrames, encodeClientFrame } from "../../src/core/codec.js";
import type { ClientFrame, LoginFrame, ServerFrame, UplinkFrame } from "../../src/core/frames.js";
import { eventually } from "./stage.js";

/** A client that speaks frames by hand, over a real WebSocket. */
export class RawClient {
  readonly socket: WebSocket;
  readonly frames: ServerFrame[] = [];
  closeCode: number | null = null;

  constructor(port: number) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
    this.socket.on("message", (data: Buffer) => this.frames.push(...decodeServerFrames(data)));
    this.socket.on("close", (code) => {
      this.closeCode = code;
    });
    this.socket.on("error", () => {});
  }

  static async open(port: number): Promise<RawClient> {
    const client = new RawClient(port);
    await eventually(() => client.socket.readyState !== WebSocket.CONNECTING, "the socket is open");
    return client;
  }

  send(frame: ClientFrame): void {
    this.socket.send(encodeClientFrame(frame));
  }

  /** Frames of one kind so far. */
  of<Kind extends ServerFrame["kind"]>(kind: Kind): Extract<ServerFrame, { kind: Kind }>[] {
    return this.frames.filter((frame): frame is Extract<ServerFrame, { kind: Kind }> => frame.kind === kind);
  }

  async login(userId: string, login: Partial<LoginFrame> = {}): Promise<void> {
    this.send({ ...LOGIN, token: userId, ...login });
    await eventually(() => this.of("login_ack").length > 0, "the login is answered");
  }

  async closed(): Promise<number | null> {
    await eventually(() => this.closeCode !== null, "the socket is closed");
    return this.closeCode;
  }
}

/** A legacy client's login, to be changed where it differs. */
export const LOGIN: LoginFrame = {
  kind: "login",
  token: "",
  instanceId: null,
  cursor: 0,
  cursorMessageId: null,
  syncEpoch: "",
  caps: 0,
  deviceKind: "",
};

/** A text message to a user. */
export function uplink(clientId: number, receiver: string, text: string): UplinkFrame {
  const content = Buffer.from(text);
  const rest = { afterClientId: 0, sessionType: 1, sender: "", type: 1, clientTime: 0 };
  return { kind: "uplink", clientId, receiver, content, ...rest };
}
