/** Rules on certificates and their chains. Pure: no arithmetic kernel, no I/O, time is a parameter. */
export type { Finding } from './finding.ts';
export { distanceMetres } from './geometry.ts';
export { checkIsAuthority, checkPermissions } from './permissions.ts';
export { checkRegionNesting, isKnownLocation, regionContains } from './region.ts';
export { checkCertificateStructure } from './structure.ts';
export { checkValidAt, checkValidityNesting, type Validity } from './validity.ts';
