// Writes docs/verdicts.md from the codes themselves, and the table of sentences in docs/rehearsal.md from the scenarios. `--check`
// only says whether both are up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CODES, RESULT_NAMES, STAGES } from '../dist/src/index.js';
import { builtInScenario } from '../dist/src/rehearsal/index.js';

const VERDICTS = fileURLToPath(new URL('../docs/verdicts.md', import.meta.url));
const REHEARSAL = fileURLToPath(new URL('../docs/rehearsal.md', import.meta.url));

const rows = STAGES.map((stage, index) => {
  const codes = Object.entries(CODES).filter(([, definition]) => definition.stage === stage);
  if (codes.length === 0) return `### ${index + 1}. ${stage}\n\nNo codes yet.\n`;
  const lines = codes.map(([code, { verdict, resultName, meaning }]) => {
    const named = resultName === null ? '–' : `${RESULT_NAMES[resultName]} \`${resultName}\``;
    return `| \`${code}\` | ${verdict} | ${named} | ${meaning} |`;
  });
  return `### ${index + 1}. ${stage}\n\n| code | verdict | IEEE 1609.2 result | meaning |\n|---|---|---|---|\n${lines.join('\n')}\n`;
});

const text = `<!-- Written by scripts/build-docs.mjs from src/verdict/codes.ts: edit that, then run \`npm run docs\`. -->
# Verdicts

Every item gets one verdict:

- **valid**: every rule holds, under the trust revision that the verdict names (\`code\` is \`ok\`, \`resultCode\` 0).
- **invalid**: a rule is broken. \`code\` says which, \`depth\` where in the chain, \`detail\` what was compared.
- **undecided**: the verifier lacks something (an issuer, a signer's certificate, a message that proves an implicit certificate)
  or failed itself. Never read it as valid.

\`depth\` 0 is the item itself. For a certificate 1 is its issuer; for a message 1 is its signing certificate, 2 that one's issuer.

\`signature\` is judged whatever else is wrong: \`ok\`, \`bad\`, or \`notChecked\` where there was no key to check it with. So a message
with \`signature: "ok"\` and \`code: "unauthorizedPSID"\` is genuine and was not allowed.

\`resultName\` is the word that IEEE 1609.2 test interfaces use for the result, \`resultCode\` its number; both are null where none fits.

\`trust\` says what the chain rests on: \`root\`, \`pinned\` (a key vouched for with \`--pins\`, in place of a chain), or \`none\`. Under a
pin a message may expire after its certificate, as deployed ones do; under a chain that is \`expiryDateTooLate\`.

\`revocation\` says what the CRLs say of the certificate (of a message's signer) and of every certificate above it, the anchor left
out. CRLs are found by the root that the chain ends at, cracaId and crlSeries: three octets of cracaId alone could be ground.

| \`revocation\` | meaning |
|---|---|
| \`notChecked\` | no CRL covers the certificate; under a pin always, because no root is known |
| \`issuersNotChecked\` | a CRL covers it and does not name it; none covers one of its issuers |
| \`notRevoked\` | all of them are covered, and none is named |
| \`overdue\` | none is named, and a CRL has been overdue for longer than is tolerated (two weeks) |
| \`notEvaluated\` | a CRL covers one of them and is not expanded for its period |
| \`revoked\` | one of them is named: \`revokedBy\` says by which CRL, entry and rule, and at which depth |

- An anchor needs no CRL. One that names it is heeded: under the anchor's own cracaId and crlSeries, or with the anchor as its own
  CRACA in series 256.
- A hash-based entry is compared with both forms of a signature, s and n − s.
- A period that nobody expanded is expanded on demand where that is cheap, and only for what nothing else speaks against; a message
  proves its certificate, an implicit certificate on its own is not proven. Other failures therefore keep their own code.
- What is lacking for one certificate never hides that another one is revoked.
- \`warnings: ["crlOverdue"]\` stands where a CRL that the verdict rests on is past its nextCrl. \`--overdue ignore\` lets any such
  CRL count, \`--overdue reject\` refuses what it covers. Freshness is judged at \`--at\`, also with \`--at-own-start\`.
- \`crlRevision\` counts changes of the CRLs in force; 0 where there were none.

## Leniencies

\`--lenient RULE,…\` relaxes rules of a closed list, each for one kind of deployed data. \`lenient\` names those that a verdict could not do without.
None of them relaxes a signature, a chain or a quorum.

| rule | what it accepts |
|---|---|
| \`min-chain-length\` | a \`minChainLength\` of 0 in \`certIssuePermissions\` |
| \`request-chain-length\` | \`certRequestPermissions\` whose chain length counts the end entity whose certificate is requested |
| \`crl-craca\` | a CRL whose crlCraca is any certificate under the root of its signer |
| \`crl-psid\` | a CRL that is signed under PSID 35 in place of 256 |

How long the chain of a request is (IEEE 1609.2 §6.4.30) differs between editions: it ends in the certificate that requests, or in the end
entity whose certificate is requested. The rule here is the former; an RA that may request for end entities directly below a PCA is then one too
short for an ICA that issues for chains of two, and \`inconsistentChainPermissions\`. With \`request-chain-length\` every length that the request
allows, counted from the CA down to the requested certificate, must be one that the CA may give, and its eeType one that the CA has: deployed RAs
fit, and an RA that requests for longer chains, more PSIDs or other end entities is refused as before.

## Order of judgement

All rules are judged; the first stage with a failure decides the verdict, and inside a stage the failure nearest to the root.
\`--all-errors\` lists the rest; \`scms-verify explain\` shows every rule, failed or not, with its clause and the values that it compared. One exception: an issuer without any certIssuePermissions is no CA, and is reported as
\`inconsistentChainPermissions\` in the stage \`issuer\`.

${rows.join('\n')}`;

/** What shows a sentence in one form: rows of the truth table with the answers that they must give on that day. */
function shownBy({ expect }, day, { shown, note }) {
  const rows = shown.map(({ object, parties }) => {
    const answers = new Map();
    for (const party of parties) {
      const row = expect.find((one) => one.object === object && one.parties.includes(party));
      const value = row.values?.[day - 1];
      const answer = `${row.cells[day - 1]}${value ? ` ${value}` : ''}`;
      answers.set(answer, [...(answers.get(answer) ?? []), party]);
    }
    const said = [...answers].map(([answer, who]) => (who.includes('*') ? answer : `${who.join(' ')} ${answer}`));
    return `${object}: ${said.join(', ')}`;
  });
  return [...rows, ...(note === undefined ? [] : [note])].join('<br>');
}

/** Every sentence of the source text, by recovery, day and ordinal. */
function sentenceTable(name) {
  const [ballots, ctl] = [builtInScenario(name), builtInScenario(`${name}-ctl`)];
  const lines = ballots.days.flatMap(({ sentences }, d) =>
    sentences.map((sentence, s) => {
      const other = ctl.days[d].sentences[s];
      const shown = [shownBy(ballots, d + 1, sentence), shownBy(ctl, d + 1, other)];
      return `| ${name} ${d + 1}.${s + 1} | ${sentence.says} | ${shown.join(' | ')} |`;
    }),
  );
  return ['| sentence | in our words | shown with ballots | shown by CTL |', '|---|---|---|---|', ...lines].join('\n');
}

const [START, END] = ['<!-- Written by scripts/build-docs.mjs: sentences -->', '<!-- end of sentences -->'];
const tables = ['elector', 'root'].map(sentenceTable).join('\n\n');
const page = readFileSync(REHEARSAL, 'utf8');
const [before, rest = ''] = page.split(START);
const [, after] = rest.split(END);
if (after === undefined) throw new Error(`docs/rehearsal.md lacks '${START}' or '${END}'`);
const files = [
  [VERDICTS, text],
  [REHEARSAL, `${before}${START}\n${tables}\n${END}${after}`],
];

for (const [file, content] of files) {
  if (!process.argv.includes('--check')) writeFileSync(file, content);
  else if (readFileSync(file, 'utf8') !== content) {
    console.error(`docs/${basename(file)} is out of date: run \`npm run docs\``);
    process.exitCode = 1;
  }
}
