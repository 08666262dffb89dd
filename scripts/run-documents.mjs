/**
 * Runs every command and program of README.md and docs/*.md as a reader pastes it, on the packed package, installed in an empty
 * project: page by page, in order, in a directory with the files of `demo --out`. Compares exit status and the output shown.
 * Blocks that cannot run here are marked in the page (`<!-- not run: REASON -->`); their options, scripts and paths are checked.
 *
 *   node scripts/run-documents.mjs [PAGE…]      such as README.md; all by default
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { blocksOf, commandsOf, differenceTo } from './docs/blocks.mjs';
import { PAGES, PROJECT, read } from './docs/pages.mjs';

const { scripts: SCRIPTS } = JSON.parse(read('package.json'));
const scratch = mkdtempSync(join(tmpdir(), 'scms-verify-documents-'));
const project = join(scratch, 'project');
const environment = {
  ...process.env,
  PATH: `${join(project, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`,
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_loglevel: 'error',
  npm_config_prefer_offline: 'true',
  npm_config_update_notifier: 'false',
};
/** Commands that are groups of commands. */
const GROUPS = ['crl', 'trust'];
/** Without jq its part of a command passes everything on. */
const PRELUDE = 'command -v jq > /dev/null || jq() { cat; }';

const problems = [];
const count = { run: 0, checked: 0 };
try {
  prepare();
  const pages = process.argv.slice(2);
  for (const page of pages.length > 0 ? pages : PAGES) runPage(page);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(
  `documents: ${count.run} commands and programs as stated, ${count.checked} that cannot run here have known options`,
);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

/** An empty project with the package in it: packed as it is published, and installed as README.md says. */
function prepare() {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  // Scripts would build again what is built.
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', project], {
    cwd: PROJECT,
    env: environment,
  });
  const install = /^npm install \S+\.tgz/m.exec(read('README.md'));
  if (install === null) throw new Error('README.md does not say how to install the package');
  execFileSync('bash', ['-c', install[0]], { cwd: project, env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
}

function runPage(page) {
  const blocks = blocksOf(read(page));
  if (blocks.length === 0) return;
  console.log(`— ${page}`);
  const state = { cwd: startOf(page) };
  for (const block of blocks) {
    if (block.notRun !== undefined) checkBlock(page, block);
    else if (block.language === 'js') runProgram(page, block, state);
    else runCommands(page, block, state);
  }
}

/** README.md starts in the project and makes its files itself; other pages are read in the directory of the files. */
function startOf(page) {
  if (page === 'README.md') return project;
  const folder = join(project, basename(page, '.md'));
  execFileSync('scms-verify', ['demo', '--out', folder], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}

function runCommands(page, block, state) {
  let output = '';
  for (const { command, status } of commandsOf(block)) {
    const outcome = shell(command, state);
    output = outcome.stdout;
    report(page, block, command, outcome, status);
  }
  compare(page, block, output);
}

function shell(command, state) {
  const where = join(scratch, 'cwd');
  const lines = [PRELUDE, command, 'status=$?', `pwd > ${where}`, 'exit $status'];
  const outcome = spawnSync('bash', ['-c', lines.join('\n')], {
    cwd: state.cwd,
    env: environment,
    encoding: 'utf8',
    input: '',
    maxBuffer: 1 << 28,
  });
  state.cwd = readFileSync(where, 'utf8').trim();
  return outcome;
}

function runProgram(page, block, state) {
  const file = join(state.cwd, 'program.mjs');
  writeFileSync(file, block.text);
  const outcome = spawnSync(process.execPath, [file], { cwd: state.cwd, env: environment, encoding: 'utf8' });
  report(page, block, 'the program', outcome, 0);
  compare(page, block, outcome.stdout);
}

function report(page, { line }, what, { status, stderr }, wanted) {
  count.run++;
  if (status === wanted) return;
  problems.push(
    `${page}:${line}: ${what}\n  exit status ${status}, not ${wanted}: ${stderr.trim().split('\n').slice(0, 3).join('\n  ')}`,
  );
}

function compare(page, { line, shown }, output) {
  if (shown === undefined) return;
  const difference = differenceTo(shown, output);
  if (difference !== undefined) problems.push(`${page}:${line}: the output is not as shown, but\n${difference}`);
}

/** What does not run here must at least name options, scripts and tests that exist. */
function checkBlock(page, block) {
  for (const { command } of commandsOf(block)) {
    count.checked++;
    const words = command.replace(/\s# .*/, '').split(/\s+/);
    for (const unknown of [...unknownOptions(words), ...unknownScripts(command), ...unknownTests(words)])
      problems.push(`${page}:${block.line}: ${command}\n  ${unknown}`);
  }
}

function unknownOptions(words) {
  const start = words.indexOf('scms-verify');
  if (start < 0) return [];
  const own = words.slice(start + 1);
  const names = own.slice(0, GROUPS.includes(own[0]) ? 2 : 1);
  const { stdout, status } = spawnSync('scms-verify', ['help', ...names], { env: environment, encoding: 'utf8' });
  if (status !== 0) return [`no command ${names.join(' ')}`];
  return optionsOf(own)
    .filter((option) => !stdout.includes(`${option} `) && !stdout.includes(`${option}\n`))
    .map((option) => `no option ${option}`);
}

function unknownScripts(command) {
  return [...command.matchAll(/\bnpm (?:run (\S+)|(test|start)\b)(.*)/g)].flatMap(([, named, short, rest]) => {
    const name = named ?? short;
    if (SCRIPTS[name] === undefined) return [`no script ${name}`];
    if (name !== 'bench') return [];
    const { stdout } = spawnSync(process.execPath, ['dist/bench/main.js', '--help'], {
      cwd: PROJECT,
      encoding: 'utf8',
    });
    return optionsOf(rest.split(/\s+/))
      .filter((option) => !stdout.includes(option))
      .map((option) => `no option ${option}`);
  });
}

function unknownTests(words) {
  return words
    .filter((word) => word.startsWith('test/') && !existsSync(`${PROJECT}${word}`))
    .map((path) => `no file ${path}`);
}

function optionsOf(words) {
  return words.filter((word) => /^--\w/.test(word) && word !== '--help').map((word) => word.split('=')[0]);
}
