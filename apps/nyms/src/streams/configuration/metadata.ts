/** Transmitter metadata (SSF 1.0 §7.1). An array without elements would have to be left out; none here is empty. Pure. */
import { deliveryMethods } from '#contracts';
import type { SigningAlgorithm, TransmitterMetadata } from '#contracts';
import { paths } from './stream.js';

export const metadataOf = (issuer: string, publicUrl: string, algorithms: readonly SigningAlgorithm[]): TransmitterMetadata => ({
  spec_version: '1_0',
  issuer,
  jwks_uri: `${publicUrl}/.well-known/jwks.json`,
  delivery_methods_supported: Object.values(deliveryMethods),
  configuration_endpoint: publicUrl + paths.configuration,
  status_endpoint: publicUrl + paths.status,
  add_subject_endpoint: publicUrl + paths.addSubject,
  remove_subject_endpoint: publicUrl + paths.removeSubject,
  verification_endpoint: publicUrl + paths.verification,
  authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
  default_subjects: 'NONE',
  signing_alg_values_supported: [...algorithms],
});
