import ts from "typescript";
import type { SourceFile } from "./source-files.js";

/** Every name that the entries (paths of files) export without a doc comment on any of its declarations. */
export function findUndocumented(entries: readonly string[]): string[] {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: [],
    skipLibCheck: true,
  };
  const program = ts.createProgram({ rootNames: entries, options });
  return entries.flatMap((entry) => undocumentedIn(program, entry));
}

function undocumentedIn(program: ts.Program, entry: string): string[] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(entry);
  const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (symbol === undefined) return [`${entry} → is no module`];
  return checker
    .getExportsOfModule(symbol)
    .filter((exported) => !isDocumented(original(checker, exported)))
    .map((exported) => `${entry} → ${exported.name}`);
}

function original(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isDocumented(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((declaration) => ts.getJSDocCommentsAndTags(declaration).some(ts.isJSDoc));
}

/** Words that belong to one machine or to the making of the project, never to the project. */
const machineWords: readonly RegExp[] = [
  /(?<![\w.~/-])\/(?:work|tmp|root)\//,
  /\bshared\/(?:design|seed)\b/,
  /https?:\/\/(?:registry|npm|mirror|proxy)\./,
  /"resolved": "https?:/,
  /\bissue #?\d+/i,
];

/** Every line that names a path of one machine, a package host or the making of the project, as `file:line text`. */
export function findMachineWords(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split("\n")
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => machineWords.some((word) => word.test(line)))
      .map(({ line, place }) => `${place} ${line.trim().slice(0, 100)}`),
  );
}
