/** Many names for one thing and one name for many: issuers by the thousand, lists of one signer, revocation lists that are asked. */
import { toHex } from '../../../src/coer/index.ts';
import { buildRevocation } from '../../../src/revocation/build.ts';
import type { LinkageEntries } from '../../../src/revocation/types.ts';
import {
  type Credential,
  generateKey,
  hashedId8,
  issueExplicit,
  PCA_ISSUE_PERMISSIONS,
  type Scms,
  SERIES_COMPONENT,
  SERIES_PSEUDONYM,
  yearsFrom,
} from '../../../src/testbed/index.ts';
import type { Item } from '../../../src/verifier/index.ts';
import { pseudorandom } from '../crls.ts';
import { type Attack, attack, type Scene } from './attack.ts';
import type { Forged } from './forger.ts';

const ISSUERS = 2000;
/** Group entries that are evaluated for a certificate that nothing has proven, and hash entries beside them. */
const GROUPS = 64;
const HASHES = 10_000;

export async function issuerAttacks(scene: Scene): Promise<Attack[]> {
  return [...ofThousandsOfIssuers(scene), ...ofManyLists(scene), ...(await ofRevocation(scene))];
}

function ofThousandsOfIssuers({ traffic, forger }: Scene): Attack[] {
  const { scms } = forger;
  const issuers = Array.from({ length: ISSUERS }, (_, i) => issuerUnder(scms, i));
  const own = traffic.options.trust;
  const certificates = [...(own.certificates ?? []), ...issuers.map(({ bytes }) => bytes)];
  const options = { trust: { ...own, certificates } };
  const issuer = (i: number): Credential => issuers[i % ISSUERS] as Credential;
  return [
    attack(
      `forged explicit certificates in the names of ${ISSUERS} issuers`,
      'badChainSignature',
      (i) => forger.message([forger.pseudonym('explicit', { issuer: issuer(i) })]),
      { options },
    ),
    attack(
      `forged explicit certificates in the names of ${ISSUERS} issuers, 16 in turn`,
      'badChainSignature',
      (i) => forger.message([forger.pseudonym('explicit', { issuer: issuer(Math.floor(i / 16)) })]),
      { options },
    ),
    attack(
      `minted implicit certificates in the names of ${ISSUERS} issuers`,
      'badSignature',
      (i) => forger.message([forger.pseudonym('implicit', { issuer: issuer(i) })]),
      { options },
    ),
  ];
}

function issuerUnder(scms: Scms, index: number): Credential {
  return issueExplicit({
    issuer: scms.ica,
    key: generateKey(scms.random.fork(`issuer ${index}`)),
    fields: {
      ...scms.pca.toBeSigned,
      id: { tag: 'name', value: `pca${index}.testbed` },
      cracaId: scms.cracaId,
      crlSeries: SERIES_COMPONENT,
      validityPeriod: yearsFrom(scms.start, 10),
      certIssuePermissions: PCA_ISSUE_PERMISSIONS,
    },
  });
}

/** Lists of different length for one signing certificate: each is a reading of the digest that follows. */
function ofManyLists({ traffic, forger }: Scene): Attack[] {
  const { pca, ica, root } = forger.scms;
  const asForged = ({ bytes, key }: Credential): Forged => ({ bytes, curve: key.curve.name });
  const above = [[], [pca], [pca, ica], [pca, ica, root]].map((list) => list.map(asForged));
  return [
    attack('many lists for one HashedId8, then its digest', 'badSignature', (i): Item => {
      const signer = traffic.recurring[(i >> 3) % traffic.recurring.length] as Credential;
      if (i % 8 >= above.length) return forger.message(hashedId8(signer));
      return forger.message([asForged(signer), ...(above[i % 8] as Forged[])]);
    }),
  ];
}

async function ofRevocation({ forger }: Scene): Promise<Attack[]> {
  const { scms } = forger;
  const groups: LinkageEntries = {
    count: GROUPS,
    chainsPerEntry: 2,
    chains: pseudorandom(36 * GROUPS, 1),
    iMax: new Uint16Array(GROUPS).fill(scms.firstPeriod + 100),
  };
  const scope = { root: toHex(scms.root.fullHash), cracaId: toHex(scms.cracaId), crlSeries: SERIES_PSEUDONYM };
  const about = { craca: toHex(hashedId8(scms.root)), issueDate: 0, nextCrl: 2 ** 32 - 1, serial: 0, lenient: [] };
  const linked = { ...about, id: '1', source: 'groups', scope, kind: 'fullLinkedCrl', iRev: scms.firstPeriod } as const;
  const hashed = { ...about, id: '2', source: 'hashes', scope, kind: 'fullHashCrl' } as const;
  const hashes = { count: HASHES, ids: pseudorandom(10 * HASHES, 2), expiry: new Uint32Array(HASHES) };
  const revocation = await buildRevocation(
    [
      { ...linked, groups },
      { ...hashed, hashes },
    ],
    { periods: [scms.firstPeriod] },
  );
  const inGroup = () => {
    const groupLinkageValue = { jValue: forger.random.bytes(4), value: forger.random.bytes(9) };
    const value = { iCert: scms.firstPeriod, linkageValue: forger.random.bytes(9), groupLinkageValue };
    return { id: { tag: 'linkageData' as const, value } };
  };
  const options = { revocation };
  return [
    attack(
      `forged explicit certificates, compared with ${GROUPS} group entries and ${HASHES} hashes`,
      'badChainSignature',
      () => forger.message([forger.pseudonym('explicit', { fields: inGroup() })]),
      { options },
    ),
    attack(
      `minted implicit certificates, compared with ${GROUPS} group entries and ${HASHES} hashes`,
      'badSignature',
      () => forger.message([forger.pseudonym('implicit', { fields: inGroup() })]),
      { options },
    ),
    attack(
      `minted implicit certificates by themselves, compared with ${GROUPS} group entries and ${HASHES} hashes`,
      'implicitReconstructed',
      () => ({ kind: 'certificate', bytes: forger.pseudonym('implicit', { fields: inGroup() }).bytes }),
      { options },
    ),
  ];
}
