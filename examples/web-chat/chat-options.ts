/** What the server of the chat page needs to know. */
export interface ChatOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** A name or an address of this machine. */
  readonly host: string;
  /** The SQLite file; it is made when it is not there, its folder is not. */
  readonly filename: string;
  /** Signs the tokens, 32 bytes or more: whoever has it can be anybody. */
  readonly secret: string;
}
