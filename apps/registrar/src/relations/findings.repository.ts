/** What was found related to the marked accounts of a batch, until the key holder has it. Handles only, in random order. */
import { Injectable } from '@nestjs/common';
import { MOST_RELATED } from '#contracts';
import type { AccountRemedy } from '#contracts';
import { PrismaClient } from '#db/registrar';
import type { Prisma } from '#db/registrar';
import { shuffled } from '#platform';

export interface Finding {
  readonly batch: number;
  readonly remedy: AccountRemedy;
  readonly handles: Uint8Array[];
}

@Injectable()
export class FindingsRepository {
  constructor(private readonly database: PrismaClient) {}

  async all(): Promise<Finding[]> {
    const rows = await this.database.finding.findMany();
    return rows.map((row) => ({ ...row, remedy: row.remedy as AccountRemedy }));
  }

  async drop({ batch, remedy }: Finding): Promise<void> {
    await this.database.finding.deleteMany({ where: { batch, remedy } });
  }
}

/**
 * Enrolled accounts with the e-mail address or the phone number of a marked one, one step away; kept in the transaction of the batch, also when
 * there are none, so that the key holder hears the same of every batch that asked.
 */
export async function findRelated(
  transaction: Prisma.TransactionClient,
  batch: number,
  remedy: AccountRemedy,
  marked: readonly Uint8Array[],
): Promise<void> {
  if (marked.length === 0) return;
  const handles = marked.map((handle) => Uint8Array.from(handle));
  const having = await transaction.account.findMany({
    where: { handle: { in: handles } },
    select: { emailMark: true, phoneMark: true },
  });
  const emails = having.flatMap(({ emailMark }) => emailMark ?? []);
  const phones = having.flatMap(({ phoneMark }) => phoneMark ?? []);
  const related = await transaction.account.findMany({
    where: {
      handle: { notIn: handles },
      holderKey: { not: null },
      OR: [{ emailMark: { in: emails } }, { phoneMark: { in: phones } }],
    },
    select: { handle: true },
  });
  const found = shuffled(related.map(({ handle }) => handle)).slice(0, MOST_RELATED);
  await transaction.finding.create({ data: { batch, remedy, handles: found } });
}
