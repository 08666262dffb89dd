/** The commands put together. One file a command. */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { addCerts } from './certs.ts';
import { addCrl } from './crl-command.ts';
import { addDemo } from './demo-command.ts';
import { Exit, explain } from './exit.ts';
import { EXIT_HELP, INPUT_HELP } from './help.ts';
import { addMessages } from './messages.ts';
import { addRehearse } from './rehearse-command.ts';
import { addShow } from './show-command.ts';
import { addTrust } from './trust-command.ts';

const DESCRIPTION = `Judge IEEE 1609.2 certificates and signed messages: one precise verdict for each, with the reason.`;

const FIRST_STEPS = `
First steps:
  scms-verify demo                                        see it at work, nothing else needed
  scms-verify show message.oer                            what is in a file, octet by octet
  scms-verify certs batch/ --root root.oer --ca pca.oer   which certificates are valid
  scms-verify messages log.gz --root root.oer             which messages are
  scms-verify crl check crl.oer --root root.oer           which revocation lists count
  scms-verify rehearse elector --html rehearsal.html      the loss of an elector, day by day, to look at
  scms-verify trust init store/ --elector a.oer b.oer c.oer --quorum 2 --root root.oer
  scms-verify help certs                                  every option, with examples`;

/** Follows every complaint about the command line. */
const USAGE = `
Usage: scms-verify certs|messages|show FILE... [options]
       scms-verify crl show|check|expand|lookup|stats FILE... [options]
       scms-verify trust init|apply|show|log DIR [options]
       scms-verify trust lint FILE... [options]
       scms-verify rehearse elector|root|FILE [options]
       scms-verify demo [options]
(--help, also behind a command, says more)`;

/** Columns of help where the terminal is wider, or none. */
const HELP_WIDTH = 110;

function versionOf(): string {
  const { version } = createRequire(import.meta.url)('scms-verify/package.json') as { version: string };
  return version;
}

function buildProgram(run: (status: Promise<number>) => Promise<void>): Command {
  const program = new Command('scms-verify')
    .description(DESCRIPTION)
    .version(versionOf(), '-V, --version', 'print the version')
    .showHelpAfterError(USAGE)
    .configureHelp({ helpWidth: Math.min(HELP_WIDTH, process.stdout.columns ?? HELP_WIDTH) })
    .addHelpText('after', `${FIRST_STEPS}\n${INPUT_HELP}\n${EXIT_HELP}`)
    .exitOverride();
  for (const add of [addCerts, addMessages, addCrl, addTrust, addRehearse, addShow, addDemo]) add(program, run);
  return program;
}

/** Runs the command line and returns its exit status. */
export async function runProgram(): Promise<number> {
  let status: number = Exit.allValid;
  const program = buildProgram(async (pending) => {
    status = await pending;
  });
  try {
    await program.parseAsync();
  } catch (thrown) {
    status = statusOf(thrown);
  }
  return status;
}

function statusOf(thrown: unknown): number {
  // Commander has printed its message already; asking for help or the version is no error.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? Exit.allValid : Exit.usage;
  const { status, message } = explain(thrown);
  process.stderr.write(`error: ${message}\n${status === Exit.usage ? `${USAGE}\n` : ''}`);
  return status;
}
