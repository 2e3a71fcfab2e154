import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Kind, kinds } from "./projects/kinds.js";
import { packPackage } from "./projects/pack-package.js";
import { Project } from "./projects/project.js";
import { type Outcome, printTable } from "./projects/report.js";
import { installedVersion } from "./projects/versions.js";
import { chromiumVisitor, nodeVisitor } from "./projects/visitors.js";

/**
 * Installs the packed package into an empty project of every kind (ES modules, CommonJS, TypeScript, bundlers, Next.js), builds
 * the project, and has its own code print a message it received. `npm run check:projects -- esm vite` runs these alone.
 * Needs a build in dist, the package registry and a Unix shell; pages are opened in Chromium, too, when there is one.
 */
const AT_A_TIME = 2;
const chosen = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), "shyim-projects-"));
const projects: Project[] = [];

function cleanUp(): void {
  for (const project of projects) project.end();
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
}

async function check(kind: Kind, tarball: string): Promise<Outcome> {
  const { name, packages } = kind;
  const project = new Project(name, place);
  projects.push(project);
  const startedAt = performance.now();
  const problem = await build(kind, project, tarball).catch((error: Error) => error.message);
  if (problem !== null) project.say(`FAILED: ${problem}`);
  const versions =
    problem === null ? packages.map((of) => `${of} ${installedVersion(project.folder, of)}`).join(", ") : "";
  return { name, versions, seconds: (performance.now() - startedAt) / 1000, received: project.received, problem };
}

async function build(kind: Kind, project: Project, tarball: string): Promise<null> {
  project.create(kind.type, kind.templates);
  await project.install(tarball, kind.packages);
  await kind.run(project);
  return null;
}

async function checkAll(waiting: Kind[], tarball: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const work = async () => {
    for (let kind = waiting.shift(); kind !== undefined; kind = waiting.shift())
      outcomes.push(await check(kind, tarball));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return outcomes;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    cleanUp();
    process.exit(1);
  });
}

try {
  const unknown = chosen.filter((name) => !kinds.some((kind) => kind.name === name));
  if (unknown.length > 0)
    throw new Error(`no project ${unknown}: there are ${kinds.map(({ name }) => name).join(", ")}`);
  const tarball = packPackage(place);
  console.log(`packed: ${(statSync(tarball).size / 1000).toFixed(0)} kB; Node ${process.versions.node}`);
  console.log(
    `pages are opened in: ${[nodeVisitor, chromiumVisitor].map((v) => v?.name ?? "(no Chromium here)").join(", ")}`,
  );
  const outcomes = await checkAll(
    kinds.filter(({ name }) => chosen.length === 0 || chosen.includes(name)),
    tarball,
  );
  printTable(kinds.flatMap(({ name }) => outcomes.filter((outcome) => outcome.name === name)));
  process.exitCode = outcomes.some(({ problem }) => problem !== null) ? 1 : 0;
} finally {
  cleanUp();
}
