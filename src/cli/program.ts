/** The commands put together. One file a command. */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { addCrl } from './crl/command.ts';
import { addDemo } from './demo/command.ts';
import { addExplain } from './explain/command.ts';
import { addRehearse } from './rehearse/command.ts';
import { Exit, explain } from './shared/exit.ts';
import { EXIT_HELP, INPUT_HELP } from './shared/help.ts';
import { Stdout } from './shared/stdout.ts';
import { tell } from './shared/terminal.ts';
import { addShow } from './show/command.ts';
import { addTrust } from './trust/command.ts';
import { addCerts } from './verify/certs.ts';
import { addMessages } from './verify/messages.ts';

const DESCRIPTION = `Verify IEEE 1609.2 certificates and signed messages: one verdict per item, with the reason.`;

const FIRST_STEPS = `
First steps:
  scms-verify demo                                        see it at work, nothing else needed
  scms-verify demo --out demo                             files for all that follows, and more
  scms-verify show message.oer                            what is in a file, byte by byte
  scms-verify certs certs/ --root root.oer --ca chain.oer --at 2024-01-02          which certificates are valid
  scms-verify messages rsu-log.gz --root root.oer --ca chain.oer --at 2024-01-02   which messages are
  scms-verify explain message.oer --root root.oer --ca chain.oer --at 2024-01-02   why it is valid, or not
  scms-verify crl check crls/ --root root.oer --ca chain.oer --at 2024-01-02       which revocation lists count
  scms-verify rehearse elector --html rehearsal.html      the loss of an elector, day by day, to look at
  scms-verify trust init store/ --elector elector-a.oer elector-b.oer elector-c.oer --quorum 2 --root root.oer
  scms-verify help certs                                  every option, with examples`;

/** Columns of help where the terminal is wider, or none. */
const HELP_WIDTH = 110;

function versionOf(): string {
  const { version } = createRequire(import.meta.url)('scms-verify/package.json') as { version: string };
  return version;
}

/** The command line, and the command that was chosen. */
interface Line {
  readonly program: Command;
  /** The command whose usage follows an error; the program if none was chosen. */
  chosen(): Command;
}

function buildProgram(out: Stdout, run: (status: Promise<number>) => Promise<void>): Line {
  const program = new Command('scms-verify');
  let chosen = program;
  program
    .description(DESCRIPTION)
    .version(versionOf(), '-V, --version', 'print the version')
    .configureHelp({ helpWidth: Math.min(HELP_WIDTH, process.stdout.columns ?? HELP_WIDTH), commandUsage })
    // `out.end` throws what fails here.
    .configureOutput({ writeOut: (text) => void out.write(text).catch(() => {}), writeErr: tell })
    .addHelpText('after', `${FIRST_STEPS}\n${INPUT_HELP}\n${EXIT_HELP}`)
    .hook('preAction', (_, command) => {
      chosen = command;
    })
    .exitOverride();
  for (const add of [addCerts, addMessages, addExplain, addCrl, addTrust, addRehearse, addShow, addDemo])
    add(program, run);
  addHelp(program);
  forEachCommand(program, (command) => void command.showHelpAfterError(`\n${usageOf(command)}`));
  return { program, chosen: () => chosen };
}

/** `help crl check` is `crl check --help`. */
function addHelp(program: Command): void {
  program
    .helpCommand(false)
    .command('help')
    .summary('every option of a command, with examples')
    .description('Print the help of a command, with every option and examples.')
    .argument('[COMMAND...]', 'such as certs, or crl check')
    .action((names: string[]) => {
      let command = program;
      for (const name of names) {
        const at = command;
        command = at.commands.find((one) => one.name() === name) ?? at.error(`error: unknown command '${name}'`);
      }
      command.outputHelp();
    });
}

function forEachCommand(command: Command, action: (command: Command) => void): void {
  action(command);
  for (const one of command.commands) forEachCommand(one, action);
}

/** Arguments in front of options, because options that take several values would swallow them; mandatory options by name. */
function commandUsage(command: Command): string {
  const values = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  const mandatory = command.options.filter((option) => option.mandatory).map(({ flags }) => flags);
  const own = command.commands.length > 0 ? ['COMMAND'] : [...values, ...mandatory];
  return ['scms-verify', ...namesOf(command), ...own, '[options]'].join(' ');
}

/** The usage of a command, or of every command of a group. */
function usageOf(command: Command): string {
  const lines: string[] = [];
  forEachCommand(command, (one) => {
    if (one.commands.length === 0 && one.name() !== 'help') lines.push(commandUsage(one));
  });
  const more = [...namesOf(command), ...(command.commands.length > 0 ? ['COMMAND'] : [])].join(' ');
  return `Usage: ${lines.join('\n       ')}\n(scms-verify help ${more} says more)`;
}

/** Names below the program. */
function namesOf(command: Command): string[] {
  return command.parent === null ? [] : [...namesOf(command.parent), command.name()];
}

/** Runs the command line and returns its exit status. */
export async function runProgram(): Promise<number> {
  let status: number = Exit.allValid;
  const out = new Stdout();
  const { program, chosen } = buildProgram(out, async (pending) => {
    status = await pending;
  });
  for (const step of [() => program.parseAsync(), () => out.end()]) {
    try {
      await step();
    } catch (thrown) {
      status = statusOf(thrown, chosen());
    }
  }
  return status;
}

function statusOf(thrown: unknown, command: Command): number {
  // Commander has printed its message already; asking for help or the version is no error.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? Exit.allValid : Exit.usage;
  const { status, message } = explain(thrown);
  tell(`error: ${message}\n${status === Exit.usage ? `\n${usageOf(command)}\n` : ''}`);
  return status;
}
