import { WebSocket } from "ws";
import type { Project } from "./project.js";
import { chromiumVisitor } from "./visitors.js";

const HMR_LIMIT_MS = 10_000;

/**
 * Next.js with a server of its own, built and under development. The page renders on the server, and its chat is on the port
 * that serves it, also beside a route that takes any path. Under development Next has a socket of its own there, for its hot
 * reload: the chat has to leave it alone.
 */
export async function runNext(project: Project): Promise<void> {
  await project.build("next", "build");
  await project.serve("server.mjs", [], async (url) => {
    await visitChat(project, url);
    if (chromiumVisitor !== null) project.expectMessage(await chromiumVisitor.visit(url), chromiumVisitor.name);
  });
  await project.serve("server.mjs", ["dev"], async (url) => {
    await visitChat(project, url);
    project.say(`hot reload beside the chat: ${await firstMessage(socketUrl(url, "/_next/hmr"))}`);
  });
}

async function visitChat(project: Project, url: string): Promise<void> {
  const response = await fetch(url);
  const html = await response.text();
  if (!html.includes("A page with a chat")) throw new Error(`the page answers ${response.status}: ${html}`);
  await project.receive("receive.mjs", socketUrl(url, "/ws"));
}

function socketUrl(url: string, path: string): string {
  return new URL(path, url.replace("http", "ws")).href;
}

async function firstMessage(url: string): Promise<string> {
  const socket = new WebSocket(url);
  try {
    return await new Promise((resolve, reject) => {
      socket.once("message", (data) => resolve(String(data).slice(0, 60)));
      socket.once("error", (error) => reject(new Error(`the hot reload of Next at ${url}: ${error.message}`)));
      setTimeout(() => reject(new Error(`${url} said nothing for ${HMR_LIMIT_MS} ms`)), HMR_LIMIT_MS).unref();
    });
  } finally {
    socket.terminate();
  }
}
