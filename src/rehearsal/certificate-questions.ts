/** Questions about certificates and messages: all answered by the verifier, under what a party trusts. */
import type { Credential } from '../testbed/index.ts';
import type { Verdict } from '../verdict/index.ts';
import type { Item } from '../verifier/types.ts';
import { type Check, type Finding, type Ground, notThere } from './finding.ts';
import type { Party } from './party.ts';
import { COMPONENTS, type Tree, type World } from './world.ts';

export class CertificateQuestions {
  private readonly ground: Ground;

  constructor(ground: Ground) {
    this.ground = ground;
  }

  private get world(): World {
    return this.ground.world;
  }

  async certificates(party: Party, { kind, root }: Check<'certificates'>): Promise<Finding> {
    const tree = this.world.trees.get(root);
    if (tree === undefined) return notThere(root);
    if (kind === 'component') {
      if (!tree.hasComponents) return notThere(`what is below ${root}`);
      const items = COMPONENTS.map((name) => ({ name, octets: tree.components[name].bytes }));
      return this.judgeAll(party, tree, items);
    }
    if (!tree.hasDevices) return notThere(`a device under ${root}`);
    const device = this.world.anyDevice(root, kind === 'application' ? 'rsu' : 'obe');
    if (kind === 'enrolment')
      return this.judgeAll(party, tree, [{ name: 'enrolment', octets: device.enrolment.bytes }]);
    return this.message(party, device.sending);
  }

  /** Certificates are valid, or what makes the first one not so. */
  private async judgeAll(
    party: Party,
    tree: Tree,
    certificates: readonly { readonly name: string; readonly octets: Uint8Array }[],
  ): Promise<Finding> {
    const items = certificates.map(({ octets }) => ({ kind: 'certificate' as const, bytes: octets }));
    const verdicts = await this.judge(party, items, helpOf(tree));
    const accepted = verdicts.map(isAccepted);
    const bad = accepted.indexOf(false);
    const all = new Set(accepted);
    const verdict = verdicts[bad === -1 ? 0 : bad] as Verdict;
    const { name } = certificates[bad === -1 ? 0 : bad] as { name: string };
    const why = bad === -1 ? `all valid: ${certificates.map((one) => one.name).join(', ')}` : whyOf(verdict);
    const code = bad === -1 ? 'OK' : verdict.code;
    if (all.size > 1) return { got: '?', code, why: `${name}: ${why}; others are valid` };
    return { got: bad === -1 ? 'Y' : 'N', code, why: bad === -1 ? why : `${name}: ${why}`, verdict: verdict.verdict };
  }

  /** The verdict on each component of a tree, in their order. */
  judgeComponents(party: Party, tree: Tree): Promise<Verdict[]> {
    const items = COMPONENTS.map((name) => ({ kind: 'certificate' as const, bytes: tree.components[name].bytes }));
    return this.judge(party, items, helpOf(tree));
  }

  async messageOfAnybody(party: Party, root: string): Promise<Finding> {
    if (!this.world.trees.get(root)?.hasDevices) return notThere(`a device under ${root}`);
    return this.message(party, this.world.anyDevice(root, 'obe').sending);
  }

  /** A message with its signer's chain, as a party sees it now. */
  message(party: Party, signer: Credential): Promise<Finding> {
    return this.signed(party, this.world.message(signer));
  }

  private async signed(party: Party, octets: Uint8Array): Promise<Finding> {
    const [judged] = (await this.judge(party, [{ kind: 'message', bytes: octets }])) as [Verdict];
    const { verdict } = judged;
    if (verdict !== 'valid') return { got: 'N', code: judged.code, why: whyOf(judged), verdict };
    const revocation = judged.revocation === 'notChecked' ? 'no CRL covers it' : `revocation ${judged.revocation}`;
    return { got: 'Y', code: 'OK', why: `the message and its whole chain are valid; ${revocation}`, verdict };
  }

  /** Whether an RA accepts a device, by a request that it signs now with its enrolment certificate. */
  async authenticates(ra: Party, party: Party): Promise<Finding> {
    const { enrolment } = party;
    return enrolment === undefined ? notThere('a component does not enrol') : this.request(ra, enrolment, party.name);
  }

  private async request(ra: Party, enrolment: Credential, device: string): Promise<Finding> {
    if (ra.blacklist.includes(device)) return { got: 'N', code: 'BLACKLISTED', why: `${ra.name} serves it no more` };
    const items = [
      { kind: 'certificate', bytes: enrolment.bytes },
      { kind: 'message', bytes: this.world.request(enrolment) },
    ] as const;
    const [own, { signature }] = (await this.judge(ra, items, this.world.helpFor(enrolment))) as [Verdict, Verdict];
    if (!isAccepted(own)) {
      return {
        got: 'N',
        code: own.code,
        why: `${ra.name} refuses its certificate: ${whyOf(own)}`,
        verdict: own.verdict,
      };
    }
    // An enrolment certificate has no PSID to sign messages under: the request only proves that the device has its key.
    if (signature !== 'ok') return { got: 'N', code: 'badSignature', why: `${ra.name} refuses its request` };
    return {
      got: 'Y',
      code: 'OK',
      why: `${ra.name} accepts its enrolment certificate, whose key has signed the request`,
    };
  }

  private judge(party: Party, items: readonly Item[], help: readonly Uint8Array[] = []): Promise<Verdict[]> {
    const { state, document } = party;
    return this.ground.engine.judge({ state, help, items, at: this.world.now, overdue: document.overdue ?? 'reject' });
  }

  /** What the party makes of what another one sends now. */
  async hears(party: Party, sender: Party): Promise<Finding> {
    const { sending } = sender;
    if (sending === undefined) return notThere(`anything that ${sender.name} sends`);
    return this.message(party, sending);
  }

  async maySend(party: Party): Promise<Finding> {
    const { enrolment, enrolledUnder, sending } = party;
    if (enrolment === undefined) return notThere('a component does not send');
    const enrolled = await this.judgeAll(party, this.world.tree(enrolledUnder as string), [
      { name: 'own enrolment', octets: enrolment.bytes },
    ]);
    if (enrolled.got !== 'Y') return enrolled;
    if (sending === undefined) return { got: 'N', code: 'NO_CERTIFICATES', why: 'it has no certificates to send with' };
    const own = await this.message(party, sending);
    return own.got === 'Y' ? { ...own, why: 'its own certificates are valid' } : { ...own, why: `own: ${own.why}` };
  }

  async revoked(party: Party, { name, root }: Check<'revoked'>): Promise<Finding> {
    const thing = this.ground.scenario.revoked?.find((each) => each.name === name);
    if (thing === undefined) throw new RangeError(`nothing revoked is called ${name}`);
    if (!this.world.trees.get(root)?.hasDevices) return notThere(`a device under ${root}`);
    if (thing.kind === 'blacklist') return this.request(party, this.world.revokedEnrolment(name, root), name);
    return this.message(party, this.world.revokedCertificate(thing, root));
  }
}

/** An implicit certificate by itself can be no more than reconstructed. */
function isAccepted({ verdict, code }: Verdict): boolean {
  return verdict === 'valid' || code === 'implicitReconstructed';
}

function whyOf({ verdict, code, detail }: Verdict): string {
  return `${verdict}, ${code}${detail ? `: ${detail}` : ''}`;
}

function helpOf(tree: Tree): Uint8Array[] {
  return COMPONENTS.map((name) => tree.components[name].bytes);
}
