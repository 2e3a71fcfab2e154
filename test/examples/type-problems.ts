import { basename, join } from "node:path";
import ts from "typescript";
import { repositoryFolder } from "../house/source-files.js";

/** What the compiler says about files in a folder below the repository, as `file: text`. */
export function typeProblems(folder: string, names: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(repositoryFolder, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, repositoryFolder);
  const program = ts.createProgram({ rootNames: names.map((name) => join(folder, name)), options });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${basename(file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
}
