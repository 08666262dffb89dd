import { cpus, totalmem } from 'node:os';
import { opensslVersion } from './openssl.ts';

/** Where figures were taken: without it no figure means anything. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  readonly v8: string;
  /** The OpenSSL inside node:crypto. */
  readonly openssl: string;
  /** The installed program, whose `speed` is a peer. */
  readonly opensslProgram: string;
}

export function thisMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    v8: process.versions.v8,
    openssl: process.versions.openssl ?? 'none',
    opensslProgram: opensslVersion() ?? 'not installed',
  };
}

export function describe(machine: Machine): string {
  const { cpu, cores, memoryGiB, platform, node, v8, openssl, opensslProgram } = machine;
  return (
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}; ` +
    `Node ${node.replace(/^v/, '')} (V8 ${v8}, OpenSSL ${openssl}); openssl program: ${opensslProgram}`
  );
}
