/** What is looked for: all that names the canary on the account side, all that names its pseudonyms, and what passes between. */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import pg from 'pg';
import { fromBase64Url, splitPseudonymUri } from '#contracts';
import { readTicket } from '#tickets';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import type { Player } from './cast.js';
import { needle } from './needle.js';
import type { Needle } from './needle.js';
import type { Recorder } from './recorder.js';

export interface Needles {
  readonly account: readonly Needle[];
  /** The contacts themselves, which only tokens hold. */
  readonly contact: readonly Needle[];
  readonly pseudonym: readonly Needle[];
  /** Handles of all accounts. */
  readonly handles: readonly Needle[];
  /** Of the tickets, as the account side signed them. */
  readonly ticket: readonly Needle[];
  /** Of the wrapped tickets, as the pseudonym side passed them on. */
  readonly wrapped: readonly Needle[];
}

export async function needlesOf(
  { databases }: Stack,
  { subject, client, uris, tickets, contacts }: Player,
  recorder: Recorder,
): Promise<Needles> {
  const { state } = client;
  const accounts = await rows<{ subject: string } & Record<'handle' | 'email_mark' | 'phone_mark', Buffer>>(
    databases.superUrls.registrar,
    'SELECT subject, handle, email_mark, phone_mark FROM registrar.accounts',
  );
  const account = accounts.find((row) => row.subject === subject);
  const pseudonyms = await rows<
    Record<'uri' | 'client_uri', string> & Record<'subject' | 'salt' | 'spki' | 'selector_id', Buffer>
  >(
    databases.superUrls.nyms,
    `SELECT uri, client_uri, subject, salt, p.spki, selector_id FROM pseudonyms.pseudonyms p
      JOIN pseudonyms.clients USING (uri) JOIN pseudonyms.selectors USING (uri) WHERE uri = ANY($1)`,
    [uris],
  );
  if (!account || !contacts || new Set(pseudonyms.map(({ uri }) => uri)).size !== uris.length)
    throw new Error('the canary is not where it belongs');
  return {
    account: [
      needle('account', subject),
      needle('handle', account.handle),
      needle('holder key', rawKey(state.holderKey!)),
      needle('receipt', fromBase64Url(state.receipt!.handleCommitment)),
      needle('mark of an e-mail address', account.email_mark),
      needle('mark of a phone number', account.phone_mark),
    ],
    contact: [needle('e-mail address', contacts.email), needle('phone number', contacts.phone.slice(1))],
    pseudonym: pseudonyms.flatMap((row) => [
      needle('address', row.uri),
      needle('name', splitPseudonymUri(row.uri)!.name),
      needle('client name', row.client_uri.slice(row.client_uri.lastIndexOf('/') + 1)),
      needle('salt', row.salt),
      needle('subject', row.subject),
      needle('selector id', row.selector_id),
      needle('client key', row.spki.subarray(-32)),
    ]),
    handles: accounts.map(({ handle }) => needle('handle', handle)),
    ticket: tickets.flatMap((ticket) => {
      const { jti, sealedHandle, signature } = readTicket(fromBase64Url(ticket)).ticket;
      return [needle('ticket id', jti), needle('sealed handle', sealedHandle), needle('ticket signature', signature)];
    }),
    wrapped: recorder.redemptions.flatMap((body) => {
      const { wrapped } = JSON.parse(body) as { wrapped: string };
      const bytes = fromBase64Url(wrapped);
      return [
        needle('wrapped ticket', bytes.subarray(0, 32)),
        needle('hash of a wrapped ticket', createHash('sha256').update(bytes).digest()),
      ];
    }),
  };
}

async function rows<Row extends object>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** @param pkcs8 base64url. @returns 32 bytes of an Ed25519 public key */
const rawKey = (pkcs8: string): Buffer =>
  createPublicKey(createPrivateKey({ key: Buffer.from(pkcs8, 'base64url'), format: 'der', type: 'pkcs8' }))
    .export({ format: 'der', type: 'spki' })
    .subarray(-32);
