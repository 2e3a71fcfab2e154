/** The environment variable of a setting: `rpc.caFile` is `SHYIM_RPC_CA_FILE`. */
export function variableOf(path: string): string {
  const words = path.replaceAll(".", "_").replace(/[A-Z]/g, (letter) => `_${letter}`);
  return `SHYIM_${words.toUpperCase()}`;
}
