import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "./project.js";
import { chromiumVisitor, nodeVisitor } from "./visitors.js";

/** Serves the page a bundler has built into `dist`, and opens it with everybody there is. */
export async function visitBuiltPage(project: Project, server: string): Promise<void> {
  assertClientForBrowsers(project);
  await project.serve(server, [`hello from ${project.name}`], async (url) => {
    for (const visitor of [nodeVisitor, chromiumVisitor]) {
      if (visitor !== null) project.expectMessage(await visitor.visit(url), visitor.name);
    }
  });
}

/** Only the client for Node knows `setImmediate`. A page could limp along with it, so nothing else would show the mistake. */
function assertClientForBrowsers({ name, folder }: Project): void {
  const files = readdirSync(join(folder, "dist"), { recursive: true, encoding: "utf8" });
  const scripts = files.filter((file) => file.endsWith(".js"));
  const wrong = scripts.filter((file) => readFileSync(join(folder, "dist", file), "utf8").includes("setImmediate"));
  if (wrong.length === 0 && scripts.length > 0) return;
  throw new Error(
    `project ${name}: ${wrong.join(", ") || "the page"} was built without the client for browsers: ` +
      `look at the condition "browser" in "exports" of package.json`,
  );
}
