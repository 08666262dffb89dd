export * from './codes.ts';
export * from './verdict.ts';
export * from './write.ts';
