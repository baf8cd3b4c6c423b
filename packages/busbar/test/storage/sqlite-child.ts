// Runs on a Node.js that has node:sqlite: without an argument, all checks; with a file, tells the code that opening it
// gives.
import { codeOf, runSqliteChecks, type Sqlite } from './sqlite-checks.js';

const { DatabaseSync }: { DatabaseSync: Sqlite } = await import(['node', 'sqlite'].join(':'));
const [, , file] = process.argv;
console.log(
  file === undefined ? JSON.stringify(await runSqliteChecks(DatabaseSync)) : await codeOf(file, DatabaseSync),
);
