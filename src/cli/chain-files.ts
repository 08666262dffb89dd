import { open } from 'node:fs/promises';
import { isChainFile, sniffStructure } from '../dot2/index.ts';

/** Octets that tell what a structure claims to be. */
const HEAD_OCTETS = 3;

/** Whether a file begins as a chain file; no for one that cannot be read, which readers will complain about. */
export async function beginsAsChainFile(name: string): Promise<boolean> {
  try {
    const file = await open(name);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_OCTETS), 0, HEAD_OCTETS, 0);
      return isChainFile(sniffStructure(buffer.subarray(0, bytesRead)));
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}
