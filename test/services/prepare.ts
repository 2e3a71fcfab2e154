import type { TestProject } from "vitest/node";
import { neededByTests } from "../../scripts/services/catalogue.js";
import { findService } from "../../scripts/services/find-service.js";
import { servicesFolder } from "../../scripts/services/place.js";
import type { Service, ServiceName } from "../../scripts/services/service.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of each service that serves. The tests of one without an address are skipped. */
    services: Readonly<Partial<Record<ServiceName, string>>>;
  }
}

/** Once for all tests: finds the services that are given by the environment or run (`npm run services -- start`). */
export default async function prepare(project: TestProject): Promise<void> {
  const found: Partial<Record<ServiceName, string>> = {};
  for (const service of neededByTests) {
    const here = await findService(service, servicesFolder());
    if (here === null) console.log(`SKIPPED: what needs ${service.name}; ${howToGet(service)}`);
    else found[service.name] = here.url;
  }
  project.provide("services", found);
}

function howToGet({ name, variable, recipe }: Service): string {
  return recipe === null ? `give ${variable}` : `\`npm run services -- start ${name}\``;
}
