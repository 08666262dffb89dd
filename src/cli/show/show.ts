/** Shows structures: what they are, what is in them, where decoding stops. Verifies nothing. */
import { annotate, type CoerFailure, decode, type TraceNode, toJson } from '../../coer/index.ts';
import {
  type Certificate,
  ElectorBallot,
  formatTai,
  Ieee1609Dot2Data,
  PSID_CRL,
  PSID_SCMS,
  type SignedData,
  STRUCTURES,
  type StructureKind,
  sniffStructure,
} from '../../dot2/index.ts';
import { type InputRecord, unwrapOf } from '../../readers/index.ts';
import { beginsAsArtefact } from '../../trust/artefacts.ts';
import { type ArtefactDescription, describeArtefact } from '../../trust/describe.ts';
import type { TrustContext } from '../../trust/types.ts';
import { createTrustContext } from '../../verifier/trust-context.ts';
import { closingText, entryText } from '../shared/entries.ts';
import { Exit, explain } from '../shared/exit.ts';
import { hashedId8Of, validityOf } from '../shared/identity.ts';
import { type Interruption, interruptible } from '../shared/interrupt.ts';
import type { ShowFlags } from '../shared/show-formats.ts';
import type { Shown, ShownKind } from '../shared/shown.ts';
import { Stdout } from '../shared/stdout.ts';
import { tell } from '../shared/terminal.ts';
import { ShowInput } from './input.ts';

/** Shows every structure of the input and returns the exit status. */
export function show(files: readonly string[], flags: ShowFlags): Promise<number> {
  return interruptible((stop) => showUntil(stop, files, flags));
}

async function showUntil(stop: Interruption, files: readonly string[], flags: ShowFlags): Promise<number> {
  const format = flags.format ?? (process.stdout.isTTY ? 'tree' : 'json');
  const out = new Stdout(() => stop.stop());
  const input = new ShowInput(files, flags.inputFormat, stop.signal);
  let failures = 0;
  let first = true;
  for await (const record of input.records()) {
    const shown = lookAt(record);
    if (shown.error) failures++;
    await out.write(entryText(shown, format, first, describe));
    first = false;
  }
  await out.write(closingText(format, first));
  await out.end();
  if (stop.status !== undefined) {
    stop.tell();
    return stop.status;
  }
  if (input.failure !== undefined) {
    const { status, message } = explain(input.failure);
    tell(`error: ${message}\n`);
    return status;
  }
  return failures > 0 ? Exit.notAllValid : Exit.allValid;
}

function lookAt(record: InputRecord): Shown {
  const { bytes } = record;
  const artefact = artefactIn(bytes);
  if (artefact?.kind === 'ballot') {
    const { tree, error } = annotate(ElectorBallot, bytes);
    return { record, kind: 'electorBallot', tree, error, artefact };
  }
  const claimed = sniffStructure(bytes);
  const kinds = claimed ? [claimed] : (Object.keys(STRUCTURES) as StructureKind[]);
  const attempts = kinds.map((kind) => ({ record, kind, ...annotated(kind, bytes) }));
  // What claims to be nothing known is shown as whatever it resembles longest.
  const reach = ({ error }: Shown): number => error?.offset ?? bytes.length;
  const best = attempts.reduce((a, b) => (reach(b) > reach(a) ? b : a));
  if (record.unreadable === undefined) return { ...best, artefact };
  return { ...best, error: { code: 'unreadableRecord', offset: 0, path: '', detail: record.unreadable } };
}

/** What the bytes say as an artefact of root management. Undefined if signed under another PSID, or encrypted. */
function artefactIn(bytes: Uint8Array): ArtefactDescription | undefined {
  if (sniffStructure(bytes) === 'certificate') return undefined;
  if (!beginsAsArtefact(bytes)) {
    const decoded = decode(Ieee1609Dot2Data, bytes);
    const content = decoded.ok ? decoded.value.content : undefined;
    const psid = content?.tag === 'signedData' ? (content.value as SignedData).tbsData.headerInfo.psid : undefined;
    if (content?.tag !== 'unsecuredData' && psid !== PSID_SCMS && psid !== PSID_CRL) return undefined;
  }
  context ??= createTrustContext({ kernel: 'native' });
  return describeArtefact({ name: '', octets: bytes }, context);
}

/** Only hashes are computed: the kernel that starts fastest will do. */
let context: TrustContext | undefined;

function annotated(kind: StructureKind, bytes: Uint8Array): { tree: TraceNode; error: CoerFailure | undefined } {
  const { tree, error } = annotate(STRUCTURES[kind], bytes);
  return { tree, error };
}

/** A structure as JSON: where it is from, what identifies it, then the decoded value. */
function describe({ record, kind, tree, error, artefact }: Shown): object {
  const { source, offset, line, bytes } = record;
  const unwrap = unwrapOf(record);
  return {
    source,
    offset,
    ...(line === undefined ? {} : { line }),
    ...(unwrap === undefined ? {} : { unwrap }),
    structure: kind,
    octets: bytes.length,
    ...(tree.value === undefined ? {} : summaryOf(kind, tree.value)),
    ...(artefact === undefined ? {} : { artefact }),
    ...(error === undefined ? { value: toJson(tree.value) } : { error, value: null }),
  };
}

/** What people ask first, in forms that people read. */
function summaryOf(kind: ShownKind, value: unknown): object {
  if (kind === 'certificate') return certificateSummary(value as Certificate);
  if (kind === 'data') return dataSummary(value as Ieee1609Dot2Data);
  return {};
}

function certificateSummary(certificate: Certificate): object {
  const { toBeSigned, type, issuer } = certificate;
  return {
    hashedId8: hashedId8Of(certificate),
    type,
    issuer: toJson(issuer),
    validity: validityOf(toBeSigned.validityPeriod),
  };
}

function dataSummary({ content }: Ieee1609Dot2Data): object {
  if (content.tag !== 'signedData') return { content: content.tag };
  const { signer, tbsData } = content.value as SignedData;
  const { psid, generationTime, expiryTime } = tbsData.headerInfo;
  return {
    content: content.tag,
    psid,
    signer: signer.tag,
    hashedId8: signerId(signer),
    generationTime: timeText(generationTime),
    expiryTime: timeText(expiryTime),
  };
}

function signerId(signer: SignedData['signer']): unknown {
  if (signer.tag === 'digest') return toJson(signer.value);
  return signer.tag === 'certificate' ? hashedId8Of(signer.value[0] as Certificate) : null;
}

function timeText(micros: bigint | undefined): string | null {
  return micros === undefined ? null : formatTai(micros);
}
