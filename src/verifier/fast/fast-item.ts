import type { BatchContext } from '../batch-context.ts';
import type { ImplicitKey } from '../keys.ts';
import type { RevocationStatus } from '../revocation-status.ts';
import type { Signer } from '../signer.ts';
import type { Item } from '../types.ts';
import type { CertificateTemplate } from './certificate-template.ts';
import type { MessageTemplate } from './message-template.ts';

/** How far an item has come. */
export const Stage = { waiting: 0, queued: 1, passed: 2, handedOver: 3 } as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

/** An item in the fast path. Everything that is filled in later has its place from the start: one hidden class. */
export class FastItem {
  readonly index: number;
  readonly item: Item;
  readonly bytes: Uint8Array;
  /** A certificate by itself, or one that is attached and not known: its template, and where it starts. */
  template: CertificateTemplate | undefined = undefined;
  base = 0;
  print = 0;
  frame: MessageTemplate | undefined = undefined;
  header = 0;
  /** Who signed the message, where that is known. */
  signer: Signer | undefined = undefined;
  /** Time and policy for this item. */
  readonly under: BatchContext;
  /** Names signer and tbsData, if replays are looked for. */
  replayKey = '';
  /** The message of this batch that attaches the same certificate before this one. */
  first: FastItem | undefined = undefined;
  stage: Stage = Stage.waiting;
  regionChecked = false;
  /** Ids of the round. */
  data = -1;
  signature = -1;
  issued = -1;
  point = -1;
  tbsHash = -1;
  hash = -1;
  /** Certificates by themselves. */
  hashedId8 = '';
  publicKey = '';
  /** Hash of the certificate, where CRLs are asked for it. */
  digest: Uint8Array | undefined = undefined;
  /** What CRLs say of its certificate; undefined where none is asked. */
  revocationStatus: RevocationStatus | undefined = undefined;
  reconstruction: ImplicitKey | undefined = undefined;
  reconstructed: Uint8Array | undefined = undefined;

  constructor(index: number, item: Item, under: BatchContext) {
    this.index = index;
    this.under = under;
    this.item = item;
    this.bytes = item.bytes;
  }
}

/** Whether an item has passed that brings a certificate of its own. */
export function isNew({ template, stage }: FastItem): boolean {
  return template !== undefined && stage === Stage.passed;
}
