/** Choosing and starting a linkage kernel. */
import type { KernelName } from './kernel.ts';
import type { LinkageKernel } from './linkage-kernel.ts';
import { createNativeLinkageKernel } from './linkage-native.ts';
import { linkageSelfTest } from './linkage-self-test.ts';

/** Until there is WebAssembly behind the other names, node:crypto is behind all. */
export function createLinkageKernel(name: KernelName | 'auto' = 'auto'): LinkageKernel {
  const kernel = createNativeLinkageKernel();
  const fault = linkageSelfTest(kernel);
  if (fault !== undefined) throw new Error(`linkage kernel '${name}' failed its self-test: ${fault}`);
  return kernel;
}
