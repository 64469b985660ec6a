/** Blind acts as they were signed: stored before they are forwarded, so that a crash loses none; the receipt says that one arrived. */
import { Injectable } from '@nestjs/common';
import { canonicalBytes, sameBytes } from '#contracts';
import type { ActStatement, Signed } from '#contracts';
import { PrismaClient } from '#db/nyms';

export interface StoredAct {
  readonly signed: Signed<ActStatement>;
  readonly receipt: Uint8Array | null;
}

@Injectable()
export class ActsRepository {
  constructor(private readonly database: PrismaClient) {}

  async find(statementId: string): Promise<StoredAct | undefined> {
    const row = await this.database.act.findUnique({ where: { statementId } });
    return row ? stored(row) : undefined;
  }

  /** Stores it unless the id is there. @returns the act that has the id now, or undefined when that is another statement */
  async add({ statement, signature }: Signed<ActStatement>): Promise<StoredAct | undefined> {
    const data = { statementId: statement.id, uri: statement.uri, body: statement, signature };
    await this.database.act.createMany({ data: [data], skipDuplicates: true });
    const act = await this.find(statement.id);
    return act && sameBytes(canonicalBytes(act.signed.statement), canonicalBytes(statement)) ? act : undefined;
  }

  async receive(statementId: string, receipt: Uint8Array): Promise<void> {
    await this.database.act.update({ where: { statementId }, data: { receipt: Uint8Array.from(receipt) } });
  }

  /** The key holder refused it: nothing was done, and nothing will be. */
  async remove(statementId: string): Promise<void> {
    await this.database.act.deleteMany({ where: { statementId, receipt: null } });
  }

  async waiting(most: number): Promise<StoredAct[]> {
    return (await this.database.act.findMany({ where: { receipt: null }, take: most })).map(stored);
  }
}

const stored = (row: { body: unknown; signature: string; receipt: Uint8Array | null }): StoredAct => ({
  signed: { statement: row.body as ActStatement, signature: row.signature },
  receipt: row.receipt,
});
