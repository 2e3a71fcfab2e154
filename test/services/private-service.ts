/** Its room is scripts/services, where the chaos finds it, too. */
export { PrivateService } from "../../scripts/services/private-service.js";
