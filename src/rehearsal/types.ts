/**
 * The scenario document: the JSON file that a rehearsal is written as. Electors, roots and parties go by the names that the
 * scenario gives them.
 */
import type { EndorsementType, TrustMode } from '../trust/types.ts';

/** An SCMS, its parties, the actions of each day, and the expected answers. */
export interface Scenario {
  readonly format: 1;
  /** Short and without spaces; used in every cell. */
  readonly name: string;
  readonly title: string;
  /** The recovery in a few sentences. */
  readonly summary: string;
  /** Which generation of root management carries the changes: ballots of CAMP, or the CTL of IEEE 1609.2.1. */
  readonly form: TrustMode;
  /** Distinct votes that a proposition needs. */
  readonly quorum: number;
  /** Names of the electors that every party starts with. */
  readonly electors: readonly string[];
  /** Names of the roots that every party starts with; each comes with components and certificates of devices. */
  readonly roots: readonly string[];
  readonly parties: readonly PartyDocument[];
  /** What every party was given before the first day: first chain file, policy, CRL. */
  readonly before?: readonly ActionDocument[];
  readonly days: readonly DayDocument[];
  readonly expect: readonly ExpectationDocument[];
  /** Revoked entries, for CRLs and their reset (K1–K12); default: none. */
  readonly revoked?: readonly RevokedDocument[];
  /** Name of a scenario of this package that is played beside it: the same recovery in the other form. */
  readonly beside?: string;
  /** Situations of the sources that this form cannot have, and why: shown, never counted. */
  readonly absent?: readonly { readonly object: string; readonly why: string }[];
}

/** The kinds of parties: an SCMS component, an OBE, an RSU. */
export const PARTY_KINDS = ['component', 'obe', 'rsu'] as const;
/** `component`: an SCMS component; `obe`: an EE with pseudonyms; `rsu`: an EE with an application certificate. */
export type PartyKind = (typeof PARTY_KINDS)[number];

/** A party of a scenario. */
export interface PartyDocument {
  readonly name: string;
  readonly title: string;
  readonly kind: PartyKind;
  /** Names of artefacts that never reach it. */
  readonly misses?: readonly string[];
  /** EEs only: the component that is its RA. It makes this EE's local chain files and decides whether to serve it. */
  readonly ra?: string;
  /** Whether it stops at a CRL past its tolerance (C7): default: `reject`; PoC devices `ignore` it (E-23). */
  readonly overdue?: 'reject' | 'ignore';
}

/** A day of a scenario: words, actions and sentences. */
export interface DayDocument {
  readonly title: string;
  /** What happens on this day, in a few words. */
  readonly text: string;
  /** What the source text says of this day, sentence by sentence and in its order, each with what shows it. */
  readonly sentences?: readonly SentenceDocument[];
  /** Hours since the day before, at least 2; default: 24. Days of a recovery are stages, not always calendar days. */
  readonly hours?: number;
  readonly actions?: readonly ActionDocument[];
}

/** A sentence of the source text. */
export interface SentenceDocument {
  /** The sentence in our own words. */
  readonly says: string;
  /** Rows of {@link Scenario.expect} whose cells of this day show it; no row only with a note. */
  readonly shown: readonly { readonly object: string; readonly parties: readonly string[] }[];
  /** What no row can show, or how the sentence was read. */
  readonly note?: string;
}

/** An action at the beginning of a day. */
export type ActionDocument =
  /** A new elector with key and certificate; no party trusts it yet. */
  | { readonly do: 'createElector'; readonly name: string }
  /** A new root; no party trusts it yet, and it has nothing below it. */
  | { readonly do: 'createRoot'; readonly name: string }
  /** ICA, PCA, ECA, RA, LA, MA, CRLG and PG below a root. */
  | { readonly do: 'createComponents'; readonly root: string }
  /** Makes an artefact, which does not move yet. */
  | ({ readonly do: 'issue'; readonly artefact: string } & ArtefactDocument)
  /** Moves artefacts: for each recipient they are one bundle. */
  | {
      readonly do: 'send';
      readonly artefacts: readonly string[];
      readonly from: string;
      /** Names of parties; default: every party. */
      readonly to?: readonly string[];
      readonly why: string;
    }
  /**
   * A component passes on what it holds: what has reached it and its trust engine refused no part of. Anything else stays with it. An
   * RA makes the local chain files of the EEs that it serves.
   */
  | {
      readonly do: 'forward';
      readonly by: string;
      readonly artefacts: readonly string[];
      readonly to: readonly string[];
      readonly why: string;
    }
  /** New enrolment certificates for EEs, under another root, from outside the rehearsed SCMS. Certificates to send with: `download`. */
  | {
      readonly do: 'enrol';
      readonly parties: readonly string[];
      readonly root: string;
      /** Re-bootstrapping: the device forgets everything and starts from these electors and that root. */
      readonly erase?: { readonly electors: readonly string[] };
      readonly why: string;
    }
  /**
   * EEs authenticate to their RAs with their enrolment certificates. An RA that refuses one gives it nothing; else it gives what it
   * holds of these artefacts, one by one in this order, and after them the certificates to send with.
   */
  | {
      readonly do: 'download';
      readonly parties: readonly string[];
      readonly artefacts: readonly string[];
      /** Pseudonym or application certificates under the root that it is enrolled under; default: none. */
      readonly certificates?: boolean;
      readonly why: string;
    };

/** The votes of one proposition. The list that it is in determines the proposition. */
export interface BallotDocument {
  /** An elector or root. */
  readonly subject: string;
  /** Electors that sign. */
  readonly votes: readonly string[];
  /** Day, from 1, at whose beginning it takes effect; default: at once. */
  readonly effectiveDay?: number;
}

/** A CRL of a composite CRL: its root, and its entries. */
export interface CrlDocument {
  /** The tree whose CRLG signs. */
  readonly root: string;
  /** `none`: an empty CRL; `all`: the entries revoked under this root; `reset`: those that K1–K12 keep for a new tree. */
  readonly entries?: 'none' | 'all' | 'reset';
}

/** An artefact to be issued, by its kind. */
export type ArtefactDocument =
  | {
      readonly kind: 'compositeCrl';
      readonly crls?: readonly CrlDocument[];
      readonly removeElectors?: readonly BallotDocument[];
      readonly removeRoots?: readonly BallotDocument[];
    }
  | {
      readonly kind: 'chainFile';
      readonly version: number;
      /** The tree whose component certificates it holds. */
      readonly root: string;
      readonly addRoots?: readonly BallotDocument[];
      readonly addElectors?: readonly BallotDocument[];
    }
  /** A ballot by itself: what CAMP calls proprietary messaging. */
  | ({ readonly kind: 'ballot'; readonly type: EndorsementType } & BallotDocument)
  | { readonly kind: 'policy'; readonly root: string; readonly chainFile: number }
  | {
      readonly kind: 'ctl';
      readonly sequence: number;
      readonly electors: readonly string[];
      readonly roots: readonly string[];
      readonly signers: readonly string[];
      readonly effectiveDay?: number;
      readonly quorum?: number;
      /** CRLs, or the component certificates of a tree, that travel in one file with it. */
      readonly crls?: readonly CrlDocument[];
      readonly components?: string;
    };

/** The kind of an artefact. */
export type ArtefactKind = ArtefactDocument['kind'];

/** Something that is revoked; see the reset rules. */
export interface RevokedDocument {
  readonly name: string;
  /** `blacklist`: a device whose enrolment certificate every RA refuses; no CRL names it. */
  readonly kind: 'hash' | 'linkage' | 'blacklist';
  /** The root that its certificates are under. */
  readonly root: string;
  /** Linkage only: whether the linkage authorities continue the device's chain under the new root. */
  readonly chain?: 'continued' | 'ended';
  /** Linkage with a continued chain only: the device may not enrol again (K5). */
  readonly refusedEnrolment?: boolean;
  /** Linkage only: weeks from the first that certificates reach. */
  readonly weeks?: number;
}

/**
 * `noop` and `pending` are answers of Y that must also be decided so by the trust engine; `invalid` and `undecided` are answers of N
 * that must also be the verifier's verdict.
 */
export const EXPECTATIONS = ['Y', 'N', '-', 'noop', 'pending', 'invalid', 'undecided'] as const;
/** A cell of a truth table. */
export type Expectation = (typeof EXPECTATIONS)[number];

/** One row of the truth table, for one or several parties. */
export interface ExpectationDocument {
  /** Its table, such as `C.1`; absent for rows beyond the tables. */
  readonly table?: string;
  /** The object, in words: the row's name. */
  readonly object: string;
  /** Every one of them has a row of its own. */
  readonly parties: readonly string[];
  /** One a day. */
  readonly cells: readonly Expectation[];
  /** For answers that are more than yes or no (`3/1`, `A,B,C`): the expected value, one per day; null for a day without. */
  readonly values?: readonly (string | null)[];
  /** The cell as the table words it, if that says more; one per day. */
  readonly texts?: readonly (string | null)[];
  readonly check: CheckDocument;
  /** How an ambiguous cell was read. */
  readonly note?: string;
}

/** A question to engine or verifier. */
export type CheckDocument =
  /** Whether a fresh vote by this elector counts. */
  | { readonly check: 'vote'; readonly by: string }
  /** Whether a ballot passes, sent by itself today. */
  | {
      readonly check: 'ballot';
      readonly type: EndorsementType;
      readonly subject: string;
      readonly votes: readonly string[];
      readonly effectiveDay?: number;
      /**
       * The one that an artefact carries: it is not there before that was issued, and on the day that it reaches the party the
       * decision made then is the answer.
       */
      readonly issued?: boolean;
      /** In a composite CRL whose CRL has a wrong signature: votes do not depend on it (RR2). Removals only. */
      readonly besideBadCrls?: boolean;
    }
  /** Whether the first of several ballots passes that come in one bundle, in this order. */
  | {
      readonly check: 'together';
      readonly ballots: readonly {
        readonly type: EndorsementType;
        /** Null: an elector or root that no party knows. */
        readonly subject: string | null;
        readonly votes: readonly string[];
      }[];
    }
  /** Whether fresh ballots on anything by exactly these electors pass: adding and removing electors and roots. */
  | { readonly check: 'ballots'; readonly votes: readonly string[] }
  /** Whether certificates are valid: all components of a tree, or the certificates of a device that enrolled there. */
  | {
      readonly check: 'certificates';
      readonly kind: 'component' | 'enrolment' | 'pseudonym' | 'application';
      readonly root: string;
    }
  /** Whether a message of a device that enrolled under the root is valid. */
  | { readonly check: 'message'; readonly root: string }
  /** Whether what another party sends now is valid. */
  | { readonly check: 'hears'; readonly party: string }
  /** Whether it may send: its own certificates are valid in its own eyes, and its CRL is not overdue. */
  | { readonly check: 'maySend' }
  /** Whether a root or elector is trusted. */
  | { readonly check: 'trusted'; readonly name: string }
  /** Whether a CRL signed today by the CRLG of the tree is accepted. */
  | { readonly check: 'crl'; readonly root: string }
  /** Whether a global chain file of the tree, issued today, would bring its certificates in; with ballots as given. */
  | {
      readonly check: 'chainFile';
      readonly root: string;
      /** There is none before an artefact brings the tree's components to a party. */
      readonly issued?: boolean;
      readonly addRoots?: readonly BallotDocument[];
      readonly addElectors?: readonly BallotDocument[];
    }
  /** Whether a policy file signed today by the PG of the tree is accepted. */
  | { readonly check: 'policy'; readonly root: string }
  /** Whether a policy is in force, not the device's defaults. */
  | { readonly check: 'policyInForce' }
  /** Whether the newest chain file's votes for the root are enough; its value names those that count. */
  | { readonly check: 'endorsements'; readonly root: string }
  /** Whether as many electors as the quorum are trusted; its value is `electors/tolerance` and flags. */
  | { readonly check: 'tolerance' }
  /** Whether the certificates of a revoked device, issued under the root, are still taken for valid. */
  | { readonly check: 'revoked'; readonly name: string; readonly root: string }
  /** Whether the RA of the EE accepts it, by the enrolment certificate that it has. */
  | { readonly check: 'authenticates' }
  /** Whether what the party holds is what it held on an earlier day, with electors replaced; its value names them. */
  | { readonly check: 'equivalent'; readonly day: number; readonly replaced: Readonly<Record<string, string>> }
  /** Whether anything moves on the day; its value says what. */
  | { readonly check: 'moves' }
  /** Whether something happens on the day: a {@link EVENT_KINDS} of this name, from and to these parties, if given. */
  | {
      readonly check: 'happens';
      readonly event: EventKind;
      readonly name: string;
      readonly from?: string;
      readonly to?: readonly string[];
    }
  /** Whether the day's reset of CRLs keeps an entry, in any line; its value is the action and the rule. */
  | { readonly check: 'reset'; readonly name: string }
  /** Whether these EEs may send and accept each other; its value is `works`, `stops` or `not functioning`. */
  | { readonly check: 'system'; readonly parties: readonly string[] };

/**
 * The kinds of events of a day. `made`: an elector, root, tree or certificates; `moved`: an artefact reached parties;
 * `withheld`: a component did not forward what it does not hold; `authenticated` and `refused`: an EE at its RA.
 */
export const EVENT_KINDS = ['made', 'moved', 'withheld', 'authenticated', 'refused'] as const;
/** The kind of an event. */
export type EventKind = (typeof EVENT_KINDS)[number];
