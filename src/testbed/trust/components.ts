import { type Credential, issueExplicit, named } from '../certificates.ts';
import { generateKey } from '../keys.ts';
import { SERIES_ROOT_MANAGED, scmsRole } from '../permissions.ts';
import { type Scms, yearsFrom } from '../scms.ts';

/** The Policy Generator of an SCMS: below its ICA, revoked by the root's own series. */
export function policyGenerator(scms: Scms): Credential {
  return issueExplicit({
    issuer: scms.ica,
    key: generateKey(scms.random.fork('pg')),
    fields: {
      id: named('pg.testbed'),
      cracaId: scms.cracaId,
      crlSeries: SERIES_ROOT_MANAGED,
      validityPeriod: yearsFrom(scms.start, 10),
      region: scms.ica.toBeSigned.region,
      appPermissions: [scmsRole('pg')],
    },
  });
}
