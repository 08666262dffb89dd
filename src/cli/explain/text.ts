/** An explanation as text for people. */
import type { ExplainedRule, Explanation } from '../../verifier/index.ts';
import { printable } from '../shared/terminal.ts';

/** Characters of a rule's facts on its line, unless it failed. */
const FACTS_WIDTH = 100;

const MARKS: Readonly<Record<ExplainedRule['outcome'], string>> = {
  passed: 'passed',
  failed: 'FAILED',
  notApplicable: '-',
  notChecked: 'not checked',
};

/** @param where What the item is called: a file and the place in it. */
export function explanationText(where: string, explanation: Explanation): string {
  const { verdict, at, path, chain, candidates, rules } = explanation;
  const why = verdict.detail === '' ? '' : `: ${verdict.detail}`;
  return [
    `${where}: ${verdict.kind}, ${verdict.verdict}, ${verdict.code}${why}`,
    `  verified at ${at}, ${path} path, trust revision ${verdict.trustRevision}, CRL revision ${verdict.crlRevision}`,
    `  signature ${verdict.signature}, trust ${verdict.trust}, revocation ${verdict.revocation}`,
    section(
      'candidates',
      candidates.map(({ hashedId8, from, signature, chosen }) => {
        return `${chosen ? '*' : ' '} ${hashedId8}  ${from}, signature ${signature}`;
      }),
    ),
    section('chain', chain.map(chainLine)),
    section('rules', rules.map(ruleLine)),
    '',
  ]
    .map(printableLines)
    .join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return [`  ${title}`, ...(lines.length > 0 ? lines : ['none']).map((line) => `    ${line}`)].join('\n');
}

function chainLine({
  depth,
  hashedId8,
  type,
  issuer,
  validFrom,
  validUntil,
  trust,
  signature,
  revocation,
}: Explanation['chain'][number]): string {
  const crl =
    revocation === undefined ? '' : `, CRL ${revocation.state}${revocation.source ? ` (${revocation.source})` : ''}`;
  return `${depth}  ${hashedId8}  ${type}, issuer ${issuer}, ${validFrom} to ${validUntil}, trust ${trust}, signature ${signature}${crl}`;
}

function ruleLine({ id, clause, stage, depth, outcome, needed, failures, facts }: ExplainedRule): string {
  const head = `${MARKS[outcome].padEnd(11)}  ${stage.padEnd(15)}  ${depth}  ${id} (${clause})${needed ? '' : ', not needed'}`;
  const values = Object.entries(facts)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ');
  const shown = values.length > FACTS_WIDTH && outcome !== 'failed' ? `${values.slice(0, FACTS_WIDTH)}…` : values;
  const broken = failures.map(({ code, detail }) => `\n${' '.repeat(17)}${code}: ${detail}`).join('');
  return `${head}${shown === '' ? '' : `  ${shown}`}${broken}`;
}

function printableLines(lines: string): string {
  return lines.split('\n').map(printable).join('\n');
}
