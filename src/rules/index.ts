/**
 * Every rule that decides a verdict, declared once, with the facts that it reads in its type. Pure: no arithmetic kernel, no I/O, no
 * clock. Rules whose facts are in the verifier's state (keys, signatures, replays) are declared in `stateful-rules.ts` and evaluated there.
 */
export {
  type CertificateFacts,
  type CertificateItemFacts,
  type ChainFacts,
  DecodedCertificateFacts,
  requestReading,
  type StructureFacts,
} from './certificate-facts.ts';
export { CERTIFICATE_RULES } from './certificate-rules.ts';
export { CERTIFICATE_ITEM_RULES, CHAIN_LENGTH_RULES, CHAIN_RULES, MAX_CHAIN, MAX_UNPROVEN } from './chain-rules.ts';
export {
  DERIVED_FROM,
  DecodedFacts,
  DecodedMessageFacts,
  type ItemFacts,
  insideRegion,
  type Location,
  type MessageFacts,
  type Receiver,
  type ReceiverFacts,
  type SignedFacts,
  type SignerFacts,
  verifiedAt,
} from './message-facts.ts';
export { MESSAGE_SIGNER_RULES, MESSAGE_STRUCTURE_RULES } from './message-rules.ts';
export { type Micros, micros, type Period, periodOf, text } from './micros.ts';
export { RELEVANCE_RULES } from './relevance-rules.ts';
export { REVOCATION_RULES, type RevocationFacts } from './revocation-rules.ts';
export { applies, brokenBy, failuresBy, keeps, type Rule, rulesOver } from './rule.ts';
export { RULE_BOOK, type RuleBook } from './rule-book.ts';
export { STATEFUL_RULES, type StatefulRule } from './stateful-rules.ts';
