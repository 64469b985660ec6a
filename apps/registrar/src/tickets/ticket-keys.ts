/** The keys tickets are made with, once the key holder has said who it is; and the check that it knows our ticket key. */
import { createPrivateKey } from 'node:crypto';
import { fromBase64Url, Problem } from '#contracts';
import { StartError } from '#platform';
import type { Secret } from '#platform';
import { kidOf, ticketIssuer, importSigner } from '#tickets';
import type { TicketIssuer } from '#tickets';
import type { RegistrarEvents } from '../events.js';
import type { KeyholderClient } from '../keyholder/keyholder-client.js';

export interface TicketSecrets {
  /** PKCS #8 DER */
  readonly signingKey: Uint8Array;
  /** 32 bytes */
  readonly sealKey: Uint8Array;
}

/** Throws StartError, which names the setting and never shows a value. */
export function readTicketSecrets(secrets: { readonly ticketKey: Secret; readonly sealKey: Secret }): TicketSecrets {
  try {
    const key = createPrivateKey(secrets.ticketKey.text());
    if (key.asymmetricKeyType !== 'ed25519') throw new RangeError();
    const sealKey = fromBase64Url(secrets.sealKey.text());
    if (sealKey.length !== 32) throw new RangeError();
    return { signingKey: new Uint8Array(key.export({ format: 'der', type: 'pkcs8' })), sealKey };
  } catch {
    throw new StartError('registrar cannot start: TICKET_KEY must be an Ed25519 PEM, SEAL_KEY base64url of 32 bytes');
  }
}

export class TicketKeys {
  private made: TicketIssuer | undefined;

  constructor(
    private readonly secrets: TicketSecrets,
    private readonly keyholder: KeyholderClient,
    private readonly events: RegistrarEvents,
  ) {}

  /** Throws Problem service-unavailable when the key holder was never reached, or gives clients another ticket key than ours. */
  async issuer(): Promise<TicketIssuer> {
    const { keyHolderId, ticket } = await this.keyholder.keysOfToday();
    if (this.made?.keyHolderId !== keyHolderId) this.made = await ticketIssuer({ ...this.secrets, keyHolderId });
    if (ticket.kid === this.made.kid) return this.made;
    this.events.emit('ticket-key-differs', {});
    throw new Problem('service-unavailable', { retryAfterMs: 60_000 });
  }

  /** For readiness. */
  async check(): Promise<void> {
    await this.keyholder.check();
    const { ticket } = await this.keyholder.keysOfToday();
    const { publicKey } = await importSigner(this.secrets.signingKey);
    if (ticket.kid !== (await kidOf(publicKey))) throw new Error('the day list names another ticket key');
  }
}
