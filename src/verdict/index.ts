export * from './codes.ts';
export * from './verdict.ts';
