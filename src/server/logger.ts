/** What is worth knowing besides the text; never content, tokens or phone numbers. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where the server writes its log; pino and its like fit as they are. Levels: error — someone must look; warn — recovered
 * or refused; info — once per step of the life cycle; debug — per message.
 */
export interface Logger {
  debug(fields: LogFields, text: string): void;
  info(fields: LogFields, text: string): void;
  warn(fields: LogFields, text: string): void;
  error(fields: LogFields, text: string): void;
}
