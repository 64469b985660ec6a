// The cohort is drawn by the account instead of by the ticket: one cohort for all pseudonyms of an account.
import { rewrite } from './rewrite.mjs';

const draw = 'const cohort = drawCohort(list, this.prf.bytes(prfLabels.cohort, ticket.wrappedHash));';
rewrite('/apps/keyholder/src/minting/mint-batch.js', draw, draw.replace('wrappedHash', 'handle'));
