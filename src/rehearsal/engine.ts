/** What answers in a rehearsal: the trust engine and the verifier, both for real. Tests put broken engines here. */

import { toHex } from '../coer/index.ts';
import type { KernelName } from '../kernel/kernel.ts';
import { createKernel } from '../kernel/load.ts';
import { buildRevocation } from '../revocation/build.ts';
import type { RevocationData } from '../revocation/index.ts';
import {
  applyBundle,
  createTrustState,
  crlsOf,
  type TrustContext,
  type TrustState,
  trustMaterialOf,
} from '../trust/index.ts';
import type { Verdict } from '../verdict/index.ts';
import { Verifier } from '../verifier/index.ts';
import { createTrustContext } from '../verifier/trust-context.ts';
import type { Item } from '../verifier/types.ts';
import { toleranceSeconds } from './overdue.ts';
import { rememberingContext } from './remembering.ts';

/** The trust engine and the verifier that a rehearsal asks. */
export interface Engine {
  readonly createTrustState: typeof createTrustState;
  readonly applyBundle: typeof applyBundle;
  readonly context: TrustContext;
  /** Verifies items under the trust of a state and the CRLs it holds. */
  judge(question: JudgeQuestion): Promise<Verdict[]>;
}

export interface JudgeQuestion {
  readonly state: TrustState;
  /** CA certificates that are at hand; they are trusted for nothing. */
  readonly help: readonly Uint8Array[];
  readonly items: readonly Item[];
  /** TAI microseconds. */
  readonly at: bigint;
  /** What becomes of messages whose CRL is overdue (C7). */
  readonly overdue: 'reject' | 'ignore';
}

/** The kernel of an engine, and its trust engine. */
export interface EngineOptions {
  readonly kernel?: KernelName | 'auto';
  /** Other rules of trust than ours, for tests that have to notice. @internal */
  readonly applyBundle?: typeof applyBundle;
}

/**
 * Makes the engine of a rehearsal.
 * @throws Error if the kernel named cannot run here.
 */
export function createEngine({ kernel = 'auto', applyBundle: apply = applyBundle }: EngineOptions = {}): Engine {
  const kernelInstance = createKernel(kernel);
  const context = rememberingContext(createTrustContext({ kernelInstance }));
  const revocations = new WeakMap<TrustState, Promise<RevocationData>>();
  const verifiers = new WeakMap<TrustState, Map<string, Verifier>>();

  function verifierOf({ state, help, at, overdue }: JudgeQuestion, revocation?: RevocationData): Verifier {
    const { certificates, ...trust } = trustMaterialOf(state);
    return new Verifier({
      trust: { ...trust, certificates: [...certificates, ...help] },
      at,
      overdue,
      overdueToleranceSeconds: toleranceSeconds(state, at),
      kernelInstance,
      fastPath: false,
      ...(revocation ? { revocation } : {}),
    });
  }

  /** The CRLs of a state, verified again and expanded as needed. */
  function revocationOf(question: JudgeQuestion): Promise<RevocationData> {
    const known = revocations.get(question.state);
    if (known !== undefined) return known;
    const crls = crlsOf(question.state).map((bytes, i) => ({ bytes, source: `CRL ${i}` }));
    const { accepted } = verifierOf(question).verifyCrls(crls);
    const built = buildRevocation(accepted, { periods: [] });
    revocations.set(question.state, built);
    return built;
  }

  return {
    createTrustState,
    applyBundle: apply,
    context,
    async judge(question) {
      const revocation = await revocationOf(question);
      const { state, help, at, overdue } = question;
      const ofState = verifiers.get(state) ?? new Map<string, Verifier>();
      verifiers.set(state, ofState);
      const key = [at, overdue, ...help.map(toHex)].join(' ');
      const verifier = ofState.get(key) ?? verifierOf(question, revocation);
      ofState.set(key, verifier);
      return verifier.verify(question.items);
    },
  };
}
