// Writes docs/verdicts.md from the codes themselves. `--check` only says whether the file is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CODES, RESULT_NAMES, STAGES } from '../dist/src/index.js';

const FILE = fileURLToPath(new URL('../docs/verdicts.md', import.meta.url));

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

## Order of judgement

All rules are judged; the first stage with a failure decides the verdict, and inside a stage the failure nearest to the root.
\`--all-errors\` lists the rest. One exception: an issuer without any certIssuePermissions is no CA, and is reported as
\`inconsistentChainPermissions\` in the stage \`issuer\`.

${rows.join('\n')}`;

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== text) {
    console.error('docs/verdicts.md is out of date: run `npm run docs`');
    process.exit(1);
  }
} else {
  writeFileSync(FILE, text);
}
