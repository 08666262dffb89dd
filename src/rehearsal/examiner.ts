/** Puts the questions of the truth table to parties. Every answer is one of the trust engine or of the verifier. */
import { BallotQuestions } from './ballot-questions.ts';
import { CertificateQuestions } from './certificate-questions.ts';
import { FileQuestions, tolerance } from './file-questions.ts';
import type { Finding, Ground } from './finding.ts';
import type { Party } from './party.ts';
import type { CheckDocument } from './types.ts';

export class Examiner {
  readonly certificates: CertificateQuestions;
  private readonly ballots: BallotQuestions;
  private readonly files: FileQuestions;
  private readonly parties: ReadonlyMap<string, Party>;

  constructor(ground: Ground, parties: ReadonlyMap<string, Party>) {
    this.ballots = new BallotQuestions(ground);
    this.certificates = new CertificateQuestions(ground);
    this.files = new FileQuestions(ground);
    this.parties = parties;
  }

  /** Answers a question that is put to one party. */
  async ask(party: Party, check: CheckDocument): Promise<Finding> {
    switch (check.check) {
      case 'vote':
        return this.ballots.vote(party, check);
      case 'ballot':
        return this.ballots.ballot(party, check);
      case 'together':
        return this.ballots.together(party, check);
      case 'ballots':
        return this.ballots.ballots(party, check);
      case 'certificates':
        return this.certificates.certificates(party, check);
      case 'message':
        return this.certificates.messageOfAnybody(party, check.root);
      case 'hears':
        return this.certificates.hears(party, this.party(check.party));
      case 'maySend':
        return this.certificates.maySend(party);
      case 'revoked':
        return this.certificates.revoked(party, check);
      case 'trusted':
        return this.files.trusted(party, check.name);
      case 'crl':
        return this.files.crl(party, check.root);
      case 'chainFile':
        return this.files.chainFile(party, check);
      case 'policy':
        return this.files.policy(party, check.root);
      case 'policyInForce':
        return this.files.policyInForce(party);
      case 'endorsements':
        return this.files.endorsements(party, check.root);
      case 'tolerance':
        return tolerance(party);
      case 'authenticates':
        return this.certificates.authenticates(this.party(party.document.ra as string), party);
      case 'equivalent':
      case 'moves':
      case 'happens':
      case 'reset':
      case 'system':
        throw new RangeError(`${check.check} is no question to one party`);
    }
  }

  private party(name: string): Party {
    const party = this.parties.get(name);
    if (party === undefined) throw new RangeError(`there is no party ${name}`);
    return party;
  }
}
