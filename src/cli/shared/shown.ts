import type { TraceNode } from '../../coer/index.ts';
import type { StructureKind } from '../../dot2/index.ts';
import type { InputRecord } from '../../readers/index.ts';
import type { ArtefactDescription } from '../../trust/describe.ts';

/** What is shown: a structure that readers know, or a ballot by itself. */
export type ShownKind = StructureKind | 'electorBallot';

/** A structure, decoded as far as it goes. */
export interface Shown {
  readonly record: InputRecord;
  /** The kind that fits best where nothing decodes. */
  readonly kind: ShownKind;
  readonly tree: TraceNode;
  readonly error: { code: string; offset: number; path: string; detail: string } | undefined;
  /** What it says as an artefact of root management, if it is one. */
  readonly artefact?: ArtefactDescription | undefined;
}
