/** One account with one pseudonym, a moderator who acts on it, and somebody who may do anything to the database of the key holder. */
import { DecisionsWorld, type Pseudonym, type Sent } from './keyholder-decisions-world.js';
import { storedLog, trustIn } from './keyholder-log.js';

export const deadlineMs = 500;

export class LogWorld {
  private constructor(
    readonly decisions: DecisionsWorld,
    private readonly pseudonym: Pseudonym,
  ) {}

  static async open(): Promise<LogWorld> {
    const decisions = await DecisionsWorld.open({}, { auditDeadlineMs: deadlineMs });
    const { pseudonyms } = await decisions.member(1);
    return new LogWorld(decisions, pseudonyms[0]!);
  }

  close = () => this.decisions.close();
  audit = () => this.decisions.audit();

  get base() {
    return this.decisions.base;
  }

  act(type: 'suspend' | 'reinstate' = 'suspend', id?: string): Promise<Sent> {
    return this.decisions.act(type, this.pseudonym, id === undefined ? {} : { id });
  }

  async standings(): Promise<number> {
    return (await this.base.rows('SELECT handle FROM keyholder.standings')).length;
  }

  sql = (text: string) => this.base.sql.query(text);

  /** As somebody who owns the database and means no good: no trigger holds them. */
  async tamper(text: string): Promise<void> {
    await this.sql('SET session_replication_role = replica');
    await this.sql(text).finally(() => this.sql('RESET session_replication_role'));
  }

  stored = () => storedLog(this.base.sql);

  get trust() {
    return trustIn(this.base.pin, this.base.logWitness);
  }
}

export const problemOf = ({ text }: Sent): string => (JSON.parse(text) as { type: string }).type;
