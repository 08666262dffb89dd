import { sha256, sha384 } from '@noble/hashes/sha2.js';
import type { Finding } from '../certificates/index.ts';
import { decode, decodeOrThrow, toHex } from '../coer/index.ts';
import { Certificate, Ieee1609Dot2Data, type SignedData, wholeCertificateHash } from '../dot2/index.ts';
import type { Kernel, KernelName } from '../kernel/kernel.ts';
import { createKernel } from '../kernel/load.ts';
import {
  type AcceptedCrl,
  buildHashTable,
  type CrlScope,
  findHash,
  type HashTable,
  type RevocationAnswer,
  type RevocationQuery,
} from '../revocation/index.ts';

import { fromHex } from '../trust/material.ts';
import type {
  CertificateFacts,
  ChainTrust,
  ChainVerdict,
  CrlResults,
  MessageVerdict,
  StoredCrl,
  TrustContext,
  VoteJob,
  VoteOutcome,
} from '../trust/types.ts';
import { type SignatureJob, verifyAll } from './arithmetic.ts';
import { type CertificateInfo, examineAll, STRICTLY } from './certificate-info.ts';
import { checkAnchors } from './chain-checks.ts';
import type { ChainNode } from './chain-node.ts';
import { hashAll, hashOf } from './hashing.ts';
import { octetKey } from './octets.ts';
import { signerHash } from './pairing.ts';
import type { RevocationLookup, ScopeLookup } from './revocation.ts';
import { Verifier } from './verifier.ts';

/** Certificates whose facts, and whose self-signature, are remembered: electors and roots come with every bundle. */
const REMEMBERED = 1024;

/** The kernel that trust decisions verify with. */
export interface TrustContextOptions {
  readonly kernel?: KernelName | 'auto';
  readonly kernelInstance?: Kernel;
}

/** Creates the context in which the verifier and its kernel do the arithmetic of root management. */
export function createTrustContext({ kernel = 'auto', kernelInstance }: TrustContextOptions = {}): TrustContext {
  return new VerifierContext(kernelInstance ?? createKernel(kernel));
}

/** A map that forgets what was put in first. */
class Memory<T> {
  private readonly entries = new Map<string, T>();

  get(key: string): T | undefined {
    return this.entries.get(key);
  }

  set(key: string, value: T): void {
    this.entries.set(key, value);
    const [oldest] = this.entries.keys();
    if (this.entries.size > REMEMBERED && oldest !== undefined) this.entries.delete(oldest);
  }
}

class VerifierContext implements TrustContext {
  private readonly kernel: Kernel;
  private readonly facts = new Memory<CertificateInfo>();
  private readonly recalled = new Memory<CertificateInfo>();
  private readonly anchors = new Memory<ChainNode>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  hash(algorithm: 'sha256' | 'sha384', octets: Uint8Array): Uint8Array {
    return algorithm === 'sha384' ? sha384(octets) : sha256(octets);
  }

  recall(certificate: string): CertificateFacts {
    const known = this.recalled.get(certificate);
    if (known !== undefined) return known;
    const [info] = this.examine([decodeOrThrow(Certificate, fromHex(certificate))]) as [CertificateInfo];
    this.recalled.set(certificate, info);
    return info;
  }

  examine(certificates: readonly Certificate[]): CertificateInfo[] {
    const keys = certificates.map(({ encoded }) => octetKey(encoded as Uint8Array));
    const fresh = new Map<string, Certificate>();
    const found = keys.map((key, i) => {
      const known = this.facts.get(key);
      // On octets of their own: a view would keep the whole artefact alive that it came in.
      const { encoded } = certificates[i] as Certificate;
      if (known === undefined && !fresh.has(key)) {
        fresh.set(key, decodeOrThrow(Certificate, (encoded as Uint8Array).slice()));
      }
      return known;
    });
    const infos = new Map<string, CertificateInfo>();
    examineAll(this.kernel, [...fresh.values()], STRICTLY).forEach((info, i) => {
      const key = [...fresh.keys()][i] as string;
      infos.set(key, info);
      this.facts.set(key, info);
    });
    return keys.map((key, i) => found[i] ?? (infos.get(key) as CertificateInfo));
  }

  checkAnchors(certificates: readonly CertificateFacts[]): (readonly Finding[])[] {
    return this.anchorsOf(certificates).map(({ findings }) => findings);
  }

  /** Keys and self-signatures, each computed once. */
  private anchorsOf(certificates: readonly CertificateFacts[]): ChainNode[] {
    const infos = certificates as readonly CertificateInfo[];
    const fresh = [...new Map(infos.map((info) => [info.key, info])).values()].filter(
      ({ key }) => this.anchors.get(key) === undefined,
    );
    const node = new Map(checkAnchors(this.kernel, fresh).map((one) => [one.info.key, one]));
    for (const [key, one] of node) this.anchors.set(key, one);
    return infos.map(({ key }) => (node.get(key) ?? this.anchors.get(key)) as ChainNode);
  }

  verifySignatures(jobs: readonly VoteJob[]): VoteOutcome[] {
    const signers = this.anchorsOf(jobs.map(({ signer }) => signer));
    const hashes = hashAll(
      this.kernel,
      jobs.map(({ algorithm, data }) => ({ algorithm, octets: data })),
    );
    const ready: { index: number; job: SignatureJob }[] = [];
    jobs.forEach(({ algorithm, signature }, index) => {
      const { info, key } = signers[index] as ChainNode;
      if (key === undefined) return;
      const dataHash = hashes[index] as Uint8Array;
      ready.push({ index, job: { algorithm, dataHash, signerHash: signerHash(info, algorithm), signature, key } });
    });
    const outcomes = new Array<VoteOutcome>(jobs.length).fill('bad');
    verifyAll(
      this.kernel,
      ready.map(({ job }) => job),
    ).forEach((outcome, i) => {
      // Anchors have keys of their own: no other outcome is possible.
      outcomes[(ready[i] as { index: number }).index] = outcome === 'ok' || outcome === 'unsupported' ? outcome : 'bad';
    });
    return outcomes;
  }

  verifyCertificates(trust: ChainTrust, certificates: readonly Uint8Array[]): ChainVerdict[] {
    const items = certificates.map((bytes) => ({ kind: 'certificate' as const, bytes }));
    return this.verifierFor(trust)
      .verify(items)
      .map(({ verdict, code, detail }) => ({ ok: verdict === 'valid', code, detail }));
  }

  verifyMessages(trust: ChainTrust, messages: readonly Uint8Array[]): MessageVerdict[] {
    const verdicts = this.verifierFor(trust).verify(messages.map((bytes) => ({ kind: 'message' as const, bytes })));
    return verdicts.map(({ verdict, code, detail }, i) => {
      const signer = this.signerOf(messages[i] as Uint8Array, trust);
      return { ok: verdict === 'valid', code, detail, signer };
    });
  }

  verifyCrls(trust: ChainTrust, crls: readonly Uint8Array[]): CrlResults {
    const inputs = [...trust.crls, ...crls].map((bytes) => ({ bytes, source: toHex(sha256(bytes)) }));
    const previous = inputs.slice(0, trust.crls.length);
    const verifier = this.verifierFor({ ...trust, crls: [] });
    const { verdicts, accepted } = verifier.verifyCrls(inputs.slice(trust.crls.length), { previous });
    const octetsOf = new Map(inputs.map(({ bytes, source }) => [source, bytes]));
    return {
      verdicts: verdicts.map(({ verdict, code, detail, craca }) => ({ ok: verdict === 'valid', code, detail, craca })),
      inForce: accepted.map((crl) => storedOf(crl, octetsOf)),
    };
  }

  /** A verifier for one verification: what it learns must not outlive the trust it was learned under. */
  private verifierFor({ roots, certificates, crls, removedRoots, at }: ChainTrust): Verifier {
    const options = {
      trust: { roots, certificates, removedRoots },
      at,
      kernelInstance: this.kernel,
      fastPath: false,
    } as const;
    if (crls.length === 0) return new Verifier(options);
    const previous = crls.map((bytes) => ({ bytes, source: toHex(sha256(bytes)) }));
    const { accepted } = new Verifier(options).verifyCrls([], { previous });
    return new Verifier({ ...options, revocationIndex: new HashLookup(accepted), overdue: 'ignore' });
  }

  /** The certificate that a message names as its signer: the one attached, or the one known by that HashedId8. */
  private signerOf(message: Uint8Array, { certificates }: ChainTrust): Certificate | undefined {
    const decoded = decode(Ieee1609Dot2Data, message);
    if (!decoded.ok || decoded.value.content.tag !== 'signedData') return undefined;
    const { signer } = decoded.value.content.value as SignedData;
    if (signer.tag === 'certificate') return signer.value[0];
    if (signer.tag !== 'digest') return undefined;
    const wanted = toHex(signer.value);
    const known = certificates.map((octets) => this.recall(toHex(octets)));
    const matches = known.filter(({ certificate, canonical }) => {
      return toHex(hashOf(wholeCertificateHash(certificate), canonical).slice(-8)) === wanted;
    });
    // Eight bytes can be shared by several certificates, and then do not tell which is meant. Encodings of one certificate are one.
    const identities = new Set(matches.map(({ hash }) => toHex(hash)));
    return identities.size === 1 ? matches[0]?.certificate : undefined;
  }
}

/** A line of CRLs in force, with the octets of each; sources are their SHA-256. */
function storedOf(crl: AcceptedCrl, octetsOf: ReadonlyMap<string, Uint8Array>): StoredCrl {
  const { scope, craca, issueDate, nextCrl, serial, iRev = null } = crl;
  const parts = crl.source.split(' + ').map((id) => ({ sha256: id, octets: toHex(octetsOf.get(id) as Uint8Array) }));
  return { root: scope.root, craca, crlSeries: scope.crlSeries, issueDate, nextCrl, serial, iRev, parts };
}

const keyOfScope = ({ root, cracaId, crlSeries }: CrlScope): string => `${root} ${cracaId} ${crlSeries}`;

/** Component certificates are revoked by their hashes: no period has to be expanded to find them. */
class HashLookup implements RevocationLookup {
  private readonly scopes = new Map<string, HashScope>();

  constructor(accepted: readonly AcceptedCrl[]) {
    for (const crl of accepted) {
      if (crl.hashes === undefined) continue;
      const key = keyOfScope(crl.scope);
      const scope = this.scopes.get(key) ?? new HashScope();
      this.scopes.set(key, scope);
      scope.add(crl, buildHashTable(crl.hashes));
    }
  }

  scopeOf(scope: CrlScope): HashScope | undefined {
    return this.scopes.get(keyOfScope(scope));
  }
}

class HashScope implements ScopeLookup {
  private readonly crls: { readonly crl: AcceptedCrl; readonly table: HashTable }[] = [];

  add(crl: AcceptedCrl, table: HashTable): void {
    this.crls.push({ crl, table });
  }

  check({ hashedId10s }: RevocationQuery): RevocationAnswer {
    for (const { crl, table } of this.crls) {
      const entry = Math.max(...hashedId10s.map((id) => findHash(table, id)));
      if (entry < 0) continue;
      const { id, source, craca, nextCrl, scope } = crl;
      const hit = { crl: id, source, craca, series: scope.crlSeries, rule: 'hash' as const, entry };
      return { state: 'revoked', nextCrl, hit };
    }
    return { state: 'notRevoked', nextCrl: Math.max(...this.crls.map(({ crl }) => crl.nextCrl)) };
  }
}
