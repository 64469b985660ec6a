/** The live twin of a case's effects: the account behind a pseudonym, in the transaction of the act, and that pseudonym as a mark. */
import type { CaseEffects, Named, Standing } from '#cases';
import type { Transaction } from '../../database/writer.js';
import { readNamed, readStanding, reinstate, writeNamed, writeStanding, type Reinstatement } from './account.repository.js';

export interface AccountOfCase extends Reinstatement {
  /** HMAC(k, subject) of the pseudonym */
  readonly mark: Uint8Array;
  /** number of a force time that the act itself makes */
  readonly force?: number;
}

export class AccountCase implements CaseEffects {
  constructor(
    private readonly transaction: Transaction,
    private readonly account: AccountOfCase,
  ) {}

  standing(): Promise<Standing | undefined> {
    return readStanding(this.transaction, this.account.handle);
  }

  async keepStanding(standing: Standing | undefined): Promise<void> {
    const { handle, day, force } = this.account;
    if (standing) await writeStanding(this.transaction, handle, standing, { day, force });
    else await reinstate(this.transaction, this.account);
  }

  named(): Promise<Named | undefined> {
    return readNamed(this.transaction, this.account.mark);
  }

  keepNamed(named: Named | undefined): Promise<void> {
    const { mark, day, force } = this.account;
    return writeNamed(this.transaction, mark, named, { day, force });
  }
}
