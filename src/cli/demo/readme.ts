/** README.txt of `demo --out`, and the commands to try first. */
import type { DemoFiles } from './files.ts';

/** A question, and the command that answers it on the files as they are. */
interface Try {
  readonly what: string;
  /** `{at}`, `{period}` and `{value}` are filled in. */
  readonly command: string;
}

const TRUST = '--root root.oer --ca chain.oer --at {at}';

const TRIES: readonly Try[] = [
  { what: 'Which messages are valid?', command: `scms-verify messages messages.oer ${TRUST}` },
  { what: 'And who of their senders is revoked?', command: `scms-verify messages messages.oer ${TRUST} --crl crls/` },
  { what: 'What is in a message, byte by byte?', command: 'scms-verify show message.oer --format tree' },
  { what: 'Which certificates?', command: `scms-verify certs certs/ ${TRUST} --accept-reconstructed` },
  {
    what: 'Every fault of the testbed: each line of the two files has the code that is expected for it.',
    command: `scms-verify messages messages.ndjson ${TRUST} --crl crls/ --summary`,
  },
  { what: '', command: `scms-verify certs certs.ndjson ${TRUST} --crl crls/ --format table` },
  {
    what: 'As a receiver on the road at that moment, who has heard none of them before?',
    command: `scms-verify messages rsu-log.gz ${TRUST} --crl crls/ --receiver`,
  },
  {
    what: 'Messages of another SCMS, whose root is not here: pins vouch for the keys of their signers.',
    command: 'scms-verify messages foreign.oer --pins pins.json --at {at}',
  },
  { what: 'Which CRLs count?', command: `scms-verify crl check crls/ ${TRUST} --previous crls-before/` },
  { what: 'What does one revoke?', command: 'scms-verify crl show crl.oer --format tree' },
  {
    what: '',
    command: `scms-verify crl expand crl.oer ${TRUST} --period {period} --format bin --output week.index`,
  },
  { what: '', command: 'scms-verify crl lookup --index week.index --value {value}' },
  {
    what: 'A trust store: elector A is removed by the votes of B and C, and D comes in its place.',
    command:
      'scms-verify trust init store/ --elector elector-a.oer elector-b.oer elector-c.oer --quorum 2 --root root.oer --at 2024-01-01',
  },
  { what: '', command: 'scms-verify trust apply store/ composite-crl.oer gccf.oer --at {at}' },
  { what: '', command: 'scms-verify trust show store/' },
  { what: '', command: 'scms-verify trust log store/ --verify' },
  { what: '', command: 'scms-verify messages messages.oer --store store/ --at {at}' },
  { what: '', command: 'scms-verify trust lint gccf.oer composite-crl.oer --store store/ --at {at}' },
  {
    what: 'The loss of an elector, as a rehearsal.',
    command: 'scms-verify rehearse my-region.json --html rehearsal.html',
  },
];

const FILES = `
root.oer                  the root CA, self-signed: what is trusted
ica.oer pca.oer eca.oer   the CAs below it: intermediate, pseudonym, enrolment
worldwide-ica.oer, -pca   the same without a region
ra.oer ma.oer crlg.oer    registration authority, misbehaviour authority, CRL generator
chain.oer                 a local chain file with all of these but the root
message.oer               one message
messages.oer              messages of vehicles and of two roadside units, COER back to back; two vehicles and one unit
                          are revoked
rsu-log.gz                the same, a line of hex each
messages.ndjson           the same, then messages with every fault of the testbed; "expected" is the code with crls/
certs/                    certificates, one a file: implicit and explicit ones of two vehicles, and those of two roadside
                          units; the file names say which are revoked
certs.ndjson              the same, then certificates with every fault; "expected" as above
crls/                     the CRLs in force: pseudonym (linkage seeds), application, component and root-managed (hashes)
crl.oer                   crls/pseudonym.oer
crls-before/              the pseudonym CRL of the week before
foreign.oer pins.json     messages of another SCMS, and pins for its certificates, one of them on P-384
elector-a.oer … -d.oer    electors, on P-384; D is not one yet
composite-crl.oer         the CRLs in force, and the removal of elector A by the votes of B and C
gccf.oer                  a global chain file that brings elector D, by the votes of B and C
my-region.json            a scenario for scms-verify rehearse`;

/** The first commands, ready to be pasted in the directory. */
export function firstCommands(made: DemoFiles): string[] {
  return TRIES.slice(0, 3).map(({ command }) => filled(command, made));
}

export function readmeOf(made: DemoFiles, seed: string): string {
  const tries = TRIES.flatMap(({ what, command }) => [
    ...(what === '' ? [] : ['', what]),
    `  ${filled(command, made)}`,
  ]);
  return `A small SCMS, made by: scms-verify demo --out DIR --seed ${JSON.stringify(seed)}
The same seed gives the same bytes. The keys follow from the seed too: never trust any of this.

Everything that is in force is valid at ${made.at} (--at).
${FILES}

Commands, to be run here:
${tries.join('\n')}
`;
}

function filled(command: string, { at, period, revokedValue }: DemoFiles): string {
  return command.replace('{at}', at).replace('{period}', String(period)).replace('{value}', revokedValue);
}
