/** Marks of contacts stand in the account's own row and go with it. A row is written only when a mark is another one. */
import { Injectable } from '@nestjs/common';
import { PrismaClient } from '#db/registrar';
import type { AccountId } from '../accounts/access-token.js';
import type { ContactMarks } from './contact-marks.js';

@Injectable()
export class ContactsRepository {
  constructor(private readonly database: PrismaClient) {}

  async note(account: AccountId, marks: ContactMarks): Promise<void> {
    const { emailMark, phoneMark } = marks;
    const differs = [
      ...(emailMark === undefined
        ? []
        : [{ OR: [{ emailMark: { not: emailMark } }, ...(emailMark ? [{ emailMark: null }] : [])] }]),
      ...(phoneMark === undefined
        ? []
        : [{ OR: [{ phoneMark: { not: phoneMark } }, ...(phoneMark ? [{ phoneMark: null }] : [])] }]),
    ];
    if (differs.length > 0) await this.database.account.updateMany({ where: { subject: account, OR: differs }, data: marks });
  }
}
