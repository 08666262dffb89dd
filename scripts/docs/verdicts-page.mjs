/** docs/verdicts.md, written from the codes. */
import { CODES, RESULT_NAMES, STAGES } from '../../dist/src/index.js';

export function verdictsPage() {
  return `${HEAD}\n${STAGES.map(sectionOf).join('\n')}`;
}

function sectionOf(stage, index) {
  const codes = Object.entries(CODES).filter(([, definition]) => definition.stage === stage);
  const lines = codes.map(([code, { verdict, resultName, meaning }]) => {
    const named = resultName === null ? '–' : `${RESULT_NAMES[resultName]} \`${resultName}\``;
    return `| \`${code}\` | ${verdict} | ${named} | ${meaning} |`;
  });
  const table = ['| code | verdict | IEEE 1609.2 result | meaning |', '|---|---|---|---|', ...lines].join('\n');
  return `### ${index + 1}. ${stage}\n\n${codes.length === 0 ? 'No codes.' : table}\n`;
}

const HEAD = `<!-- Written by \`npm run docs\` from src/verdict/codes.ts and scripts/docs/verdicts-page.mjs: edit those. -->
# Verdicts

Every item gets one verdict:

- **valid**: all checks passed, under the trust revision that the verdict names (\`code\` is \`ok\`, \`resultCode\` 0).
- **invalid**: a rule is broken. \`code\` names the rule, \`depth\` the certificate in the chain, \`detail\` the values compared.
- **undecided**: the verifier lacks something (an issuer, a signer's certificate, a message that proves an implicit certificate)
  or failed itself. Never treat it as valid.

\`depth\` 0 is the item itself. For a certificate 1 is its issuer; for a message 1 is its signing certificate, 2 the issuer of that certificate.

\`signature\` is reported in addition: \`ok\`, \`bad\`, or \`notChecked\` if no key was available or the result could not matter. A message
with \`signature: "ok"\` and \`code: "unauthorizedPSID"\` is genuine and was not allowed.

\`resultName\` is the result's name in IEEE 1609.2 test interfaces, \`resultCode\` its number; both are null if none fits.

\`trust\` names the anchor of the chain: \`root\`, \`pinned\` (a key from \`--pins\`, in place of a chain), or \`none\`. Under a
pin a message may expire after its certificate, as deployed ones do; under a chain that is \`expiryDateTooLate\`.

\`scms-verify explain\` lists every rule for one item, with its clause, the values compared and the outcome.

## Revocation

\`revocation\` reports the answer of the CRLs for the certificate (of a message: its signer's) and for every certificate above it except the anchor.
CRLs are found by the root that the chain ends at, cracaId and crlSeries: a 3-byte cracaId alone can be brute-forced.

| \`revocation\` | meaning |
|---|---|
| \`notChecked\` | no CRL covers the certificate; under a pin always, because no root is known |
| \`issuersNotChecked\` | a CRL covers it and does not name it; none covers one of its issuers |
| \`notRevoked\` | all of them are covered, and none is named |
| \`overdue\` | none is named, and a CRL is past nextCrl by more than the tolerance of two weeks |
| \`notEvaluated\` | a CRL covers one of them and is not expanded for its period |
| \`revoked\` | one of them is named: \`revokedBy\` has the CRL, entry and rule, and the depth |

- An anchor needs no CRL. A CRL that names it counts: under the anchor's own cracaId and crlSeries, or with the anchor as its own
  CRACA in series 256.
- A hash-based entry is compared with both forms of a signature, s and n − s.
- A period that is not expanded is expanded on demand if that is cheap, and only for items that pass all other checks; a message
  proves its certificate, an implicit certificate by itself is not proven. Other failures therefore keep their own code.
- A missing CRL for one certificate never hides the revocation of another.
- \`warnings: ["crlOverdue"]\`: a CRL that the verdict depends on is past its nextCrl. \`--overdue ignore\` accepts such a
  CRL at any age, \`--overdue reject\` refuses the items it covers. Freshness is checked at \`--at\`, also with \`--at-own-start\`.
- \`crlRevision\` counts changes of the CRLs in force; 0 if there are none.

## Leniencies

\`--lenient RULE,…\` relaxes rules of a closed list, each for one kind of deployed data. \`lenient\` in a verdict names those without which it would be another.
None of them relaxes a signature, a chain or a quorum.

| rule | accepts |
|---|---|
| \`min-chain-length\` | a \`minChainLength\` of 0 in \`certIssuePermissions\` |
| \`request-chain-length\` | \`certRequestPermissions\` whose chain length counts the end entity whose certificate is requested |
| \`crl-craca\` | a CRL whose crlCraca is any certificate under the root of its signer |
| \`crl-psid\` | a CRL that is signed under PSID 35 in place of 256 |

The length of a request's chain (IEEE 1609.2 §6.4.30) differs between editions: the chain ends in the certificate that requests, or in the end
entity whose certificate is requested. By default it is the former; an RA that may request for end entities directly below a PCA is then one too
short for an ICA that issues for chains of two, and \`inconsistentChainPermissions\`. With \`request-chain-length\` every length that the request
allows, counted from the CA down to the requested certificate, must be one that the CA may give, and its eeType one that the CA has: deployed RAs
pass, and an RA that requests for longer chains, more PSIDs or other end entities is refused as before.

## Order of the rules

All rules are checked; the first stage with a failure decides the verdict, and inside a stage the failure nearest to the root.
\`--all-errors\` lists the rest. One exception: an issuer without certIssuePermissions is no CA, and is reported as
\`inconsistentChainPermissions\` in the stage \`issuer\`.
`;
