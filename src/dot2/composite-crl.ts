import { type Infer, sequence, sequenceOf } from '../coer/index.ts';
import { ElectorBallots } from './endorsement.ts';
import { Ieee1609Dot2Data } from './signed-data.ts';

/** CRLs of one file; one a series and CRACA. */
const MAX_CRLS = 256;

/** A CRL as its CRLG signed it, with the octets that it came in; what it holds is looked at later, each by itself (C1). */
export const SecuredCrl = sequence({ data: Ieee1609Dot2Data }, { span: true });
export const SecuredCrls = sequenceOf(SecuredCrl, 0, MAX_CRLS);

/** CAMP SCMS PoC: CRLs, and beside them, not signed by any CRLG, the votes that remove roots and electors. */
export const CompositeCrl = sequence(
  { securedCrlSeries: SecuredCrls, revokedRootCAs: ElectorBallots, revokedElectors: ElectorBallots },
  { extensions: {} },
);
export interface CompositeCrl extends Infer<typeof CompositeCrl> {}
