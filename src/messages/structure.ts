import type { Finding } from '../certificates/index.ts';
import type { Ieee1609Dot2Data, SignedData } from '../dot2/index.ts';

/** Rules on signed data by itself (IEEE 1609.2 §6.3.4 ff.). */
export function checkMessageStructure(data: Ieee1609Dot2Data, signed: SignedData): Finding[] {
  const findings: Finding[] = [];
  const report = (code: Finding['code'], detail: string): void => void findings.push({ code, detail });
  if (data.protocolVersion !== 3) report('unsupportedVersion', `protocolVersion ${data.protocolVersion}`);
  const { hashId, signer, signature, tbsData } = signed;
  if (hashId.startsWith('unknown')) report('unsupportedCriticalInformationField', `hashId ${hashId}`);
  if (signer.tag === 'unknown') report('unsupportedCriticalInformationField', `signer alternative ${signer.index}`);
  if (signature.tag === 'unknown') {
    report('unsupportedCriticalInformationField', `signature alternative ${signature.index}`);
  } else if (signature.tag !== 'sm2Signature' && signature.value.rSig.tag === 'fill') {
    report('invalidPointForm', 'fill rSig');
  }
  const { data: payload, extDataHash, omitted } = tbsData.payload;
  if (extDataHash?.tag === 'unknown') {
    report('unsupportedCriticalInformationField', `extDataHash alternative ${extDataHash.index}`);
  }
  // §6.3.7: at least one of the three.
  if (payload === undefined && extDataHash === undefined && omitted === undefined) {
    report('noPayload', 'neither data, extDataHash nor omitted');
  }
  return findings;
}
