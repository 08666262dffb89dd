import type { Draft } from './draft.ts';
import {
  type Decision,
  IMPLICIT_ROOT_REVOCATION,
  type SettingsArtefact,
  type TrustMode,
  type TrustSettings,
  type TrustState,
} from './types.ts';

const ROOM_OF_DEPLOYMENT = 10;
const GROUP_ID = /^[0-9a-f]{16}$/;

const DEFAULTS: TrustSettings = {
  maxElectors: ROOM_OF_DEPLOYMENT,
  maxRoots: ROOM_OF_DEPLOYMENT,
  raHostname: null,
  electorGroupId: null,
  implicitRootRevocation: 'authenticated',
};

/** What a setting without a value means: local chain files of any RA, and CTLs of no group. */
const UNSET: { readonly [K in keyof TrustSettings]?: string } = { raHostname: 'any', electorGroupId: 'none' };

const NAMES = Object.keys(DEFAULTS) as (keyof TrustSettings)[];

/**
 * The settings of a device: those given, the defaults of a deployment for the rest.
 *
 * @throws RangeError for a value that no setting may have.
 */
export function settingsOf(
  given: { readonly [K in keyof TrustSettings]?: TrustSettings[K] | undefined },
): TrustSettings {
  const chosen = Object.fromEntries(NAMES.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
  const settings: TrustSettings = { ...DEFAULTS, ...chosen };
  for (const name of ['maxElectors', 'maxRoots'] as const) {
    if (!Number.isInteger(settings[name]) || settings[name] < 1) throw new RangeError(`${name} is ${settings[name]}`);
  }
  const { electorGroupId, raHostname, implicitRootRevocation } = settings;
  if (raHostname !== null && typeof raHostname !== 'string') throw new RangeError(`raHostname is ${raHostname}`);
  if (electorGroupId !== null && !GROUP_ID.test(electorGroupId)) {
    throw new RangeError(`electorGroupId ${electorGroupId} is not 8 bytes in lower-case hex`);
  }
  if (!IMPLICIT_ROOT_REVOCATION.includes(implicitRootRevocation)) {
    const withdrawn = String(implicitRootRevocation) === WITHDRAWN ? `: ${WHY_WITHDRAWN}` : '';
    throw new RangeError(
      `implicitRootRevocation ${implicitRootRevocation} is none of ${IMPLICIT_ROOT_REVOCATION.join(', ')}${withdrawn}`,
    );
  }
  return settings;
}

/** @throws RangeError for a setting that there is not, or a value that it may not have. */
export function checkSettings(settings: SettingsArtefact['settings']): void {
  const unknown = Object.keys(settings).find((name) => !NAMES.includes(name as keyof TrustSettings));
  if (unknown !== undefined) throw new RangeError(`there is no setting '${unknown}' (known: ${NAMES.join(', ')})`);
  settingsOf(settings);
}

/** A value of `implicitRootRevocation` that earlier releases had (DECISIONS D42). */
export const WITHDRAWN = 'always';
const WHY_WITHDRAWN = "'always' is withdrawn, because an unauthenticated file would remove roots";

/** A state of an earlier release as this one reads it, with a warning for each setting that it reads as another. */
export function readState(state: TrustState): { readonly state: TrustState; readonly warnings: readonly string[] } {
  if (String(state.settings.implicitRootRevocation) !== WITHDRAWN) return { state, warnings: [] };
  const settings = { ...state.settings, implicitRootRevocation: 'authenticated' as const };
  return {
    state: { ...state, settings },
    warnings: [`implicitRootRevocation is read as 'authenticated': ${WHY_WITHDRAWN}`],
  };
}

/**
 * Changes of settings by the operator, those that are safe to change. They count from the next bundle. Electors, roots and the
 * quorum are none: they take votes.
 */
export function settleSettings(draft: Draft, artefacts: readonly SettingsArtefact[]): void {
  for (const artefact of artefacts) {
    const failure = whyRefused(draft.state, artefact, artefacts);
    if (failure) {
      decide(draft, artefact, 'REJECT', failure);
      continue;
    }
    const before = draft.state.settings;
    const after = settingsOf({ ...before, ...artefact.settings });
    if (NAMES.every((name) => before[name] === after[name])) {
      decide(draft, artefact, 'ACCEPT_NOOP', { code: 'OK' });
      continue;
    }
    draft.state.settings = after;
    // The versions of local chain files are those of one RA.
    if (after.raHostname !== before.raHostname) {
      draft.state.chainFiles = { ...draft.state.chainFiles, local: { newest: null, authenticated: null } };
    }
    decide(draft, artefact, 'ACCEPT', { code: 'OK' });
  }
}

function whyRefused(
  {
    electors,
    roots,
    mode,
    settings,
  }: { electors: readonly unknown[]; roots: readonly unknown[]; mode: TrustMode; settings: TrustSettings },
  { settings: wanted }: SettingsArtefact,
  all: readonly SettingsArtefact[],
): { code: string; detail: string } | undefined {
  const contested = NAMES.find((name) => {
    const values = all.map((one) => one.settings[name]).filter((value) => value !== undefined);
    return new Set(values).size > 1;
  });
  if (contested) return { code: 'S_CONFLICT', detail: `several values of ${contested} in one bundle` };
  const { maxElectors = settings.maxElectors, maxRoots = settings.maxRoots } = wanted;
  if (maxElectors < electors.length || maxRoots < roots.length) {
    return { code: 'S_ROOM', detail: `${electors.length} electors and ${roots.length} roots are trusted now` };
  }
  const group = wanted.electorGroupId ?? null;
  if (wanted.electorGroupId !== undefined && group !== settings.electorGroupId && mode === 'ctl') {
    return { code: 'S_GROUP', detail: `a CTL of group ${settings.electorGroupId} is in force` };
  }
  return undefined;
}

function decide(
  draft: Draft,
  { name, settings }: SettingsArtefact,
  decision: Decision['decision'],
  { code, detail }: { readonly code: string; readonly detail?: string },
): void {
  const text = NAMES.flatMap((key) => (settings[key] === undefined ? [] : [`${key} ${settings[key] ?? UNSET[key]}`]));
  draft.decisions.push({
    artefact: name,
    part: '',
    proposition: 'settings',
    subject: null,
    decision,
    code,
    detail: detail ?? text.join(', '),
  });
}
