/** What an SCMS of the testbed issues and its devices send: octets, as they would come in. The same on every machine. */
import {
  type Credential,
  createScms,
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
const PAYLOAD_BYTES = 38;
const RECURRING_SENDERS = 16;
/** That is what field data shows. */
const ATTACH_EVERY = 5;
/** More than anything here asks for; credentials are made when they are. */
const MOST_DEVICES = 10_000;

/** Items, and the code that each verdict has to have. */
export interface Load {
  readonly items: readonly Item[];
  readonly codes: readonly Verdict['code'][];
}

export class Traffic {
  readonly scms: Scms = createScms({ seed: 'bench' });
  private readonly random = new Random('bench traffic');
  /** Devices, each with its certificate and the first message that it sends. */
  private readonly devices = {
    explicit: new Supply(this.firstWords('explicit')),
    implicit: new Supply(this.firstWords('implicit')),
  };
  /** Who sends again and again. */
  readonly recurring: readonly Credential[] = [...pseudonyms(this.scms, { devices: 1, perWeek: RECURRING_SENDERS })];
  private readonly sendAgain = this.sending('recurring');

  /** Trust in the SCMS, at a time when all of it is valid. */
  get options(): VerifierOptions {
    return { trust: this.scms.trust(), at: this.scms.at };
  }

  /** Explicit certificates of the PCA, their signatures x-only: from `first` on, so many. */
  certificates(first: number, count: number): Load {
    return good(this.devices.explicit.take(first, count).map(({ certificate }) => certificate));
  }

  /** A message of each device from `first` on, with its certificate, R compressed. */
  firstMessages(form: 'explicit' | 'implicit', first: number, count: number): Load {
    return good(this.devices[form].take(first, count).map(({ message }) => message));
  }

  /**
   * Other messages of the same 16 senders with implicit certificates in turn, as deployed. Each brings its certificate with its
   * first message here and with every fifth, and is named by digest in between.
   */
  recurringMessages(count: number): Load {
    const items = Array.from({ length: count }, (_, i) => {
      const isAttached = Math.floor(i / RECURRING_SENDERS) % ATTACH_EVERY === 0;
      return this.sendAgain(this.recurring[i % RECURRING_SENDERS] as Credential, isAttached ? 'certificate' : 'digest');
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

  private *firstWords(form: 'explicit' | 'implicit'): Generator<{ certificate: Item; message: Item }, never> {
    const send = this.sending(form);
    for (const device of pseudonyms(this.scms, { devices: MOST_DEVICES, explicit: form === 'explicit' })) {
      yield { certificate: { kind: 'certificate', bytes: device.bytes }, message: send(device, 'certificate') };
    }
    throw new RangeError(`more than ${MOST_DEVICES} devices`);
  }

  /** Makes messages, each of its own time and payload. */
  private sending(label: string): (sender: Credential, signer: 'certificate' | 'digest') => Item {
    const random = this.random.fork(label);
    let generationTime = this.scms.at;
    return (sender, signer) => {
      generationTime += 1000n;
      const payload = random.bytes(PAYLOAD_BYTES);
      return { kind: 'message', bytes: signMessage(sender, { psid: PSID_BSM, payload, generationTime, signer }) };
    };
  }
}

function good(items: Item[]): Load {
  return { items, codes: new Array(items.length).fill('ok') };
}

/** The first entries of a generator, made when they are first asked for. */
class Supply<T> {
  private readonly made: T[] = [];
  private readonly source: Generator<T, never>;

  constructor(source: Generator<T, never>) {
    this.source = source;
  }

  take(first: number, count: number): T[] {
    while (this.made.length < first + count) this.made.push(this.source.next().value);
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
