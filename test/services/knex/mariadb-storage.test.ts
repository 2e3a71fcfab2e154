import { storageSuite } from "./storage-suite.js";

storageSuite("mariadb", "mysql2");
