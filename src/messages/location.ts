import { type Finding, isKnownLocation, regionContains } from '../certificates/index.ts';
import type { GeographicRegionValue, HeaderInfo } from '../dot2/index.ts';

/**
 * A message's generation location against the region its signer may act in (IEEE 1609.2 §5.2.4.2.3).
 * `checked` says whether the two were compared: they are where the message carries a location and the region can be drawn.
 */
export function checkLocation(
  header: HeaderInfo,
  region: GeographicRegionValue | undefined,
  requireLocation: boolean,
): { findings: Finding[]; checked: boolean } {
  if (region === undefined) return { findings: [], checked: false };
  const location = header.generationLocation;
  if (location === undefined || !isKnownLocation(location)) {
    const findings: Finding[] = requireLocation
      ? [{ code: 'noGenerationLocation', detail: `the certificate has a ${region.tag}` }]
      : [];
    return { findings, checked: false };
  }
  const inside = regionContains(region, location);
  if (inside === undefined) return { findings: [], checked: false };
  if (inside) return { findings: [], checked: true };
  const where = `${location.latitude / 1e7}, ${location.longitude / 1e7}`;
  const detail = `${where} is outside the ${region.tag}`;
  return { findings: [{ code: 'generationLocationOutsideValidityRegion', detail }], checked: true };
}
