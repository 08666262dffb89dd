/** What rules on certificates compute with: geometry, permissions, bounds. Pure. */
export type { Finding } from './finding.ts';
export { distanceMetres } from './geometry.ts';
export {
  checkPermissions,
  entriesOf,
  MAX_ENTRIES,
  MAX_FINDINGS,
  type Permissions,
  type RequestReading,
} from './permissions.ts';
export { checkRegionNesting, isKnownLocation, regionContains } from './region.ts';
export { isSimplePolygon } from './simple-polygon.ts';
export type { Validity } from './validity.ts';
