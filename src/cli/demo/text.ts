/** The demonstration in words. */
import { CODES, type FailureCode, STAGES, type Stage } from '../../verdict/index.ts';
import { codeTable } from '../shared/summary.ts';
import { grouped, type Paint } from '../shared/terminal.ts';
import type { DemoReport, Made, Stretch } from './report.ts';

export function madeText(made: Made, paint: Paint): string[] {
  const { seed, certificates, badCertificates, messages, badMessages, senders, special, seconds } = made;
  return [
    paint('bold', 'scms-verify: a demonstration'),
    '',
    `${paint('bold', 'Made')} in ${seconds.toFixed(1)} s from the seed "${seed}" (the same bytes every time)`,
    '  a root CA, intermediate, pseudonym and enrolment CAs, RA, MA, CRL generator, electors, linkage authorities',
    `  ${grouped(certificates)} certificates: pseudonyms for a week, by turns implicit and explicit; ${grouped(badCertificates)} are bad`,
    `  ${grouped(messages)} messages by ${grouped(senders)} vehicles, most naming their certificate by digest; ${grouped(badMessages)} are bad`,
    `  ${grouped(special)} more bad items that show only under trust or settings of their own`,
    '',
  ];
}

export function verifiedText(report: DemoReport, paint: Paint): string[] {
  const threads =
    report.threads === 0 ? 'the main thread' : `${report.threads} thread${report.threads === 1 ? '' : 's'}`;
  const head = ['', 'items', 'valid', 'invalid', 'undecided', 'seconds', 'per second'];
  const row = (label: string, { items, valid, invalid, undecided, seconds, rate }: Stretch): string[] => [
    label,
    ...[items, valid, invalid, undecided].map(grouped),
    seconds.toFixed(2),
    grouped(rate),
  ];
  const rows = [row('certificates', report.certificates), row('messages', report.messages)];
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(13) : cell.padStart(11))).join('')}`;
  return [
    `${paint('bold', 'Verified')} on ${threads}, kernel ${report.kernel}: decoding, chain, permissions, signatures, times, consistency`,
    paint('dim', line(head)),
    ...rows.map(line),
    `  and ${grouped(report.special.items)} bad items one by one`,
    '',
  ];
}

/** The stages of verification, as headings. */
const STAGE_TITLES: Readonly<Record<Stage, string>> = {
  decoding: 'decoding (strict canonical octet encoding rules)',
  structure: 'structure',
  issuer: 'issuer and signer',
  chainLength: 'chain length',
  validityNesting: 'validity within the issuer',
  regionNesting: 'region within the issuer',
  permissions: 'permissions',
  chainSignature: 'signatures of the chain',
  ownSignature: 'own signature',
  revocation: 'revocation',
  proof: 'proof of implicit certificates',
  times: 'times',
  location: 'location',
  consistency: 'consistency of the message',
  relevance: 'relevance to the receiver',
};

/** Every code that came up, stage after stage as they are verified. */
export function reasonsText(report: DemoReport, paint: Paint): string[] {
  const total = new Map<string, number>();
  for (const { codes } of [report.certificates, report.messages, report.special]) {
    for (const [code, count] of Object.entries(codes)) total.set(code, (total.get(code) ?? 0) + count);
  }
  const found = [...total].filter(([code]) => code !== 'ok');
  const width = Math.max(0, ...found.map(([code]) => code.length));
  const lines = STAGES.flatMap((stage) => {
    const here = found.filter(([code]) => CODES[code as FailureCode].stage === stage);
    if (here.length === 0) return [];
    return [`  ${paint('cyan', STAGE_TITLES[stage])}`, ...codeTable(Object.fromEntries(here), paint, width)];
  });
  return [paint('bold', `Reasons found: ${found.length} codes, in the order of verification`), ...lines, ''];
}

/** Differences printed; more than a few have one cause. */
const DIFFERENCES_SHOWN = 20;

export function closing({ verdicts, asExpected, differences, incomplete }: DemoReport, paint: Paint): string[] {
  const verdict = `${grouped(asExpected)} of ${grouped(verdicts)} verdicts as expected`;
  if (differences.length > 0) {
    return [
      ...differences.slice(0, DIFFERENCES_SHOWN).map((text) => `  ${text}`),
      paint(['bold', 'red'], `✘ ${verdict}`),
    ];
  }
  if (incomplete !== undefined) return [paint('yellow', `incomplete: ${incomplete}; ${verdict}`)];
  return [
    paint(['bold', 'green'], `✔ ${verdict}`),
    paint(
      'dim',
      '  every implicit certificate gave the public key of its device; only messages can prove it, hence "undecided"',
    ),
    paint('dim', '  next: scms-verify demo --out demo writes such files to try every command on'),
  ];
}
