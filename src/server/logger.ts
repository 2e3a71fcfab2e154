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

/** A logger whose own failures hurt nobody: a full disk must not stop a commit. */
export function harmlessLogger(logger: Logger): Logger {
  const guarded = (level: keyof Logger) => (fields: LogFields, text: string) => {
    try {
      logger[level](fields, text);
    } catch {
      // There is nowhere left to tell it.
    }
  };
  return { debug: guarded("debug"), info: guarded("info"), warn: guarded("warn"), error: guarded("error") };
}
