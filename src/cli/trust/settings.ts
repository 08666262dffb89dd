import type { SettingsArtefact } from '../../trust/types.ts';
import { createTrustContext } from '../../verifier/trust-context.ts';
import { Exit } from '../shared/exit.ts';
import { Stdout } from '../shared/stdout.ts';
import { timeOrNow, timeToWrite, warnAbout, withStore } from '../shared/trust-store.ts';
import { decisionsOutput, settingsText, trustFormat } from './output.ts';
import { NO_GROUP, type TrustSettingsFlags } from './settings-flags.ts';

/** `scms-verify trust settings`: shows the settings of a store, or changes those that are named. */
export async function changeSettings(folder: string, flags: TrustSettingsFlags): Promise<number> {
  const { at, dryRun = false, allowFuture, format } = flags;
  const changes = changesOf(flags);
  const out = new Stdout();
  const { state, decisions } = await withStore(folder, (store) => {
    const { state: now, warnings } = store.snapshot();
    warnAbout(folder, warnings);
    if (Object.keys(changes).length === 0) return { state: now, decisions: [] };
    const time = dryRun ? timeOrNow(at) : timeToWrite(at, allowFuture);
    return store.apply([{ name: 'trust settings', settings: changes }], time, createTrustContext(), { dryRun });
  });
  if (trustFormat(format) === 'table') {
    await out.write(`${decisionsOutput(decisions, state, 'table')}${settingsText(state.settings)}`);
  } else {
    await out.write(decisionsOutput(decisions, state, 'ndjson', { settings: state.settings }));
  }
  await out.end();
  return decisions.some(({ decision }) => decision === 'REJECT') ? Exit.notAllValid : Exit.allValid;
}

function changesOf(flags: TrustSettingsFlags): SettingsArtefact['settings'] {
  const { maxElectors, maxRoots, raHostname, anyRa, electorGroupId, implicitRootRevocation } = flags;
  return {
    ...(maxElectors !== undefined && { maxElectors }),
    ...(maxRoots !== undefined && { maxRoots }),
    ...(raHostname !== undefined && { raHostname }),
    ...(anyRa && { raHostname: null }),
    ...(electorGroupId !== undefined && { electorGroupId: electorGroupId === NO_GROUP ? null : electorGroupId }),
    ...(implicitRootRevocation !== undefined && { implicitRootRevocation }),
  };
}
