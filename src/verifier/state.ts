import type { Kernel } from '../kernel/kernel.ts';
import type { ReplayMemory } from '../messages/index.ts';
import type { RuleBook } from '../rules/index.ts';
import type { FastPath } from './fast/fast-path.ts';
import type { LearnedSigners } from './learned.ts';
import type { Revocation } from './revocation.ts';
import type { SignatureMemory } from './signature-memory.ts';
import type { SignerLists } from './signer-lists.ts';
import type { TrustAnchors } from './trust-anchors.ts';

/**
 * What the steps of one verifier share: its kernel and rules, the trust material, and what it has learned. The verifier replaces the members
 * that depend on trust, CRLs or leniencies when those change; a step reads them at each use and never keeps one.
 */
export interface VerifierState {
  readonly kernel: Kernel;
  readonly book: RuleBook;
  readonly learned: LearnedSigners;
  readonly replays: ReplayMemory;
  trust: TrustAnchors;
  lists: SignerLists;
  memory: SignatureMemory;
  /** Undefined if no CRL is loaded and none is required. */
  revocation: Revocation | undefined;
  /** Undefined if everything takes the full path. */
  fast: FastPath | undefined;
}
