import type { CertificateItemFacts, ChainFacts, StructureFacts } from './certificate-facts.ts';
import { CERTIFICATE_RULES } from './certificate-rules.ts';
import { CERTIFICATE_ITEM_RULES, CHAIN_LENGTH_RULES, CHAIN_RULES } from './chain-rules.ts';
import { DecodedMessageFacts, type MessageFacts } from './message-facts.ts';
import { MESSAGE_SIGNER_RULES, MESSAGE_STRUCTURE_RULES } from './message-rules.ts';
import { RELEVANCE_RULES } from './relevance-rules.ts';
import { REVOCATION_RULES, type RevocationFacts } from './revocation-rules.ts';
import type { Rule } from './rule.ts';

/** All rules that a verifier checks, by what they are about. */
export interface RuleBook {
  /** A certificate by itself. */
  readonly certificate: readonly Rule<StructureFacts>[];
  /** A certificate under its issuer, whatever else is wrong with it. */
  readonly chainLength: readonly Rule<ChainFacts>[];
  /** A certificate under an issuer that is genuine. */
  readonly chain: readonly Rule<ChainFacts>[];
  readonly certificateItem: readonly Rule<CertificateItemFacts>[];
  /** A message by itself. */
  readonly messageStructure: readonly Rule<MessageFacts>[];
  /** A message under the certificate that signed it. */
  readonly messageSigner: readonly Rule<MessageFacts>[];
  /** The receiver's own limits. */
  readonly relevance: readonly Rule<MessageFacts>[];
  readonly revocation: readonly Rule<RevocationFacts>[];
  /** What the facts of a message are read by. */
  readonly factsOfMessage: typeof DecodedMessageFacts;
}

/** The rules of this program; a test may hand in others. */
export const RULE_BOOK: RuleBook = {
  certificate: CERTIFICATE_RULES,
  chainLength: CHAIN_LENGTH_RULES,
  chain: CHAIN_RULES,
  certificateItem: CERTIFICATE_ITEM_RULES,
  messageStructure: MESSAGE_STRUCTURE_RULES,
  messageSigner: MESSAGE_SIGNER_RULES,
  relevance: RELEVANCE_RULES,
  revocation: REVOCATION_RULES,
  factsOfMessage: DecodedMessageFacts,
};
