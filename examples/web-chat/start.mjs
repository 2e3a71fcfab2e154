/**
 * `npm start`. This file is understood by every Node that knows modules, also by one that is too old for the rest, so that
 * whoever has one is told so. It only looks whether the rest can run and hands over to launch.ts.
 */
const found = process.versions.node;

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

/** 20.19, 22.12 or later: what the program that builds the page needs. */
function isNewEnough(version) {
  const parts = version.split(".").map(Number);
  const major = parts[0];
  const minor = parts[1];
  if (major === 20) return minor >= 19;
  return major === 22 ? minor >= 12 : major > 22;
}

function launch() {
  return Promise.all([import("tsx/esm/api"), import("node:url")])
    .then(([tsx, { fileURLToPath }]) => {
      // Names where `shyim` is, wherever this was started from.
      tsx.register({ tsconfig: fileURLToPath(new URL("../../tsconfig.json", import.meta.url)) });
      return import("./launch.ts");
    })
    .then((module) => module.launch())
    .catch((error) => {
      const isMissing =
        error.code === "ERR_MODULE_NOT_FOUND" && String(error.message).startsWith("Cannot find package");
      refuse(
        isMissing ? `Something it needs is not installed: run \`npm install\` first. (${error.message})` : error.stack,
      );
    });
}

if (isNewEnough(found)) launch();
else {
  refuse(
    "The chat needs Node 20.19, 22.12 or later, and this is Node " +
      found +
      ". Install a newer one from https://nodejs.org.",
  );
}
