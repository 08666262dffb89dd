#!/usr/bin/env node
/**
 * `scms-verify`: the command line. Only starts and ends the program: whatever goes wrong, even while it is being loaded,
 * must not leave with the status that says "some item is not valid".
 */
import { Exit, explain } from './exit.ts';
import { endQuietlyWithReader } from './stdout.ts';

function fail(thrown: unknown): never {
  process.stderr.write(`error: ${explain(thrown).message}\n`);
  process.exit(Exit.internal);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
endQuietlyWithReader();
try {
  const { runProgram } = await import('./program.ts');
  // Standard input may hold the process, and a thread may too: leaving is explicit, once the output is out.
  process.exit(await runProgram());
} catch (error) {
  fail(error);
}
