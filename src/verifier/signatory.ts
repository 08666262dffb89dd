import type { SignerFacts } from '../rules/index.ts';
import type { ChainNode } from './chain-node.ts';

/** What the certificate of a signer lets it do; the same for all certificates of a template. */
export type Rights = Omit<SignerFacts, 'signerValidity'>;

/** Hash of a certificate that signs, and where a round of the kernel batch has it. */
export class Signatory {
  readonly hash: Uint8Array;
  round = 0;
  /** Digest id in that round. */
  id = 0;

  constructor(hash: Uint8Array) {
    this.hash = hash;
  }
}

/** What a signer keeps of the list by which a message has proven it. */
export interface ProvenList {
  readonly high: number;
  readonly low: number;
  readonly identity: string;
  /** The received bytes of all certificates, as a key. */
  readonly key: string;
}

/** What the rules on messages read of a signer, but for its validity. */
export function rightsOf({ info, region, trust }: ChainNode): Rights {
  const appPsids = (info.certificate.toBeSigned.appPermissions ?? []).map(({ psid }) => psid);
  return { appPsids, signerRegion: region, trust };
}
