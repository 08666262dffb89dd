/** The rules on messages as the fast path checks them: derived from the rule book for each template. */
import { decode } from '../../coer/index.ts';
import { Ieee1609Dot2Data, type SignedData } from '../../dot2/index.ts';
import {
  applies,
  DERIVED_FROM,
  type ItemFacts,
  insideRegion,
  keeps,
  type Location,
  type MessageFacts,
  type Micros,
  type Period,
  type Receiver,
  type ReceiverFacts,
  type Rule,
  type RuleBook,
  type SignerFacts,
  verifiedAt,
} from '../../rules/index.ts';
import { wordAt } from '../octets.ts';
import type { BatchReceiver } from '../receiver.ts';
import type { Rights } from '../signatory.ts';
import type { Item, Policy } from '../types.ts';
import type { Span } from './byte-template.ts';
import type { MessageFields } from './message-fields.ts';
import { FILLINGS, filled, isFixed } from './template-facts.ts';

type Fact = keyof MessageFacts & string;

/** Facts that the fast path has for every item, beside those of the message itself. */
const GIVEN: ReadonlySet<string> = new Set<keyof (ItemFacts & SignerFacts & ReceiverFacts)>([
  'lowerLayerPsid',
  'appPsids',
  'signerValidity',
  'signerRegion',
  'trust',
  'at',
  'verifiedAt',
  'requireLocation',
  'earliestGeneration',
  'latestGeneration',
  'checkExpiry',
  'checkCertificateExpiry',
  'position',
]);

/** Those of them that a policy leaves out or brings. */
const OF_POLICY: ReadonlySet<string> = new Set<keyof ReceiverFacts>([
  'requireLocation',
  'earliestGeneration',
  'latestGeneration',
  'checkExpiry',
  'checkCertificateExpiry',
  'position',
]);

/** Facts that every item has to which a rule is left that needs them. */
const PRESENT: ReadonlySet<string> = new Set<Fact>(['generationTime', 'expiryTime', 'generationLocation']);

/** High words from which on a time is no safe integer: such messages are checked by the full path. */
const UNSAFE_HIGH = 2 ** 21;
const WORD = 2 ** 32;

/** The facts of the item at hand. One for each template: what it fixes stays, the rest is written for each item. */
class FastFacts implements MessageFacts {
  protocolVersion = 3;
  hashId = '';
  signerAlternative = undefined;
  signatureAlternative = undefined;
  extDataHashAlternative = undefined;
  rSigForm = 'x' as const;
  payloadKinds = '';
  omitsPayload = false;
  extDataHash = undefined;
  encryptionKey = undefined;
  psid = -1;
  generationTime: Micros | undefined = undefined;
  expiryTime: Micros | undefined = undefined;
  generationLocation: { latitude: number; longitude: number } | undefined = undefined;
  lowerLayerPsid: number | undefined = undefined;
  externalDataHash = undefined;
  appPsids: readonly number[] = [];
  signerValidity: Period = { start: 0, end: 0 };
  signerRegion: SignerFacts['signerRegion'] = undefined;
  trust: SignerFacts['trust'] = 'none';
  at: Micros = 0;
  verifiedAt: Micros = 0;
  requireLocation: true | undefined = undefined;
  earliestGeneration: Micros | undefined = undefined;
  latestGeneration: Micros | undefined = undefined;
  checkExpiry: true | undefined = undefined;
  checkCertificateExpiry: true | undefined = undefined;
  position: ReceiverFacts['position'] = undefined;
  private inside: boolean | undefined | null = null;

  get insideRegion(): boolean | undefined {
    if (this.inside === null) this.inside = insideRegion(this.signerRegion, this.generationLocation);
    return this.inside;
  }

  /** What is derived is derived again. */
  startItem(): void {
    this.inside = null;
  }
}

type Check = (facts: MessageFacts) => boolean;

/** What is left to check of an item that matches a template. */
export class MessageChecks {
  private readonly at: MessageFields;
  private readonly facts: FastFacts;
  private readonly rules: readonly Rule<MessageFacts>[];
  private readonly location: { latitude: number; longitude: number } = { latitude: 0, longitude: 0 };
  private policy: Policy | undefined = undefined;
  private checks: readonly Check[] = [];

  constructor(at: MessageFields, fixed: ReadonlyMap<string, unknown>, rules: readonly Rule<MessageFacts>[]) {
    this.at = at;
    this.rules = rules;
    this.facts = new FastFacts();
    for (const [fact, value] of fixed) (this.facts as unknown as Record<string, unknown>)[fact] = value;
  }

  /**
   * Whether the message whose HeaderInfo starts at `header` keeps every rule. False also if the full path has to find out.
   */
  pass(
    bytes: Uint8Array,
    header: number,
    item: Item,
    rights: Rights,
    period: Period,
    receiver: BatchReceiver,
  ): boolean {
    const { facts } = this;
    facts.startItem();
    if (!this.read(bytes, header)) return false;
    facts.lowerLayerPsid = item.lowerLayerPsid;
    facts.appPsids = rights.appPsids;
    facts.signerRegion = rights.signerRegion;
    facts.trust = rights.trust;
    facts.signerValidity = period;
    facts.at = receiver.at;
    facts.verifiedAt = verifiedAt(receiver, period);
    // Only these two limits move with the clock.
    facts.earliestGeneration = receiver.earliestGeneration;
    facts.latestGeneration = receiver.latestGeneration;
    if (receiver.policy !== this.policy) this.choose(receiver);
    const { checks } = this;
    for (let i = 0; i < checks.length; i++) if (!(checks[i] as Check)(facts)) return false;
    return true;
  }

  /** Whether the message that {@link pass} was just asked of was compared with its signer's region. */
  get wasRegionChecked(): boolean {
    return this.facts.insideRegion !== undefined;
  }

  /** Takes the open facts out of the bytes; false if one is out of the ordinary. */
  private read(bytes: Uint8Array, header: number): boolean {
    const { at, facts } = this;
    if (at.generationTime >= 0) {
      const time = timeAt(bytes, header + at.generationTime);
      if (time < 0) return false;
      facts.generationTime = time;
    }
    if (at.expiryTime >= 0) {
      const time = timeAt(bytes, header + at.expiryTime);
      if (time < 0) return false;
      facts.expiryTime = time;
    }
    if (at.location >= 0) {
      this.location.latitude = wordAt(bytes, header + at.location);
      this.location.longitude = wordAt(bytes, header + at.location + 4);
      facts.generationLocation = this.location;
    }
    return true;
  }

  /** Leaves out what a policy does not ask for. */
  private choose(receiver: BatchReceiver): void {
    const { facts } = this;
    this.policy = receiver.policy;
    facts.requireLocation = receiver.requireLocation;
    facts.checkExpiry = receiver.checkExpiry;
    facts.checkCertificateExpiry = receiver.checkCertificateExpiry;
    facts.position = receiver.position;
    const isMissing = (fact: Fact): boolean => OF_POLICY.has(fact) && receiver[fact as keyof Receiver] === undefined;
    this.checks = this.rules
      .filter(({ given }) => !given.some(isMissing))
      .map((rule) => {
        const isCertain =
          rule.lacking.length === 0 && rule.given.every((fact) => PRESENT.has(fact) || OF_POLICY.has(fact));
        return isCertain ? rule.holds : (one) => keeps(rule, one);
      });
  }
}

/** A time as a safe integer; −1 for any other. */
function timeAt(bytes: Uint8Array, at: number): number {
  const high = wordAt(bytes, at) >>> 0;
  return high < UNSAFE_HIGH ? high * WORD + (wordAt(bytes, at + 4) >>> 0) : -1;
}

/** What a template is made of. */
export interface MessageExample {
  readonly bytes: Uint8Array;
  readonly header: number;
  readonly data: Ieee1609Dot2Data;
  readonly signed: SignedData;
  readonly at: MessageFields;
  /** Open fields, counted from `header`, the attached certificates left out. */
  readonly open: readonly Span[];
}

/**
 * The checks for all messages that match a template. Undefined if a rule reads a fact that the template neither fixes nor can read: then
 * there is no template, and the full path checks them all.
 */
export function messageChecks(example: MessageExample, book: RuleBook): MessageChecks | undefined {
  const copies = copiesOf(example);
  if (copies === undefined) return undefined;
  const { at } = example;
  const factsOf = (data: Ieee1609Dot2Data): MessageFacts =>
    new book.factsOfMessage(data, withoutSigner(data), ITEM, NOT_GIVEN, NOT_GIVEN);
  const original = factsOf(example.data);
  const others = copies.map(({ data }) => factsOf(data));
  if (!readersAgree(example, original, copies, others)) return undefined;
  const isOpen = (fact: string): boolean =>
    (fact === 'generationTime' && at.generationTime >= 0) ||
    (fact === 'expiryTime' && at.expiryTime >= 0) ||
    (fact === 'generationLocation' && at.location >= 0);
  const isFixedFact = (fact: Fact): boolean => !GIVEN.has(fact) && !isDerived(fact) && isFixed(fact, original, others);
  const isKnown = (fact: Fact): boolean => {
    if (isDerived(fact)) return DERIVED_FROM[fact].every(isKnown);
    return GIVEN.has(fact) || isOpen(fact) || isFixedFact(fact);
  };

  const fixed = new Map<string, unknown>();
  const left: Rule<MessageFacts>[] = [];
  for (const rule of [...book.messageStructure, ...book.messageSigner, ...book.relevance]) {
    const isAbsent = (fact: Fact): boolean => !isOpen(fact) && isFixedFact(fact) && original[fact] === undefined;
    const isThere = (fact: Fact): boolean => isOpen(fact) || (isFixedFact(fact) && original[fact] !== undefined);
    if (rule.given.some(isAbsent) || rule.lacking.some(isThere)) continue;
    if (!rule.reads.every(isKnown)) return undefined;
    if (rule.reads.every((fact) => !isOpen(fact) && isFixedFact(fact))) {
      if (applies(rule, original) && !rule.holds(original)) return undefined;
      continue;
    }
    for (const fact of rule.reads) if (!isOpen(fact) && isFixedFact(fact)) fixed.set(fact, original[fact]);
    left.push(rule);
  }
  return new MessageChecks(at, fixed, left);
}

function isDerived(fact: string): fact is keyof typeof DERIVED_FROM {
  return Object.hasOwn(DERIVED_FROM, fact);
}

interface Copy {
  readonly bytes: Uint8Array;
  readonly data: Ieee1609Dot2Data;
}

/** x-only and both forms of compressed: the octets that a template takes for the form of rSig. */
const R_FORMS = [0x80, 0x82, 0x83];

/** Copies with other bytes in the payload and in all open fields, decoded; undefined if one does not decode. */
function copiesOf({ bytes, header, open, at }: MessageExample): Copy[] | undefined {
  const payload = payloadOf(bytes, header);
  const form = header + at.form;
  const fields: Span[] = [payload, ...open.map(([start, end]): Span => [start + header, end + header])];
  const copies: Copy[] = [];
  for (const [i, filling] of FILLINGS.entries()) {
    const copy = filled(bytes, fields, filling);
    copy[form] = R_FORMS[i] as number;
    const decoded = decode(Ieee1609Dot2Data, copy);
    if (!decoded.ok) return undefined;
    copies.push({ bytes: copy, data: decoded.value });
  }
  return copies;
}

/** The octets of the payload: everything between its length and HeaderInfo. */
function payloadOf(bytes: Uint8Array, header: number): Span {
  const first = bytes[6] as number;
  return [first < 0x80 ? 7 : 7 + (first & 0x7f), header];
}

/** Whether what is read at offsets is what the decoder found, in the example and in its copies. */
function readersAgree(
  { bytes, header, at }: MessageExample,
  original: MessageFacts,
  copies: readonly Copy[],
  others: readonly MessageFacts[],
): boolean {
  const agrees = (octets: Uint8Array, facts: MessageFacts): boolean =>
    isTimeAt(octets, header, at.generationTime, facts.generationTime) &&
    isTimeAt(octets, header, at.expiryTime, facts.expiryTime) &&
    isLocationAt(octets, header, at.location, facts.generationLocation);
  return agrees(bytes, original) && copies.every((copy, i) => agrees(copy.bytes, others[i] as MessageFacts));
}

function isTimeAt(bytes: Uint8Array, header: number, at: number, time: Micros | undefined): boolean {
  if (at < 0) return time === undefined;
  const [high, low] = [wordAt(bytes, header + at) >>> 0, wordAt(bytes, header + at + 4) >>> 0];
  return time !== undefined && BigInt(time) === (BigInt(high) << 32n) + BigInt(low);
}

function isLocationAt(bytes: Uint8Array, header: number, at: number, location: Location | undefined): boolean {
  if (at < 0) return location === undefined;
  if (location === undefined) return false;
  return wordAt(bytes, header + at) === location.latitude && wordAt(bytes, header + at + 4) === location.longitude;
}

/** Stands for what a fact of the message must not read. */
const NOT_GIVEN = new Proxy({} as never, {
  get(_, name): never {
    throw new Error(`${String(name)} is no part of what a template compares`);
  },
});

/** Items with external data take the full path. */
const ITEM: ItemFacts = {
  externalDataHash: undefined,
  get lowerLayerPsid(): never {
    throw new Error('the layer below is no part of what a template compares');
  },
};

/** The signed data, of which nothing can be read that came in the signer field: a template compares no certificate there. */
function withoutSigner({ content }: Ieee1609Dot2Data): SignedData {
  if (content.tag !== 'signedData') throw new Error(`${content.tag} in place of signedData`);
  const signed = content.value as SignedData;
  const { signer } = signed;
  if (signer.tag !== 'certificate') return signed;
  return { ...signed, signer: { tag: 'certificate', value: NOT_GIVEN } as SignedData['signer'] };
}
