/**
 * What comes out of a rehearsal: `--format json` prints it and the HTML report draws it. Plain data throughout, which survives JSON
 * unchanged. Times are RFC 3339; electors, roots and parties go by the names that the scenario gives them.
 */
import type { DecisionKind, EndorsementType, TrustFlag, TrustMode } from '../trust/types.ts';
import type { Verdict } from '../verdict/index.ts';
import type { ResetAction, RevokedEntry } from './crl-reset.ts';
import type { ArtefactKind, EventKind, PartyDocument } from './types.ts';

/** An answer of a truth table; `-` if the object does not exist yet. */
export type Answer = 'Y' | 'N' | '-';
/** `?`: the parts of the question were answered differently. */
export type Got = Answer | '?';

/** One answer of one party about one object on one day: what NDJSON prints a line of. */
export interface Cell {
  readonly scenario: string;
  /** From 1. */
  readonly day: number;
  /** `*` if the question is about the whole system. */
  readonly party: string;
  readonly object: string;
  readonly expected: Answer;
  /** What engine or verifier answered. */
  readonly got: Got;
  /** `OK`, or the code of the decision or verdict. */
  readonly code: string;
  /** The reason in words. */
  readonly why: string;
  /** Whether `got` is `expected`, and `value`, `decision` and `verdict` are as they have to be. */
  readonly matched: boolean;
  /** Number of its row in {@link RehearsalResult.rows}. */
  readonly row: number;
  /** Set if the engine decided. */
  readonly decision?: DecisionKind;
  readonly expectedDecision?: DecisionKind;
  /** Set if the verifier gave the answer. */
  readonly verdict?: Verdict['verdict'];
  readonly expectedVerdict?: Verdict['verdict'];
  readonly value?: string;
  readonly expectedValue?: string;
  /** The cell as the sources word it, if that says more. */
  readonly text?: string;
}

/** A row of the truth table for one party; its cells are those of every day with its number. */
export interface Row {
  readonly row: number;
  readonly table: string | null;
  readonly object: string;
  readonly party: string;
  readonly note: string | null;
}

/** An artefact on its way. */
export interface Move {
  readonly artefact: string;
  readonly kind: ArtefactKind | 'enrolment' | 'certificates';
  readonly from: string;
  readonly to: readonly string[];
  /** Parties that it was meant for and that never got it. */
  readonly missedBy: readonly string[];
  readonly why: string;
  /** Its content, one line per part: `removeElector A, votes B C`. */
  readonly contents: readonly string[];
  readonly octets: number;
  /** Hex. */
  readonly sha256: string;
  /** The form that EEs get, if it is another: the local chain file of their RA. */
  readonly local: { readonly octets: number; readonly sha256: string } | null;
}

/** An elector or root by its name, with how messages and votes name it. */
export interface Named {
  readonly name: string;
  /** HashedId8, hex. */
  readonly hashedId8: string;
}

/** The state of a party at the end of a day. */
export interface PartyState {
  readonly revision: number;
  readonly mode: TrustMode;
  readonly quorum: number;
  readonly floor: number;
  readonly electors: readonly Named[];
  /** Electors that may yet be lost before nothing can be decided any more; negative once that is so. */
  readonly tolerance: number;
  readonly roots: readonly Named[];
  readonly tombstones: readonly (Named & { readonly role: 'elector' | 'root' })[];
  readonly pending: readonly {
    readonly kind: 'ballot' | 'ctl' | 'policy';
    /** `addRoot R2`, `CTL 3`. */
    readonly what: string;
    readonly effectiveTime: string;
    readonly votes: readonly string[];
  }[];
  readonly flags: readonly TrustFlag[];
  /** Newest chain files, `global` the gccfVersion, `local` `gccf.lccf`; null for none yet. */
  readonly chainFiles: { readonly global: string | null; readonly local: string | null };
  /** sequenceNumber of the CTL in force. */
  readonly ctl: number | null;
  /** Null: the device's own defaults. */
  readonly policy: { readonly policyId: string; readonly generationTime: string } | null;
  readonly crls: readonly {
    /** Name of the root it is under. */
    readonly root: string;
    readonly series: number;
    readonly issueDate: string;
    readonly nextCrl: string;
    /** Whether the tolerance after nextCrl has passed too. */
    readonly overdue: boolean;
  }[];
  /** Component certificates that validated, by tree. */
  readonly components: readonly { readonly root: string; readonly names: readonly string[] }[];
  /** Null for components. */
  readonly maySend: boolean | null;
  /** The root that its enrolment certificate is under; null for components. */
  readonly enrolledUnder: string | null;
  /** The root that the certificates it sends with are under; null for components and without one. */
  readonly certificatesUnder: string | null;
}

/** The kind of a node of a topology. */
export type NodeKind = 'elector' | 'root' | 'ca' | 'component' | 'ee';
/**
 * How the party sees the node. `degraded` and `frozen` are of trusted electors, when the quorum has no reserve left or cannot be
 * reached; `pending`: waits for its time; `revoked`: removed, or below a removed root; `unknown`: never heard of, or not
 * trusted yet.
 */
export type NodeState = 'trusted' | 'degraded' | 'frozen' | 'revoked' | 'pending' | 'unknown';

/** A certificate of a topology, with its state as a party sees it. */
export interface TopologyNode {
  /** Unique in its topology: `elector:A`, `root:R1`, `R1/pca`, `ee:EU`. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** Root of the tree it is in; null for electors. */
  readonly tree: string | null;
  readonly state: NodeState;
  /** Code of the decision or verdict behind the state; `OK` if trusted. */
  readonly code: string;
  readonly why: string;
}

/** A vote or an issued certificate, as a party sees it. */
export interface TopologyEdge {
  /** `vote`: an elector for a root or elector; `chain`: from issuer to what it issued. */
  readonly kind: 'vote' | 'chain';
  readonly from: string;
  readonly to: string;
  /** Votes: whether this party counted it when it came. Chains: whether it holds in this party's eyes. */
  readonly holds: boolean;
  /** What the vote proposes; null for chains. */
  readonly type: EndorsementType | null;
  readonly code: string;
  /** Votes: the day on which it was counted, 0 before the first; null for chains. */
  readonly countedOn: number | null;
}

/** The trust of the system as one party sees it. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

/** Votes of one proposition that reached a party on a day, counted. */
export interface Tally {
  readonly artefact: string;
  readonly part: string;
  /** `removeElector A`. */
  readonly proposition: string;
  readonly decision: DecisionKind;
  readonly code: string;
  readonly counted: number;
  readonly needed: number;
  /** Every vote, with why it was void (`V_REVOKED_ELECTOR`) or `OK`. Voters that no name is known of go by HashedId8. */
  readonly votes: readonly { readonly voter: string; readonly counted: boolean; readonly code: string }[];
  readonly effectiveTime: string | null;
}

/** A decision of the engine, in the scenario's names. */
export interface NamedDecision {
  readonly artefact: string;
  readonly part: string;
  /** `removeElector A`, `certificate R1/pca`, `crl R1`; the proposition alone without a subject. */
  readonly what: string;
  readonly decision: DecisionKind;
  readonly code: string;
  readonly detail: string;
}

/** One party at the end of one day. */
export interface PartyDay {
  readonly party: string;
  /** Artefacts that reached it today. */
  readonly received: readonly string[];
  readonly missed: readonly string[];
  readonly decisions: readonly NamedDecision[];
  readonly tallies: readonly Tally[];
  readonly state: PartyState;
  readonly topology: Topology;
  /** Rows of the table that it now answers Y to, and those it answers N to, in words. */
  readonly accepts: readonly string[];
  readonly refuses: readonly string[];
  /** What its flags mean and what follows, and what the next day takes from it, a sentence each. */
  readonly notes: readonly string[];
}

/** Something that is not as it was the day before. */
export interface Change {
  readonly party: string;
  readonly what:
    | 'elector'
    | 'root'
    | 'tombstone'
    | 'pending'
    | 'flag'
    | 'policy'
    | 'chainFile'
    | 'ctl'
    | 'crl'
    | 'object';
  /** `elector A`, or the object of the row. */
  readonly item: string;
  readonly before: string;
  readonly after: string;
}

/** Something that happened, in the order of the day. */
export interface DayEvent {
  readonly kind: EventKind;
  /** The artefact made or moved; the EE that its RA accepted or refused. */
  readonly name: string;
  /** The party that made or moved it; null if the scenario names none. */
  readonly from: string | null;
  readonly to: readonly string[];
  /** `OK`, or the code of the verdict or decision that was in the way. */
  readonly code: string;
  readonly why: string;
  /** One line a part. */
  readonly contents: readonly string[];
}

/** The actions of a reset of CRLs on all revoked entries (rules K1–K12). */
export interface ResetResult {
  /** The artefact that carries the CRLs. */
  readonly artefact: string;
  /** The root that takes over. */
  readonly root: string;
  readonly entries: readonly ResetEntry[];
  /** CRLs that were issued, those without entries too (K10). */
  readonly crls: readonly { readonly series: number; readonly entries: readonly string[] }[];
}

/** The action of a reset on one entry, and its rule. */
export interface ResetEntry {
  readonly name: string;
  readonly kind: RevokedEntry['kind'];
  /** The root that it was revoked under. */
  readonly root: string;
  readonly action: ResetAction;
  readonly rule: string;
  readonly why: string;
  /** Series of the CRL that names it now; null if none does. */
  readonly series: number | null;
  /** Linkage entries that stay: the period of the seeds before and now. */
  readonly seeds: { readonly before: number; readonly now: number } | null;
  /** Whether the artefact has it. Entries carried over to RAs are in no artefact. */
  readonly inArtefact: boolean;
}

/** A sentence of the source text, with the cells of its day that show it. */
export interface SentenceResult {
  /** From 1, of its day. */
  readonly ordinal: number;
  readonly says: string;
  readonly note: string | null;
  readonly shown: readonly Pick<Cell, 'row' | 'object' | 'party' | 'expected' | 'got' | 'matched'>[];
}

/** The answers, artefacts and states of one day. */
export interface DayResult {
  readonly day: number;
  readonly title: string;
  /** What happens, in a few words. */
  readonly text: string;
  readonly sentences: readonly SentenceResult[];
  /** The time of all answers of this day. */
  readonly at: string;
  readonly moves: readonly Move[];
  readonly events: readonly DayEvent[];
  readonly resets: readonly ResetResult[];
  readonly parties: readonly PartyDay[];
  readonly cells: readonly Cell[];
  /** Empty on the first day. */
  readonly changes: readonly Change[];
}

/** The result of a whole rehearsal, as `--format json` prints it. */
export interface RehearsalResult {
  readonly format: 1;
  readonly scenario: {
    readonly name: string;
    readonly title: string;
    readonly summary: string;
    readonly form: TrustMode;
    readonly quorum: number;
    readonly electors: readonly string[];
    readonly roots: readonly string[];
    readonly absent: readonly { readonly object: string; readonly why: string }[];
  };
  /** Determines every key and byte. */
  readonly seed: string;
  readonly parties: readonly Required<Pick<PartyDocument, 'name' | 'title' | 'kind' | 'misses'>>[];
  readonly rows: readonly Row[];
  readonly days: readonly DayResult[];
  /** The same recovery in the other form, if it was played beside this one; it has none beside itself. */
  readonly beside: RehearsalResult | null;
  readonly summary: {
    readonly cells: number;
    readonly matched: number;
    /** The cells that did not match. */
    readonly deviations: readonly Cell[];
    /** Cells by table; null for rows beyond the tables. */
    readonly tables: readonly { readonly table: string | null; readonly cells: number; readonly matched: number }[];
  };
}
