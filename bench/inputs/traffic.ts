/** What an SCMS of the testbed issues and its devices send: octets, as they would come in. The same on every machine. */
import {
  type Credential,
  createScms,
  PSEUDONYMS_PER_WEEK,
  PSID_BSM,
  pseudonyms,
  Random,
  type Scms,
  signMessage,
} from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import type { Item, VerifierOptions } from '../../src/verifier/index.ts';
import { must } from '../measure.ts';

/** Octets of a basic safety message. */
const PAYLOAD_OCTETS = 38;
const RECURRING_SENDERS = 16;
/** A recurring sender attaches its certificate to its first message and to every fifth: that is what field data shows. */
const ATTACH_EVERY = 5;
/** More than anything here asks for; credentials are made when they are. */
const MOST_DEVICES = 10_000;

/** Items, and the code that each verdict has to have. */
export interface Load {
  readonly items: readonly Item[];
  readonly codes: readonly Verdict['code'][];
}

export class Traffic {
  private readonly scms: Scms = createScms({ seed: 'bench' });
  private readonly random = new Random('bench traffic');
  private readonly senders = {
    explicit: new Supply(pseudonyms(this.scms, { devices: MOST_DEVICES, explicit: true })),
    implicit: new Supply(pseudonyms(this.scms, { devices: MOST_DEVICES })),
  };
  private readonly attached = { explicit: [] as Item[], implicit: [] as Item[] };
  /** Each message of its own time. */
  private sent = 0n;

  /** Trust in the SCMS, at a time when all of it is valid. */
  get options(): VerifierOptions {
    return { trust: this.scms.trust(), at: this.scms.at };
  }

  /** Explicit certificates of the PCA, their signatures x-only: from `first` on, so many. */
  certificates(first: number, count: number): Load {
    const senders = this.senders.explicit.take(first, count);
    return good(senders.map(({ bytes }) => ({ kind: 'certificate', bytes })));
  }

  /** A message of each sender from `first` on, with its certificate, R compressed. */
  firstMessages(form: 'explicit' | 'implicit', first: number, count: number): Load {
    const attached = this.attached[form];
    const senders = this.senders[form].take(0, first + count);
    for (let i = attached.length; i < senders.length; i++) {
      attached.push(this.message(senders[i] as Credential, 'certificate'));
    }
    return good(attached.slice(first, first + count));
  }

  /** Messages of 16 senders with implicit certificates in turn, as deployed. The first of each brings its certificate. */
  recurringMessages(count: number): Load {
    const senders = this.senders.implicit.take(0, RECURRING_SENDERS);
    const items = Array.from({ length: count }, (_, i) => {
      const isAttached = Math.floor(i / RECURRING_SENDERS) % ATTACH_EVERY === 0;
      return this.message(senders[i % RECURRING_SENDERS] as Credential, isAttached ? 'certificate' : 'digest');
    });
    return good(items);
  }

  /** The same load after somebody changed the last octet of one message: the end of its signature's s. */
  planted({ items, codes }: Load): Load {
    const victim = this.random.below(items.length);
    const bytes = (items[victim] as Item).bytes.slice();
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    return {
      items: items.with(victim, { kind: 'message', bytes }),
      codes: codes.with(victim, 'badSignature'),
    };
  }

  private message(sender: Credential, signer: 'certificate' | 'digest'): Item {
    const generationTime = this.scms.at + 1000n * this.sent++;
    const payload = this.random.bytes(PAYLOAD_OCTETS);
    return { kind: 'message', bytes: signMessage(sender, { psid: PSID_BSM, payload, generationTime, signer }) };
  }
}

function good(items: Item[]): Load {
  return { items, codes: new Array(items.length).fill('ok') };
}

/** The first entries of a generator, made when they are first asked for. */
class Supply<T> {
  private readonly made: T[] = [];
  private readonly source: Iterator<T>;

  constructor(source: Iterator<T>) {
    this.source = source;
  }

  take(first: number, count: number): T[] {
    while (this.made.length < first + count) {
      const { done, value } = this.source.next();
      if (done) throw new RangeError(`more than ${MOST_DEVICES * PSEUDONYMS_PER_WEEK} senders`);
      this.made.push(value);
    }
    return this.made.slice(first, first + count);
  }
}

/** The parts of a load, so many items each. */
export function partsOf({ items, codes }: Load, size: number): Load[] {
  return Array.from({ length: Math.floor(items.length / size) }, (_, i) => ({
    items: items.slice(size * i, size * (i + 1)),
    codes: codes.slice(size * i, size * (i + 1)),
  }));
}

export function checkVerdicts(verdicts: readonly Verdict[], { codes }: Load): void {
  must(verdicts.length === codes.length, `${verdicts.length} verdicts on ${codes.length} items`);
  for (const [i, { code }] of verdicts.entries()) {
    if (code !== codes[i]) must(false, `item ${i} is ${code}, not ${codes[i]}`);
  }
}
