/** Notes what a token says of its account's contacts, as marks. Without a key (`REGISTRAR_CONTACT_KEY_FILE`) nothing is noted. */
import { Inject, Injectable } from '@nestjs/common';
import type { AccountId } from '../accounts/access-token.js';
import { contactMarks, type Contacts } from './contact-marks.js';
import { ContactsRepository } from './contacts.repository.js';

/** Injection token: 32 bytes, or undefined. */
export const CONTACT_KEY = Symbol('contact key');

@Injectable()
export class ContactsService {
  constructor(
    private readonly repository: ContactsRepository,
    @Inject(CONTACT_KEY) private readonly key: Uint8Array | undefined,
  ) {}

  /** Of an account that has a row; of no other anything is kept. */
  async note(account: AccountId, contacts: Contacts): Promise<void> {
    if (this.key) await this.repository.note(account, contactMarks(this.key, contacts));
  }
}
