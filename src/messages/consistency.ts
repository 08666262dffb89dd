import type { Finding } from '../certificates/index.ts';
import { formatTai, type HeaderInfo, type PsidSsp } from '../dot2/index.ts';

/** PSIDs that a detail lists; deployed certificates have fewer. */
const LISTED = 16;

/** The PSID of the header must be among the signer's appPermissions (IEEE 1609.2 §5.2.4.2.3); its SSP is the application's. */
export function checkHeaderPsid(header: HeaderInfo, appPermissions: readonly PsidSsp[] | undefined): Finding[] {
  if (appPermissions?.some(({ psid }) => psid === header.psid)) return [];
  const psids = (appPermissions ?? []).map(({ psid }) => psid);
  const granted = `${psids.slice(0, LISTED).join(', ') || 'none'}${psids.length > LISTED ? ', …' : ''}`;
  return [{ code: 'unauthorizedPSID', detail: `psid ${header.psid}, certificate has ${granted}` }];
}

/** A message must have been generated before it expires. */
export function checkExpiryOrder({ generationTime, expiryTime }: HeaderInfo): Finding[] {
  if (generationTime === undefined || expiryTime === undefined || generationTime < expiryTime) return [];
  const detail = `generated ${formatTai(generationTime)}, expires ${formatTai(expiryTime)}`;
  return [{ code: 'expiryTimeBeforeGenerationTime', detail }];
}

/** The layer below (WSMP) names the same PSID as the header. */
export function checkLowerLayerPsid(header: HeaderInfo, lowerLayerPsid: number | undefined): Finding[] {
  if (lowerLayerPsid === undefined || lowerLayerPsid === header.psid) return [];
  return [{ code: 'PSIDsDontMatch', detail: `header psid ${header.psid}, layer below ${lowerLayerPsid}` }];
}

/**
 * External data against the hash that the message carries. `externalHash` is the hash of the data that was handed in, made
 * with the message's own algorithm; undefined where none was handed in.
 */
export function checkExternalData(signedHash: Uint8Array | undefined, externalHash: Uint8Array | undefined): Finding[] {
  if (signedHash === undefined) {
    return externalHash === undefined
      ? []
      : [{ code: 'noExtDataHashPresent', detail: 'the message has no extDataHash' }];
  }
  if (externalHash === undefined) {
    return [{ code: 'noExtDataHashProvided', detail: 'the message has an extDataHash' }];
  }
  const same = signedHash.length === externalHash.length && signedHash.every((octet, i) => octet === externalHash[i]);
  return same ? [] : [{ code: 'extDataHashDoesntMatch', detail: 'the hashes differ' }];
}
