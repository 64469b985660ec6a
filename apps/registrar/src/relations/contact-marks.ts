/**
 * What two accounts may have in common: HMACs of the verified e-mail address and phone number that the identity provider's token tells. The
 * address itself is never stored; without the key nobody can try one. Relation is decided on this side alone. Pure.
 */
import { createHmac } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { frame, labels } from '#contracts';

/** A contact of a token: a text, `null` when the token says that it is not verified, undefined when it says nothing. */
export interface Contacts {
  readonly email?: string | null;
  readonly phone?: string | null;
}

/** As marks: `null` takes one away, undefined leaves it. */
export interface ContactMarks {
  readonly emailMark?: Uint8Array<ArrayBuffer> | null;
  readonly phoneMark?: Uint8Array<ArrayBuffer> | null;
}

const LONGEST = 320;

/** OpenID Connect Core §5.1. @param claims of a verified token */
export function contactsOf(claims: Readonly<Record<string, unknown>>): Contacts {
  return {
    ...told('email', claims['email'], claims['email_verified']),
    ...told('phone', claims['phone_number'], claims['phone_number_verified']),
  };
}

function told(name: 'email' | 'phone', value: unknown, verified: unknown): Contacts {
  if (verified === false) return { [name]: null };
  return verified === true && typeof value === 'string' && value.length <= LONGEST ? { [name]: value } : {};
}

/** Lower case, the domain in its ASCII form; dots and tags in the local part are the mail provider's own and stay. */
export function normalEmail(text: string): string | undefined {
  const [local, domain, ...more] = text.trim().normalize('NFKC').toLowerCase().split('@');
  const ascii = domain && domainToASCII(domain);
  return local && ascii && more.length === 0 ? `${local}@${ascii}` : undefined;
}

/** E.164: a plus sign and 7 to 15 digits, however they were grouped. */
export function normalPhone(text: string): string | undefined {
  const digits = text.normalize('NFKC').replace(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
}

/** @param key 32 bytes */
export function contactMarks(key: Uint8Array, { email, phone }: Contacts): ContactMarks {
  return {
    ...(email !== undefined && { emailMark: mark(key, 'email', email && normalEmail(email)) }),
    ...(phone !== undefined && { phoneMark: mark(key, 'phone', phone && normalPhone(phone)) }),
  };
}

const mark = (key: Uint8Array, kind: string, value: string | null | undefined): Uint8Array<ArrayBuffer> | null =>
  value
    ? Uint8Array.from(
        createHmac('sha256', key)
          .update(frame(labels.contact, kind, value))
          .digest(),
      )
    : null;
