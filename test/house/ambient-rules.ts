import ts from "typescript";
import type { SourceFile } from "./source-files.js";

/** The clock, timers, randomness and the process: the core takes them from its Runtime, so that tests can own them. */
const ambient: ReadonlySet<string> = new Set([
  ...["Date", "performance", "process", "crypto", "Buffer", "globalThis", "global"],
  ...["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate", "queueMicrotask"],
]);

const deterministic = ["src/core/", "src/server/", "src/client/"];
const platforms = ["src/server/platform/", "src/client/platforms/", "src/client/index."];

/** Every use of a clock, timer, random source or process outside the platform folders, as `file:line uses name`. */
export function findAmbientUses(files: readonly SourceFile[]): string[] {
  return files.filter(isDeterministic).flatMap(usesIn);
}

function isDeterministic({ path }: SourceFile): boolean {
  return deterministic.some((start) => path.startsWith(start)) && !platforms.some((start) => path.startsWith(start));
}

function usesIn(file: SourceFile): string[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  visit(source);
  return found;

  function visit(node: ts.Node): void {
    const name = ambientName(node);
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    if (name !== undefined) found.push(`${file.path}:${line} uses ${name}`);
    ts.forEachChild(node, visit);
  }
}

function ambientName(node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  if (node.text === "Math" && !isName(node)) return randomOf(node.parent);
  return ambient.has(node.text) && !isName(node) ? node.text : undefined;
}

/** Math is harmless by the name of any other member; taken apart or handed on it could be random. */
function randomOf(parent: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text === "random" ? "Math.random" : undefined;
  return "Math as a whole";
}

/** Whether the word only names a member, a property or a parameter and does not reach for the global of that name. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return namePart(parent) === node;
  return (parent as ts.NamedDeclaration).name === node;
}

function namePart(access: ts.PropertyAccessExpression | ts.QualifiedName): ts.Node {
  return ts.isQualifiedName(access) ? access.right : access.name;
}
