export * from './codes.ts';
export type { RevocationHit } from './revocation-hit.ts';
export * from './verdict.ts';
export * from './write.ts';
