/**
 * SETs signed ahead of the clock, as the hub SDK makes them (a spec compares the two), at a third of its cost: worlds need 200,000 of
 * them, and signing is the hubs' work.
 */
import { randomUUID } from 'node:crypto';
import { toBase64Url, utf8 } from '#contracts';
import type { EventType } from '#contracts';
import type { HubKey } from '../../stack/keys.js';

export interface MadeSet {
  readonly jti: string;
  readonly token: string;
}

export class SetSigner {
  private readonly header: string;

  constructor(
    private readonly hub: HubKey,
    private readonly audience: string,
  ) {
    this.header = part({ typ: 'secevent+jwt', alg: 'EdDSA', kid: hub.kid });
  }

  sign(uri: string, type: EventType, payload: object, issuedAt: Date): MadeSet {
    const jti = randomUUID();
    const claims = {
      sub_id: { format: 'uri', uri },
      events: { [type]: payload },
      iss: this.hub.id,
      aud: this.audience,
      iat: Math.floor(issuedAt.getTime() / 1_000),
      jti,
    };
    const input = `${this.header}.${part(claims)}`;
    return { jti, token: `${input}.${toBase64Url(this.hub.key.sign(utf8(input)))}` };
  }
}

const part = (value: object): string => toBase64Url(utf8(JSON.stringify(value)));
