#!/usr/bin/env node
/**
 * `scms-verify`: the command line. Only starts and ends the program: whatever goes wrong, even while it is being loaded,
 * must not leave with the status that says "some item is not valid".
 */
import { Exit, explain } from './shared/exit.ts';
import { leaveWith } from './shared/interrupt.ts';
import { tell } from './shared/terminal.ts';

/** Leaves when standard error has taken everything: a full pipe takes it only when its reader goes on. */
function leave(status: number): void {
  process.exitCode = status;
  process.stderr.write('', () => void leaveWith(status));
}

function fail(thrown: unknown): void {
  tell(`error: ${explain(thrown).message}\n`);
  leave(Exit.internal);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// If standard error takes nothing, the exit status is all that is left.
process.stderr.on('error', () => {});
// Leaving is explicit: the event loop runs empty only if the run waits for an event that never comes.
process.once('beforeExit', () => fail(new Error('the run stopped before its end')));
try {
  const { runProgram } = await import('./program.ts');
  // Standard input may hold the process, and a thread may too: leaving is explicit, once the output is out.
  leave(await runProgram());
} catch (error) {
  fail(error);
}
