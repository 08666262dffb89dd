#!/usr/bin/env node
/**
 * `scms-verify`: the command line. Only starts and ends the program: whatever goes wrong, even while it is being loaded,
 * must not leave with the status that says "some item is not valid".
 */
import { Exit, explain } from './exit.ts';
import { leaveWith } from './interrupt.ts';

/** Leaves once standard error has taken what was said: a pipe that is full takes it only when its reader goes on. */
function leave(status: number): void {
  process.exitCode = status;
  process.stderr.write('', () => void leaveWith(status));
}

function fail(thrown: unknown): void {
  process.stderr.write(`error: ${explain(thrown).message}\n`);
  leave(Exit.internal);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// What cannot be said on standard error cannot be said: the exit status still tells.
process.stderr.on('error', () => {});
// Leaving is explicit, so that nothing is left to do only if something is waited for that never comes.
process.once('beforeExit', () => fail(new Error('the run stopped before its end')));
try {
  const { runProgram } = await import('./program.ts');
  // Standard input may hold the process, and a thread may too: leaving is explicit, once the output is out.
  leave(await runProgram());
} catch (error) {
  fail(error);
}
