import { toHex } from '../coer/index.ts';
import { failuresBy, verifiedAt } from '../rules/index.ts';
import type { BatchContext } from './batch-context.ts';
import { hashedId8Text } from './certificate-info.ts';
import { type ChainNode, failuresOf, isProven } from './chain-node.ts';
import type { Examined } from './explain.ts';
import { checkRevocation, mustFail, usedLeniencies } from './item-revocation.ts';
import { compressedKey, isMade } from './keys.ts';
import type { VerifierState } from './state.ts';
import type { CertificateWork } from './work.ts';

/** Everything about a certificate item; changes nothing. */
export function examineCertificate(
  state: VerifierState,
  { item, list }: CertificateWork,
  context: BatchContext,
): Examined & { readonly node: ChainNode } {
  const node = list.nodes.find(isProven) ?? (list.nodes[0] as ChainNode);
  const { info, trust, key } = node;
  const facts = {
    type: info.certificate.type,
    trust,
    validity: info.period,
    verifiedAt: verifiedAt(context.receiver, info.period),
  };
  const failures = [...failuresOf(node, 0), ...failuresBy(state.book.certificateItem, facts)];
  // An anchor or a pin is valid by decision; everything else by a signature that was seen to verify.
  const isTrustedItself = node.issuer === undefined && trust !== 'none';
  if (node.signature !== 'ok' && !isTrustedItself) mustFail(failures);
  const { revocationStatus, said } = checkRevocation(state, node, 0, failures, context);
  const known = {
    hashedId8: hashedId8Text(info),
    signature: node.signature,
    ...said,
    trust,
    ...usedLeniencies(node, said),
    publicKey: key && isMade(key) ? toHex(compressedKey(key)) : null,
  };
  return { item, failures, known, node, revocationStatus };
}
