/**
 * The keys tickets are made with, once the key holder has said who it is; and the check that it knows our ticket key. While the ticket key is
 * changed there are two, one after the other in one file: what signs is the one that the list of the day names, and no other.
 */
import { createPrivateKey } from 'node:crypto';
import { fromBase64Url, Problem } from '#contracts';
import { StartError } from '#platform';
import type { Secret } from '#platform';
import { kidOf, ticketIssuer, importSigner } from '#tickets';
import type { TicketIssuer } from '#tickets';
import type { RegistrarEvents } from '../events.js';
import type { KeyholderClient } from '../keyholder/keyholder-client.js';

export interface TicketSecrets {
  /** PKCS #8 DER, one at least */
  readonly signingKeys: readonly Uint8Array[];
  /** 32 bytes */
  readonly sealKey: Uint8Array;
}

const pemBlock = /-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g;

/** Throws StartError, which names the setting and never shows a value. */
export function readTicketSecrets(secrets: { readonly ticketKey: Secret; readonly sealKey: Secret }): TicketSecrets {
  try {
    const keys = (secrets.ticketKey.text().match(pemBlock) ?? []).map((pem) => createPrivateKey(pem));
    if (keys.length === 0 || keys.some(({ asymmetricKeyType: type }) => type !== 'ed25519')) throw new RangeError();
    const sealKey = fromBase64Url(secrets.sealKey.text());
    if (sealKey.length !== 32) throw new RangeError();
    return { signingKeys: keys.map((key) => new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }))), sealKey };
  } catch {
    throw new StartError('registrar cannot start: TICKET_KEY must be one or more Ed25519 PEM, SEAL_KEY base64url of 32 bytes');
  }
}

export class TicketKeys {
  private made: readonly TicketIssuer[] = [];

  constructor(
    private readonly secrets: TicketSecrets,
    private readonly keyholder: KeyholderClient,
    private readonly events: RegistrarEvents,
  ) {}

  /** Throws Problem service-unavailable when the key holder was never reached, or gives clients another ticket key than ours. */
  async issuer(): Promise<TicketIssuer> {
    const { keyHolderId, ticket } = await this.keyholder.keysOfToday();
    if (this.made[0]?.keyHolderId !== keyHolderId) this.made = await this.issuers(keyHolderId);
    const named = this.made.find(({ kid }) => kid === ticket.kid);
    if (named) return named;
    this.events.emit('ticket-key-differs', {});
    throw new Problem('service-unavailable', { retryAfterMs: 60_000 });
  }

  /** For readiness. */
  async check(): Promise<void> {
    await this.keyholder.check();
    const { ticket } = await this.keyholder.keysOfToday();
    const signers = await Promise.all(this.secrets.signingKeys.map(importSigner));
    const kids = await Promise.all(signers.map(({ publicKey }) => kidOf(publicKey)));
    if (!kids.includes(ticket.kid)) throw new Error('the day list names another ticket key');
  }

  private issuers(keyHolderId: string): Promise<TicketIssuer[]> {
    const { sealKey, signingKeys } = this.secrets;
    return Promise.all(signingKeys.map((signingKey) => ticketIssuer({ signingKey, sealKey, keyHolderId })));
  }
}
