/** What every process of ours is set with to call the others, or to be called: its certificate, and whom it believes. */
import { FieldError, filePath, required, url } from './field.js';
import type { Field } from './field.js';

export const tlsFiles = {
  tlsCertFile: filePath(required, 'certificate of this process for the others, PEM; read again when it changes'),
  tlsKeyFile: filePath(required, 'private key of this certificate, PKCS #8 PEM; read again when it changes'),
  tlsCaFile: filePath(required, "certificates of the authority of all processes' certificates, PEM; read again when it changes"),
};

/** Address of another process of ours. */
export function serviceUrl(help: string): Field<string> {
  const inner = url(required, help);
  return {
    ...inner,
    parse(raw) {
      const address = inner.parse(raw);
      if (new URL(address).protocol !== 'https:') throw new FieldError('must be https');
      return address;
    },
  };
}
