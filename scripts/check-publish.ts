import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./projects/pack-package.js";

/**
 * `npm publish --dry-run` of the build in dist, offline: npm must have nothing to correct or to warn of, and the tarball holds
 * what belongs into it, in a sensible size. With `--release` also what a release needs and everyday work does not.
 */
const MAX_PACKED_BYTES = 1_000_000;
const MAX_UNPACKED_BYTES = 4_000_000;
const belongs = /^(dist|docs|proto)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md)$/;
const required = ["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.cjs", "dist/cli/index.js"];

interface Tarball {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** What npm would publish, and what it says about that. A dry run needs no login, so that remark is no warning. */
function dryRun(): { tarball: Tarball; warnings: string[] } {
  const args = ["publish", "--dry-run", "--offline", "--json", "--loglevel=warn"];
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd: repository, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  const lines = stderr.split("\n").filter((line) => /^npm (warn|error)/i.test(line));
  const printed = JSON.parse(stdout) as Tarball | { readonly shyim: Tarball };
  const tarball = "files" in printed ? printed : printed.shyim;
  return { tarball, warnings: lines.filter((line) => !line.includes("requires you to be logged in")) };
}

function problemsOf({ size, unpackedSize, files }: Tarball): string[] {
  const paths = files.map(({ path }) => path);
  const strange = paths.filter((path) => !belongs.test(path));
  const missing = required.filter((path) => !paths.includes(path));
  return [
    ...strange.map((path) => `${path} does not belong into the package: leave it out by "files" in package.json`),
    ...missing.map((path) => `${path} is missing in the package: build first, then look at "files" in package.json`),
    ...(size > MAX_PACKED_BYTES ? [`the tarball has ${size} bytes, the limit is ${MAX_PACKED_BYTES}`] : []),
    ...(unpackedSize > MAX_UNPACKED_BYTES ? [`it unpacks to ${unpackedSize} bytes, limit ${MAX_UNPACKED_BYTES}`] : []),
  ];
}

/** What has to be there when a version goes out for good. */
function releaseProblems(paths: readonly string[]): string[] {
  const { version, repository: source } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
    repository?: unknown;
  };
  const changes = paths.includes("CHANGELOG.md") ? readFileSync(join(repository, "CHANGELOG.md"), "utf8") : "";
  return [
    ...(source === undefined ? [`package.json has no "repository": provenance is compared with it`] : []),
    ...(changes.includes(`## ${version}\n`) ? [] : [`CHANGELOG.md tells nothing of ${version}: npx changeset version`]),
  ];
}

const { tarball, warnings } = dryRun();
const paths = tarball.files.map(({ path }) => path);
const forRelease = releaseProblems(paths);
const isRelease = process.argv.includes("--release");
const problems = [...warnings, ...problemsOf(tarball), ...(isRelease ? forRelease : [])];

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
console.log(`${paths.length} files, ${kilobytes(tarball.size)} packed, ${kilobytes(tarball.unpackedSize)} unpacked`);
if (!isRelease) for (const problem of forRelease) console.log(`before a release: ${problem}`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
