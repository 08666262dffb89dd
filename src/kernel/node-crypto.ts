/** What the native kernels stand on. Asked for when a kernel is made, not imported, so that a browser can load their files. */
export type NodeCrypto = typeof import('node:crypto');

/** node:crypto, where there is one. `process.getBuiltinModule` is in Node from 20.16 and 22.3 on. */
export function nodeCrypto(): NodeCrypto | undefined {
  return globalThis.process?.getBuiltinModule?.('node:crypto');
}
