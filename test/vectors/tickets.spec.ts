import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fromBase64Url, toBase64Url } from '#contracts';
import type { Handle } from '#contracts';
import {
  handleCommitment,
  hpkeSuite,
  importAesKey,
  importWrapKey,
  openHandle,
  openReason,
  subjectOf,
  unwrapTicket,
  verifyRedeem,
  verifyTicket,
} from '#tickets';

const read = <T>(name: string): T => JSON.parse(readFileSync(path.join(import.meta.dirname, name), 'utf8')) as T;
const hex = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'hex'));
const hexOf = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('hex');

interface HpkeVector {
  info: string;
  skRm: string;
  skEm: string;
  pkRm: string;
  pkEm: string;
  encryptions: { aad: string; ct: string; pt: string }[];
  exports: { context: string; value: string }[];
}
const hpke = read<HpkeVector>('hpke-x25519-sha256-aes256gcm-base.cfrg-rfc9180.json');

describe('the HPKE suite tickets are wrapped with, against RFC 9180’s vector', () => {
  it('opens and exports what the recipient of the vector does', async () => {
    const { privateKey, publicKey } = await importWrapKey(hex(hpke.skRm));
    expect(hexOf(publicKey.slice().buffer)).toBe(hpke.pkRm);
    const recipient = await hpkeSuite.createRecipientContext({
      recipientKey: privateKey,
      enc: hex(hpke.pkEm),
      info: hex(hpke.info),
    });
    for (const { aad, ct, pt } of hpke.encryptions) expect(hexOf(await recipient.open(hex(ct), hex(aad)))).toBe(pt);
    for (const { context, value } of hpke.exports) expect(hexOf(await recipient.export(hex(context), 32))).toBe(value);
  });

  it('seals what the sender of the vector does, given its ephemeral key', async () => {
    const ephemeral = {
      privateKey: await hpkeSuite.kem.importKey('raw', hex(hpke.skEm).buffer, false),
      publicKey: await hpkeSuite.kem.importKey('raw', hex(hpke.pkEm).buffer, true),
    };
    const recipientPublicKey = await hpkeSuite.kem.deserializePublicKey(hex(hpke.pkRm));
    const sender = await hpkeSuite.createSenderContext({ recipientPublicKey, info: hex(hpke.info), ekm: ephemeral });
    expect(hexOf(sender.enc)).toBe(hpke.pkEm);
    for (const { aad, ct, pt } of hpke.encryptions) expect(hexOf(await sender.seal(hex(pt), hex(aad)))).toBe(ct);
  });
});

type TicketVector = Record<
  | 'hpkePrivateKey'
  | 'wrapped'
  | 'subject'
  | 'salt'
  | 'spki'
  | 'ticket'
  | 'ticketKey'
  | 'sealKey'
  | 'handle'
  | 'handleCommitment'
  | 'holderKey'
  | 'sealedReason',
  string
> & { uri: string; keyHolderId: string; day: number; kid: string };
const own = read<TicketVector>('ticket-v1.nymtally-own.json');
const bytes = (name: keyof TicketVector): Uint8Array => fromBase64Url(String(own[name]));

describe('ticket layout 1, against a vector of our own that must never change', () => {
  it('derives the subject', async () => {
    expect(toBase64Url(await subjectOf(bytes('salt'), own.uri, bytes('spki')))).toBe(own.subject);
  });

  it('unwraps, verifies, opens and answers as it did when the vector was made', async () => {
    const key = await importWrapKey(bytes('hpkePrivateKey'));
    const { ticket, redeem, reasonKey } = await unwrapTicket([key], bytes('wrapped'), bytes('subject'));
    expect(toBase64Url(ticket)).toBe(own.ticket);
    const verified = await verifyTicket(ticket, [{ kid: own.kid, key: own.ticketKey }], own.day);
    await expect(verifyRedeem(bytes('holderKey'), verified.jti, bytes('subject'), redeem)).resolves.toBe(true);
    const handle = await openHandle(await importAesKey(bytes('sealKey')), own.keyHolderId, verified);
    expect(toBase64Url(handle)).toBe(own.handle);
    expect(toBase64Url(await handleCommitment(handle as Handle))).toBe(own.handleCommitment);
    await expect(openReason(reasonKey, bytes('sealedReason'))).resolves.toBe('too-many-live');
  });
});
