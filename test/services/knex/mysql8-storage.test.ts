import { storageSuite } from "./storage-suite.js";

storageSuite("mysql8", "mysql2");
