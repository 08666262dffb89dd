/** Checks what the actions of a scenario document refer to. */
import type { EndorsementType } from '../trust/types.ts';
import type { Names } from './document-names.ts';
import type { ActionDocument, BallotDocument } from './types.ts';

export function checkAction(names: Names, action: ActionDocument, path: string): void {
  switch (action.do) {
    case 'createElector':
      names.declare('elector', action.name, `${path}.name`);
      return;
    case 'createRoot':
      names.declare('root', action.name, `${path}.name`);
      return;
    case 'createComponents':
      names.use('root', action.root, `${path}.root`);
      if (names.known.tree.has(action.root)) names.complain(`${path}.root`, `"${action.root}" has components already`);
      names.known.tree.add(action.root);
      return;
    case 'send':
      names.each('artefact', action.artefacts, `${path}.artefacts`);
      names.each('party', action.to ?? [], `${path}.to`);
      return;
    case 'forward':
      names.useComponent(action.by, `${path}.by`);
      names.each('artefact', action.artefacts, `${path}.artefacts`);
      names.each('party', action.to, `${path}.to`);
      return;
    case 'download':
      names.eachDevice(action.parties, `${path}.parties`, 'components have no RA');
      action.parties.forEach((name, i) => {
        if (names.known.party.has(name) && !names.hasRa(name)) {
          names.complain(`${path}.parties[${i}]`, `"${name}" has no "ra" to download from`);
        }
      });
      names.each('artefact', action.artefacts, `${path}.artefacts`);
      return;
    case 'enrol':
      names.eachDevice(action.parties, `${path}.parties`, 'components do not enrol');
      names.use('tree', action.root, `${path}.root`);
      if (action.erase === undefined) return;
      names.each('elector', action.erase.electors, `${path}.erase.electors`);
      checkQuorum(names, action.erase.electors, `${path}.erase.electors`);
      return;
    case 'issue':
      checkArtefact(names, action, path);
      return;
  }
}

function checkArtefact(names: Names, artefact: Extract<ActionDocument, { do: 'issue' }>, path: string): void {
  names.declare('artefact', artefact.artefact, `${path}.artefact`);
  if (artefact.kind === 'ctl' && names.scenario.form === 'ballots') {
    names.complain(`${path}.kind`, 'a CTL in a scenario of ballots');
  }
  if ('crls' in artefact) {
    artefact.crls?.forEach(({ root }, i) => {
      names.use('tree', root, `${path}.crls[${i}].root`);
    });
  }
  switch (artefact.kind) {
    case 'compositeCrl':
      checkBallots(names, 'elector', artefact.removeElectors, `${path}.removeElectors`);
      checkBallots(names, 'root', artefact.removeRoots, `${path}.removeRoots`);
      return;
    case 'chainFile':
      names.use('tree', artefact.root, `${path}.root`);
      checkBallots(names, 'root', artefact.addRoots, `${path}.addRoots`);
      checkBallots(names, 'elector', artefact.addElectors, `${path}.addElectors`);
      return;
    case 'ballot':
      checkBallots(names, kindOfSubject(artefact.type), [artefact], path, '');
      return;
    case 'policy':
      names.use('tree', artefact.root, `${path}.root`);
      return;
    case 'ctl':
      names.each('elector', artefact.electors, `${path}.electors`);
      names.each('root', artefact.roots, `${path}.roots`);
      names.each('elector', artefact.signers, `${path}.signers`);
      checkDay(names, artefact.effectiveDay, `${path}.effectiveDay`);
      if (artefact.crls !== undefined && artefact.components !== undefined) {
        names.complain(path, 'CRLs or components travel with a CTL, not both');
      }
      if (artefact.components !== undefined) names.use('tree', artefact.components, `${path}.components`);
  }
}

export function checkBallots(
  names: Names,
  kind: 'elector' | 'root',
  ballots: readonly BallotDocument[] = [],
  path: string,
  at?: '',
): void {
  ballots.forEach(({ subject, votes, effectiveDay }, i) => {
    const place = `${path}${at ?? `[${i}]`}`;
    names.use(kind, subject, `${place}.subject`);
    names.each('elector', votes, `${place}.votes`);
    checkDay(names, effectiveDay, `${place}.effectiveDay`);
  });
}

export function checkDay(names: Names, day: number | undefined, path: string): void {
  const { length } = names.scenario.days;
  if (day !== undefined && day > length) names.complain(path, `day ${day} of ${length}`);
}

/** What no device may start with (DECISIONS D31). */
export function checkQuorum(names: Names, electors: readonly string[], path: string): void {
  const { quorum } = names.scenario;
  const { length } = electors;
  const floor = Math.ceil(length / 2);
  if (quorum > length) names.complain(path, `quorum ${quorum} of ${length} electors can never be reached`);
  if (quorum < floor) names.complain(path, `quorum ${quorum} is below the floor: ${floor} of ${length} electors`);
  if (new Set(electors).size < length) names.complain(path, 'an elector stands there twice');
}

export function kindOfSubject(type: EndorsementType): 'elector' | 'root' {
  return type.endsWith('Root') ? 'root' : 'elector';
}
