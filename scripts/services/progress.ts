/** Prints lines, each with the seconds since now. */
export function startProgress(print: (text: string) => void = (text) => console.log(text)): (line: string) => void {
  const startedAt = performance.now();
  return (line) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    print(`${seconds.padStart(6)} s  ${line}`);
  };
}
